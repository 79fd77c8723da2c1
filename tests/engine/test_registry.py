"""A registry is a closed list of kinds."""

from __future__ import annotations

import pytest

from engine.errors import UnknownKindError
from engine.fields import Declared
from engine.registry import Registry


class Dense(Declared):
    kind = "dense"
    label = "Dense"


@pytest.fixture
def registry():
    registry: Registry[Declared] = Registry("layer")
    registry.register(Dense)
    return registry


def test_a_registered_class_is_found_by_its_kind(registry):
    assert registry.get("dense") is Dense
    assert "dense" in registry
    assert Dense in registry
    assert registry.kinds() == ("dense",)
    assert list(registry) == [Dense]
    assert len(registry) == 1


def test_an_unknown_kind_is_refused_with_the_nearest_name(registry):
    with pytest.raises(UnknownKindError) as refused:
        registry.get("dens")

    assert str(refused.value) == "No layer is named 'dens'. Did you mean 'dense'?"


def test_an_unknown_kind_with_nothing_near_is_refused_with_all_names(registry):
    with pytest.raises(UnknownKindError) as refused:
        registry.get("os.system")

    assert str(refused.value) == "No layer is named 'os.system'. Known are dense."


def test_a_kind_can_be_registered_once(registry):
    with pytest.raises(ValueError, match="registered twice"):
        registry.register(Dense)


def test_subclassing_registers_nothing(registry):
    class Wider(Dense):
        kind = "wider"

    assert "wider" not in registry
    assert Wider not in registry
