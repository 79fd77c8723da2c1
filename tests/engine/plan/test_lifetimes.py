"""Gradients that share memory: never while both are needed, in graphs of any form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.parameters import Parameters
from tests.engine.plan.networks import chain, compiled, node
from tests.tools.gradients import assert_projected_gradients

WIDTH = 4
ONE = ["dense", "reshaped", "rerouted", "normed"]
SEVERAL = ["add", "multiply", "subtract", "concat", "split", "neurons"]


def drawn_graph(choose):
    """Values of one width, each made of one or two of those before it, and two losses."""
    graph = Graph()
    made: list[tuple[str, str]] = []

    def add(kind, sources, **given):
        node_id = f"n{len(graph.nodes)}"
        graph.add_node(Node(node_id, LAYERS.get(kind)(**given)))
        for place, (source, port) in enumerate(dict.fromkeys(sources)):
            ports = [p.name for p in LAYERS.get(kind).input_ports]
            target = ports[min(place, len(ports) - 1)]
            graph.connect(Wire(source, node_id, port, target))
        return node_id

    made.append((add("input", [], shape=[WIDTH]), "out"))
    made.append((add("dense", made[:1], units=WIDTH, activation="tanh"), "out"))
    for _ in range(choose(st.integers(1, 9))):
        what = choose(st.sampled_from(ONE + SEVERAL))
        first, second = (made[choose(st.integers(1, len(made) - 1))] for _ in range(2))
        if what == "dense":
            found = add("dense", [first], units=WIDTH, activation="tanh")
        elif what == "reshaped":
            found = add("flatten", [(add("reshape", [first], shape=[2, 2]), "out")])
        elif what == "rerouted":
            found = add("reroute", [first])
        elif what == "normed":
            found = add("layer_norm", [first], epsilon=0.1)
        elif what == "subtract" and first == second:
            continue
        elif what in ("add", "multiply", "subtract"):
            found = add(what, [first, second])
        elif what == "concat":
            joined = add("concat", [first, second])
            found = add("dense", [(joined, "out")], units=WIDTH, activation="tanh")
        elif what == "split":
            parted = add("split", [first], size=choose(st.integers(1, WIDTH - 1)))
            ports = [(parted, "out"), (parted, "rest")][:: choose(st.sampled_from([1, -1]))]
            found = add("concat", ports[: choose(st.integers(1, 2))])
            found = add("dense", [(found, "out")], units=WIDTH, activation="tanh")
        else:
            some = [(add("neuron", [first, second]), "out") for _ in range(WIDTH)]
            found = add("concat", some)
        made.append((found, "out"))
    for source in (made[-1], made[choose(st.integers(1, len(made) - 1))]):
        add("loss", [source], loss="squared_error")
    return graph


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_gradients_of_any_graph_agree_with_central_differences(data):
    graph = drawn_graph(data.draw)
    inference = infer(graph)
    parameters = Parameters(graph, inference, np.float64)
    parameters.initialize(3)
    plan = compile_plan(graph, inference, parameters, 3, Mode.TRAIN)
    rng = np.random.default_rng(0)
    for array in (*plan.inputs.values(), *plan.targets.values()):
        array[...] = rng.standard_normal(array.shape)

    def loss():
        plan.forward()
        return plan.loss()

    for _ in range(2):  # what the first pass left behind must not matter
        loss()
        plan.backward()
    assert_projected_gradients(
        loss,
        {"parameters": parameters.vector},
        {"parameters": parameters.gradient.copy()},
        rng,
    )


@pytest.mark.parametrize("depth", [10, 40])
def test_a_deep_chain_needs_the_memory_of_two_gradients(depth):
    layers = [node(f"d{number}", "dense", units=8) for number in range(depth)]
    plan = compiled(
        chain(node("x", "input", shape=[8]), *layers, node("loss", "loss", loss="squared_error")),
        batch=16,
    )
    starts = {
        value.gradient.__array_interface__["data"][0]
        for values in plan.values.values()
        for value in values
        if value.gradient is not None
    }

    assert len(starts) == 2
