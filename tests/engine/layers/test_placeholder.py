"""Placeholders keep what this version does not know."""

from __future__ import annotations

import pytest

from engine.errors import ExportError, FieldError, ShapeError
from engine.layers import LAYERS
from engine.layers.base import ArrivingShapes
from engine.layers.placeholder import Placeholder

SENTENCE = (
    "This version of Glassbox does not know the layer 'capsule'. "
    "Open the file with a newer version, or put another layer in its place."
)


@pytest.fixture
def capsule():
    return Placeholder("capsule", {"units": 8, "routing": [1, 2]}, ("in", "mask"), ("out",))


def test_kind_settings_and_ports_are_kept(capsule):
    assert capsule.kind == "capsule"
    assert capsule.to_plain() == {"units": 8, "routing": [1, 2]}
    assert [port.name for port in capsule.input_ports] == ["in", "mask"]
    assert [port.name for port in capsule.output_ports] == ["out"]
    assert capsule.title() == "Unknown: capsule"


def test_changing_what_it_returned_changes_nothing(capsule):
    capsule.to_plain()["units"] = 9

    assert capsule.to_plain()["units"] == 8


def test_two_are_equal_if_all_they_keep_is(capsule):
    same = Placeholder("capsule", {"units": 8, "routing": [1, 2]}, ("in", "mask"), ("out",))

    assert capsule == same
    assert hash(capsule) == hash(same)
    assert capsule != Placeholder("capsule", {"units": 9}, ("in", "mask"))
    assert capsule != Placeholder("other", {"units": 8, "routing": [1, 2]}, ("in", "mask"))


def test_it_is_in_no_palette():
    assert Placeholder not in LAYERS
    assert "placeholder" not in LAYERS


def test_it_says_that_it_cannot_run(capsule):
    with pytest.raises(ShapeError) as refusal:
        capsule.infer(ArrivingShapes.of((3,)))
    assert str(refusal.value) == SENTENCE
    with pytest.raises(ExportError) as refusal:
        capsule.onnx(None)
    assert str(refusal.value) == SENTENCE


def test_it_gives_the_reason_where_the_kind_is_known_and_the_settings_are_wrong():
    reason = "Dense.units must be a whole number from 1 to 1000000, got 0."
    dense = Placeholder("dense", {"units": 0}, reason=reason)

    assert dense.reason == reason
    with pytest.raises(ShapeError) as refusal:
        dense.infer(ArrivingShapes.of((3,)))
    assert str(refusal.value) == reason


def test_its_settings_cannot_be_changed(capsule):
    with pytest.raises(FieldError) as refusal:
        capsule.replaced(units=9)
    assert str(refusal.value) == "Unknown layer has no setting named 'units'."
    assert capsule.replaced() == capsule
