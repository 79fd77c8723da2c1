"""A weight set by hand is the one that training goes on with."""

from __future__ import annotations

import numpy as np

from gui.training.controller import State

PLACE = ("dense_1", "weight", 3)


def weight(controller) -> float:
    return float(controller.weights()["dense_1", "weight"].flat[3])


def trained(qtbot, controller) -> None:
    controller.train()
    qtbot.waitUntil(lambda: controller.state is State.FINISHED, timeout=20_000)


def test_a_run_that_stands_still_takes_the_new_weight(qtbot, document, controller):
    trained(qtbot, controller)
    document.set_weight(*PLACE, 1.25)

    assert weight(controller) == 1.25


def test_undo_gives_the_run_its_old_weight_back(qtbot, document, controller):
    trained(qtbot, controller)
    before = weight(controller)
    document.set_weight(*PLACE, 1.25)
    document.undo.undo()

    assert weight(controller) == np.float32(before)


def test_training_begins_with_weights_that_were_set_before(qtbot, document, controller):
    document.set_weight(*PLACE, 30.0)
    controller.step()
    qtbot.waitUntil(lambda: controller.state is State.PAUSED, timeout=20_000)

    assert 29 < weight(controller) < 31


def test_the_views_are_told(qtbot, document, controller):
    with qtbot.waitSignal(controller.refreshed):
        document.set_weight(*PLACE, 0.5)
