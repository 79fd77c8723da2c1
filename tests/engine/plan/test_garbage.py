"""Compiling makes no garbage, so Python need not look for any meanwhile."""

from __future__ import annotations

import gc

import pytest

from engine.graph.infer import infer
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.garbage import collected_later
from engine.plan.parameters import Parameters
from tests.engine.plan.networks import chain, node


def of_one_kind(count, *arguments, shape, **settings):
    layers = [node(f"n{number}", *arguments, **settings) for number in range(count)]
    loss = node("loss", "loss", loss="squared_error")
    return chain(node("x", "input", shape=shape), *layers, loss)


NETWORKS = {
    "dense": of_one_kind(60, "dense", units=5, shape=[5]),
    "gru": of_one_kind(20, "gru", units=3, returns="sequence", shape=[4, 3]),
    "attention": of_one_kind(20, "multi_head_attention", heads=2, shape=[4, 4]),
    "conv2d": of_one_kind(20, "conv2d", filters=2, shape=[2, 5, 5]),
}


@pytest.fixture
def searches():
    """How often Python has looked for garbage, one item for each time."""
    found = []
    gc.collect()
    gc.callbacks.append(lambda phase, info: found.append(phase) if phase == "start" else None)
    yield found
    gc.callbacks.pop()


def compiled(graph):
    inference = infer(graph)
    return compile_plan(graph, inference, Parameters(graph, inference), 4, Mode.TRAIN)


@pytest.mark.parametrize("name", NETWORKS)
def test_neither_compiling_nor_dropping_a_plan_leaves_garbage(name):
    compiled(NETWORKS[name])
    gc.collect()
    gc.disable()
    try:
        plan = compiled(NETWORKS[name])
        left = gc.collect()
        del plan

        assert (left, gc.collect()) == (0, 0)
    finally:
        gc.enable()


def test_nothing_is_searched_for_while_a_plan_is_compiled(searches):
    graph = NETWORKS["gru"]
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    searches.clear()
    compile_plan(graph, inference, parameters, 4, Mode.TRAIN)

    assert len(searches) <= 1  # as soon as it is done
    assert gc.isenabled()


def test_a_search_that_was_off_stays_off():
    gc.disable()
    try:
        with collected_later():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_search_goes_on_after_an_error():
    with pytest.raises(ValueError, match="refused"), collected_later():
        raise ValueError("refused")

    assert gc.isenabled()
