"""Inputs, outputs and losses as nodes."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from engine.layers.terminal import Input, Loss, Output
from engine.losses import LOSSES
from tests.tools.lone import LoneWorkspace, run, value_of


def test_an_input_gives_the_shape_it_is_set_to():
    layer = Input(shape=[1, 8, 8])

    assert layer.infer(ArrivingShapes({})) == ((1, 8, 8),)
    assert layer.line() == "images"
    assert Input(shape=[3]).line() == "all features"
    assert Input(shape=[2], columns=["x1", "x2"]).line() == "x1, x2"
    assert layer.input_ports == ()


def test_an_output_takes_anything_and_gives_nothing_out():
    assert Output().infer(ArrivingShapes.of((3, 4))) == ()
    assert Output().output_ports == ()


def test_an_output_sends_no_gradient_back():
    work = LoneWorkspace(2, np.float64, training=True, fused=False)
    work.inputs = {"in": (value_of((3,), 2, np.float64, gradient=True),)}
    Output().bind(work)
    run(work.backward_steps)

    np.testing.assert_array_equal(work.input.gradient, 0)


def test_a_wired_target_is_taken_as_given():
    work = LoneWorkspace(2, np.float64, training=True, fused=False)
    prediction, target = (value_of((3,), 2, np.float64, gradient=True) for _ in range(2))
    work.inputs = {"prediction": (prediction,), "target": (target,)}
    work._target = target.array
    prediction.array.fill(3)
    target.array.fill(1)
    Loss(loss="squared_error").bind(work)
    run(work.forward_steps)
    run(work.backward_steps)

    assert work.loss[0] == 4
    np.testing.assert_allclose(prediction.gradient, 2 * 2 / 6)
    np.testing.assert_array_equal(target.gradient, 0)


def test_a_loss_node_is_called_by_the_loss_it_computes():
    assert Loss().title() == "Cross-entropy"
    assert Loss(loss="huber").title() == "Huber"


def test_a_loss_node_says_what_it_judges():
    assert Loss().line() == "classes"
    assert Loss(loss="binary_cross_entropy").line() == "yes or no"
    assert Loss(loss="huber").line() == "values"


def test_the_palette_offers_each_loss_by_name():
    entries = Loss.palette_entries()

    assert [entry.settings["loss"] for entry in entries] == list(LOSSES.kinds())
    assert all(Loss(**entry.settings).title() == entry.label for entry in entries)


def test_a_loss_node_refuses_what_its_loss_cannot_judge():
    with pytest.raises(ShapeError, match=r"^Cross-entropy needs one probability"):
        Loss().infer(ArrivingShapes({"prediction": ((1,),), "target": ()}))


def test_a_loss_node_accepts_what_its_loss_accepts():
    arriving = ArrivingShapes({"prediction": ((3,),), "target": ((3,),)})

    assert Loss().infer(arriving) == ()
    assert Loss().infer(ArrivingShapes({"prediction": ((3,),), "target": ()})) == ()
