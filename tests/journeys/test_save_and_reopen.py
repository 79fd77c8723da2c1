"""Save, close, open again: everything is back, and training goes on as if nothing had been."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

from gui.training.controller import State


@pytest.fixture
def save_to(monkeypatch):
    """What the dialog to save answers."""

    def answer(path):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))

    return answer


def train_to_epoch(person, epoch):
    """Train for so many epochs as the bar asks for."""
    person.fill(person.window.bar._epochs, str(epoch))
    person.keys("F5")
    person.wait_for(State.FINISHED)


def test_everything_is_back_in_a_new_window(sit_down, tmp_path, save_to):
    path = tmp_path / "mine.glassbox"
    first = sit_down("digits")
    first.wait_for_data()
    first.hand.double_click(first.hand.title("dense_1"))
    first.hand.type("hidden")
    first.keys("Return")
    train_to_epoch(first, 4)
    save_to(path)
    first.window.canvas.setFocus()
    first.keys("Ctrl+S")

    assert not first.document.modified
    assert first.window.windowTitle().startswith("mine.glassbox")

    curves = {name: c.to_array() for name, c in first.controller.telemetry.curves.items()}
    before = first.document.project()
    first.window.close()
    again = sit_down(file=path)
    again.wait_for_data()
    after = again.document.project()

    assert list(after.graph.nodes) == list(before.graph.nodes)
    assert list(after.graph.wires) == list(before.graph.wires)
    assert (after.data, after.training) == (before.data, before.training)
    assert after.weights.keys() == before.weights.keys()
    for key, array in before.weights.items():
        np.testing.assert_array_equal(after.weights[key], array)
    shown = again.controller.telemetry.curves
    assert shown.keys() == curves.keys()
    for name, points in curves.items():
        np.testing.assert_array_equal(shown[name].to_array(), points)
    assert again.controller.state is State.FINISHED
    assert again.toasts == []
    assert again.window.files.recent


def test_a_run_paused_saved_and_reopened_gives_the_same_numbers_bit_for_bit(
    sit_down, tmp_path, save_to
):
    straight = sit_down("digits")
    straight.press("Train", straight.window.bar)
    straight.wait_for(State.FINISHED)

    path = tmp_path / "half.glassbox"
    first = sit_down("digits", speed="watch")
    first.press("Train", first.window.bar)
    first.wait(lambda: first.controller.telemetry is not None)
    first.wait(lambda: first.steps_done > 100)
    first.press("Pause", first.window.bar)
    first.wait_for(State.PAUSED)
    stopped_at = first.steps_done
    save_to(path)
    first.keys("Ctrl+S")
    first.window.close()

    again = sit_down(file=path)
    again.wait_for_data()

    assert again.controller.state is State.PAUSED
    assert again.steps_done == stopped_at
    assert stopped_at % again.controller.telemetry.steps_per_epoch != 0

    again.press("Resume", again.window.bar)
    again.wait_for(State.FINISHED)

    assert again.document.weights.keys() == straight.document.weights.keys()
    for key, array in straight.document.weights.items():
        np.testing.assert_array_equal(again.document.weights[key], array)
    curves = straight.controller.telemetry.curves
    assert again.controller.telemetry.curves.keys() == curves.keys()
    for name, curve in curves.items():
        np.testing.assert_array_equal(
            again.controller.telemetry.curves[name].to_array(), curve.to_array()
        )


def test_work_that_was_never_saved_comes_back_after_a_crash(sit_down, tmp_path, save_to):
    path = tmp_path / "kept.glassbox"
    person = sit_down("digits")
    save_to(path)
    person.keys("Ctrl+S")
    person.hand.click(person.hand.node("dense_1"))
    person.keys("Delete")
    person.window.close()
    again = sit_down(file=path)

    assert "dense_1" in again.document.graph
