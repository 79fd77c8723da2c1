"""Lanes: lists of steps that run at the same time, and numbers that do not depend on it."""

from __future__ import annotations

from queue import SimpleQueue

import numpy as np
import pytest

from engine.graph.infer import infer
from engine.plan import lanes, workspace
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.lanes import MOST, WORTH, Fork, lanes_for
from engine.plan.memory import Scratch
from engine.plan.parameters import Parameters
from engine.plan.steps import bound
from tests.engine.plan.networks import chain, node


@pytest.fixture(params=["threads", "no thread free"])
def threads(request, monkeypatch):
    """With the threads of the process, and as if all of them were busy."""
    if request.param == "no thread free":
        offered = SimpleQueue()
        monkeypatch.setattr(lanes, "_offered", lambda: offered)


def noting(notes, word):
    return [bound(notes.append, (word,))]


def test_a_fork_runs_every_lane_each_time_it_is_called(threads):
    notes: list[str] = []
    fork = Fork([noting(notes, "a"), noting(notes, "b"), noting(notes, "c")])

    for _ in range(200):
        fork()

    assert sorted(notes) == ["a"] * 200 + ["b"] * 200 + ["c"] * 200


@pytest.mark.parametrize("place", [0, 1])
def test_what_a_lane_raises_reaches_the_caller_once_all_lanes_have_ended(threads, place):
    notes: list[str] = []
    steps = [noting(notes, "first"), noting(notes, "second")]
    fork = Fork(steps)
    failing = Fork([*steps[:place], [bound(int, ("no number",))], *steps[place + 1 :]])

    with pytest.raises(ValueError, match="no number"):
        failing()
    fork()

    assert sorted(notes) == sorted(["second" if place == 0 else "first", "first", "second"])


def test_work_is_shared_where_each_lane_has_enough_of_it():
    assert lanes_for(WORTH, processors=8) == 1
    assert lanes_for(2 * WORTH, processors=8) == 2
    assert lanes_for(100 * WORTH, processors=3) == 3
    assert lanes_for(100 * WORTH, processors=64) == MOST
    assert lanes_for(0, processors=8) == 1


def image_classifier():
    return chain(
        node("x", "input", shape=[3, 9, 7]),
        node("first", "conv2d", filters=6, kernel=3),
        node("pool", "max_pool2d"),
        node("second", "conv2d", filters=4, kernel=[3, 1], stride=[2, 1], activation="tanh"),
        node("larger", "conv_transpose2d", filters=5, stride=2),
        node("flat", "flatten"),
        node("out", "dense", units=3, activation="softmax"),
        node("loss", "loss", loss="categorical_cross_entropy"),
    )


@pytest.mark.parametrize("count", [2, 4, 9])
def test_a_plan_in_several_lanes_computes_what_one_lane_does(count, monkeypatch, threads):
    graph = image_classifier()
    inference = infer(graph)
    parameters = Parameters(graph, inference, np.float64)
    parameters.initialize(0)
    rng = np.random.default_rng(0)
    x, t = rng.standard_normal((3, 9, 7, 5)), np.eye(3)[:, rng.integers(0, 3, 5)]
    found = []
    for lane_count in (1, count):
        monkeypatch.setattr(workspace, "lanes_for", lambda cost, count=lane_count: count)
        plan = compile_plan(graph, inference, parameters, 5, Mode.TRAIN)
        plan.inputs["x"][...], plan.targets["loss"][...] = x, t
        for _ in range(2):  # the second finds what the first left in scratch memory
            plan.forward()
            plan.backward()
        found.append((plan.loss(), parameters.gradient.copy()))

    assert found[1][0] == pytest.approx(found[0][0], rel=1e-12)
    np.testing.assert_allclose(found[1][1], found[0][1], rtol=1e-9, atol=1e-12)


def test_scratch_memory_of_a_turn_is_given_again_after_it_and_not_before():
    scratch = Scratch()
    scratch.begin()
    with scratch.turn():
        first, second = scratch.take((4,), np.float64), scratch.take((4,), np.float64)
        assert not np.shares_memory(first, second)
    third = scratch.take((4,), np.float64)

    assert np.shares_memory(third, first) or np.shares_memory(third, second)


def test_scratch_memory_of_one_lane_is_not_that_of_another():
    scratch = Scratch()
    scratch.begin()
    with scratch.beside(1).turn():
        other = scratch.beside(1).take((4,), np.float64)
    own = scratch.beside(0).take((4,), np.float64)

    assert not np.shares_memory(own, other)
    assert scratch.beside(0) is scratch
