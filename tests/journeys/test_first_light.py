"""The first minutes: the digits are there, Train is pressed, and they are learnt in sight."""

from __future__ import annotations

import re

from engine.evaluation.evaluate import evaluate
from gui.training.controller import State


def shown_epoch(person) -> int:
    found = re.match(r"epoch (\d+) / ", person.window.status._training.text())
    return int(found[1]) if found else -1


def test_the_digits_are_there_at_the_start_laid_out_and_valid(sit_down):
    person = sit_down("digits")
    person.wait_for_data()
    nodes = person.document.graph.nodes

    assert [node.layer.kind for node in nodes] == ["input", "dense", "dense", "loss"]
    assert [person.shape_on(node.id) for node in nodes] == ["64", "64", "10", ""]
    assert person.document.problems == []
    assert person.window.status._problems.text() == "no problems"
    view = person.window.canvas
    assert all(
        view.visible_rect().contains(item.scene_card()) for item in view.graph_scene.nodes.values()
    )


def test_pressing_train_shows_curves_gradients_and_progress_and_reaches_97_per_cent(sit_down):
    person = sit_down("digits", speed="watch")
    person.press("Train", person.window.bar)
    person.wait(lambda: shown_epoch(person) >= 2)
    telemetry = person.controller.telemetry
    gradients = [name for name in telemetry.curves if name.startswith("gradient/")]

    assert person.controller.state is State.RUNNING
    assert person.window.workspaces.current == "train"
    assert gradients == ["gradient/dense_1", "gradient/dense_2"]
    assert "examples/s" in person.window.status._training.text()
    assert re.fullmatch(r"\d+:\d\d left", person.window.status._left.text())

    seen = shown_epoch(person)
    points = len(telemetry.curves["accuracy/validation"])
    person.wait(lambda: shown_epoch(person) > seen)
    # An epoch may end between the two looks above.
    person.wait(lambda: len(telemetry.curves["accuracy/validation"]) > points)
    assert person.window.panels.tabs["loss"].isVisible()

    person.press("Full", person.window.bar)
    person.wait_for(State.FINISHED)
    document = person.document
    found = evaluate(document.graph, document.weights, document.dataset, "test")

    assert found["accuracy"] >= 0.97
    assert person.window.status._training.text().startswith("epoch 30 / 30")
    assert person.toasts == []


def test_pause_step_resume_and_reset_work_at_once(sit_down):
    person = sit_down("digits", speed="slow")
    bar = person.window.bar
    person.press("Train", bar)
    person.wait_for(State.RUNNING)
    person.wait(lambda: person.steps_done >= 2)
    person.press("Pause", bar)
    person.wait_for(State.PAUSED)
    paused_at = person.steps_done
    person.press("Step", bar)
    person.wait(lambda: person.steps_done == paused_at + 1)
    person.wait_for(State.PAUSED)

    assert person.document.weights

    person.press("Full", bar)
    person.press("Resume", bar)
    person.wait_for(State.FINISHED)
    person.press("Reset", bar)

    assert person.controller.state is State.IDLE
    assert person.document.weights == {}
    assert not person.button("Reset", bar).isEnabled()
    assert person.window.status._training.text() == ""


def test_the_speed_is_remembered(sit_down):
    person = sit_down("digits", speed="watch")
    person.press("Slow", person.window.bar)
    person.keys("F8")

    assert person.controller.gate.steps_per_second is None
    assert person.window.settings.settings.speed == "full"

    person.keys("F6")
    person.window.close()

    assert '"speed": "slow"' in person.window.settings.path.read_text()
