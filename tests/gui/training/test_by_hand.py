"""A weight set by hand is the one that training goes on with."""

from __future__ import annotations

import numpy as np

from engine.project.file import open_project, save_project
from gui.document.document import Document
from gui.training.controller import State, TrainingController

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


def reopened(document, tmp_path) -> Document:
    save_project(document.project(), tmp_path / "p.glassbox")
    return Document(open_project(tmp_path / "p.glassbox")[0])


def test_a_weight_set_after_the_run_ended_is_trained_on_after_saving_and_reopening(
    qtbot, document, controller, tmp_path
):
    trained(qtbot, controller)
    document.set_weight(*PLACE, 30.0)
    other = reopened(document, tmp_path)
    other.set_training(other.training.replaced(epochs=document.training.epochs + 1))
    again = TrainingController(other)
    before = weight(again)
    again.step()
    qtbot.waitUntil(lambda: again.state is State.PAUSED, timeout=20_000)
    steps = again.telemetry.step
    again.shut_down()

    assert before == 30.0
    assert 29 < weight(again) < 31
    assert steps == controller.telemetry.step + 1  # the same run goes on
    assert [run.id for run in other.runs] == ["run_1"]


def test_a_weight_set_by_hand_is_set_once_and_then_learnt(qtbot, document, controller, tmp_path):
    document.set_weight(*PLACE, 30.0)
    controller.step()
    qtbot.waitUntil(lambda: controller.state is State.PAUSED, timeout=20_000)
    learnt = weight(controller)
    document.set_training(document.training.replaced(epochs=document.training.epochs + 5))
    controller.step()
    qtbot.waitUntil(lambda: controller.state is State.PAUSED, timeout=20_000)

    assert learnt != 30.0
    assert weight(controller) not in (30.0, learnt)


def test_undoing_going_back_to_a_run_goes_on_with_the_run_before(qtbot, document, controller):
    trained(qtbot, controller)
    controller.reset()
    document.set_training(document.training.replaced(seed=7))
    trained(qtbot, controller)
    later = weight(controller)
    document.restore_run("run_1")
    went_back = weight(controller)
    document.undo.undo()

    assert controller._session.id == "run_2"
    assert weight(controller) == later != went_back
    assert float(document.weights["dense_1", "weight"].flat[3]) == later
    document.undo.redo()
    assert controller._session.id == "run_1"
    assert weight(controller) == went_back


def test_a_project_opens_with_the_run_that_its_weights_come_from(
    qtbot, document, controller, tmp_path
):
    trained(qtbot, controller)
    controller.reset()
    document.set_training(document.training.replaced(seed=7))
    trained(qtbot, controller)
    document.restore_run("run_1")
    document.set_weight(*PLACE, 30.0)
    other = reopened(document, tmp_path)

    assert other.run_of_weights().id == "run_1"


def test_a_project_that_was_reset_opens_without_a_run(qtbot, document, controller, tmp_path):
    trained(qtbot, controller)
    controller.reset()
    again = TrainingController(reopened(document, tmp_path))

    assert again.state is State.IDLE
    assert [run.id for run in again.document.runs] == ["run_1"]
