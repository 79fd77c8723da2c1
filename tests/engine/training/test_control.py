"""A trainer under a limit: even steps, and at once awake for whatever is asked of it."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.project.templates import open_template
from engine.training.control import Control, StopReason
from engine.training.trainer import Trainer


class Waits:
    """Stands in for the event that a limited trainer waits on; notes how long, and waits not."""

    def __init__(self, clock):
        self.clock = clock
        self.seconds = []

    def clear(self):
        pass

    def set(self):
        pass

    def wait(self, seconds):
        self.seconds.append(seconds)
        self.clock.now += seconds


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def limited():
    """A control that never really waits, its clock, and its waits."""
    clock = Clock()
    control = Control(clock)
    control._woken = Waits(clock)
    return control, clock, control._woken.seconds


def make_trainer(epochs=3):
    project = open_template("xor")
    project.training = project.training.replaced(epochs=epochs)
    return Trainer(project.graph, prepare(project.data), project.training)


def test_steps_under_a_limit_are_evenly_spaced(limited):
    control, clock, waits = limited
    control.steps_per_second = 10
    for _ in range(4):
        control.await_turn()
        clock.now += 0.03

    assert waits == pytest.approx([0.0, 0.07, 0.07, 0.07])


def test_a_late_step_is_not_made_up_for(limited):
    control, clock, waits = limited
    control.steps_per_second = 10
    for took in (0.5, 0.03, 0.0):
        control.await_turn()
        clock.now += took

    assert waits == pytest.approx([0.0, 0.0, 0.07])


def test_a_higher_limit_does_not_wait_out_the_lower_one(limited):
    control, _clock, waits = limited
    control.steps_per_second = 0.1
    control.await_turn()
    control._due += 10
    control.steps_per_second = 10
    control.await_turn()

    assert waits[-1] == pytest.approx(0.1)


def test_a_pace_changes_no_number():
    fast, slow, control = make_trainer(), make_trainer(), Control()
    control.steps_per_second = 1e6
    fast.run()
    slow.run(control)

    assert np.array_equal(fast.parameters.vector, slow.parameters.vector)


@pytest.mark.parametrize("ask", ["pause", "stop"])
def test_a_waiting_trainer_hears_at_once_and_takes_no_further_step(ask):
    trainer, control, reasons = make_trainer(), Control(), []
    control.steps_per_second = 1e-6
    thread = threading.Thread(target=lambda: reasons.append(trainer.run(control)))
    thread.start()
    while not trainer.steps_done:  # the first step waits for nothing
        pass
    getattr(control, ask)()
    thread.join()

    assert trainer.steps_done == 1
    assert reasons == [StopReason.PAUSED if ask == "pause" else StopReason.STOPPED]


def test_a_waiting_trainer_goes_on_when_the_limit_is_lifted():
    trainer, control, reasons = make_trainer(), Control(), []
    control.steps_per_second = 1e-6
    thread = threading.Thread(target=lambda: reasons.append(trainer.run(control)))
    thread.start()
    while not trainer.steps_done:
        pass
    control.steps_per_second = None
    thread.join()

    assert reasons == [StopReason.FINISHED]
