"""Taking numbers that are next to nothing for zero."""

from __future__ import annotations

import platform
import sys
import threading

import numpy as np

from engine.optimizers import OPTIMIZERS
from engine.plan import denormals
from engine.plan.denormals import can_flush, flushed
from engine.training.objectives import Objective
from tests.engine.plan.networks import classifier, compiled

SMALLEST = np.full(3, np.finfo(np.float32).tiny)


def tiny_is_kept() -> bool:
    return bool((SMALLEST * np.float32(0.5)).any())


def test_numbers_too_small_to_be_normal_become_zero_inside_the_block_alone():
    before = tiny_is_kept()
    with flushed():
        inside = tiny_is_kept()
    after = tiny_is_kept()

    assert (before, inside, after) == (True, not can_flush(), True)


def test_blocks_may_stand_in_one_another():
    with flushed():
        with flushed():
            pass
        inside = tiny_is_kept()

    assert inside is not can_flush()
    assert tiny_is_kept()


def test_an_error_ends_the_block_too():
    try:
        with flushed():
            raise ValueError
    except ValueError:
        pass

    assert tiny_is_kept()


def test_other_threads_keep_their_own_arithmetic():
    inside, leave = threading.Event(), threading.Event()

    def stay() -> None:
        with flushed():
            inside.set()
            leave.wait()

    thread = threading.Thread(target=stay)
    thread.start()
    inside.wait()
    kept = tiny_is_kept()
    leave.set()
    thread.join()

    assert kept


def test_processors_of_today_can_flush():
    known = sys.platform == "win32" or (sys.platform, platform.machine()) in denormals._PLACES

    assert can_flush() is known


def test_where_it_cannot_be_set_nothing_changes(monkeypatch):
    monkeypatch.setattr(denormals, "_switch", lambda: None)
    with flushed():
        kept = tiny_is_kept()

    assert kept


def test_a_running_mean_fades_to_zero_and_not_into_slow_numbers():
    plan = compiled(classifier(), dtype=np.float32)
    objective = Objective(plan.losses, plan.parameters, OPTIMIZERS.get("adam")())
    fades_in = int(np.log(np.finfo(np.float32).tiny) / np.log(0.9)) + 16
    with flushed():
        plan.parameters.gradient[:] = 1
        objective.update(0.001, 1.0)
        plan.parameters.gradient[:] = 0
        for _ in range(fades_in):
            objective.update(0.001, 1.0)

    assert objective.slots["mean"].any() is not can_flush()
    assert objective.slots["variance"].all()
