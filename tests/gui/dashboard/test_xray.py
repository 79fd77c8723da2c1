"""Which nodes of a run learn, and which do not."""

import numpy as np

from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input, Loss
from engine.training.telemetry import Telemetry
from gui.dashboard.xray import health_of_nodes

HALF = np.linspace(-0.5, 0.5, 12).reshape(3, 4)


def network() -> Graph:
    nodes = [
        Node("x", Input(shape=(2,))),
        Node("a", Dense(units=3, activation="relu")),
        Node("b", Dense(units=3, activation="tanh")),
        Node("c", Dense(units=3, activation="tanh")),
        Node("loss", Loss(loss="squared_error")),
    ]
    wires = [Wire("x", "a"), Wire("a", "b"), Wire("b", "c"), Wire("c", "loss", "out", "prediction")]
    return Graph(nodes, wires)


def levels(outputs: dict[str, np.ndarray], **gradients: float) -> dict[str, str]:
    telemetry = Telemetry()
    telemetry.record(1.0, {f"gradient/{node}": value for node, value in gradients.items()})
    found = health_of_nodes(network(), telemetry, outputs)
    return {node_id: health.level for node_id, health in found.items()}


def test_nodes_that_learn_are_healthy_and_others_have_no_sign():
    assert levels({}, a=0.1, b=0.2, c=0.3) == {"a": "ok", "b": "ok", "c": "ok"}


def test_a_gradient_that_fades_on_its_way_back_is_small():
    assert levels({}, a=1e-6, b=1e-2, c=0.3) == {"a": "warning", "b": "ok", "c": "ok"}


def test_rectified_units_that_are_never_on_are_dead():
    assert levels({"a": np.zeros((3, 4))}, a=0.1)["a"] == "bad"
    assert levels({"a": np.maximum(HALF, 0)}, a=0.1)["a"] == "ok"


def test_a_hidden_layer_at_its_ends_is_saturated_but_the_answer_may_be_certain():
    ends = np.sign(HALF)

    assert levels({"b": ends, "c": ends}, b=0.1, c=0.1) == {"b": "warning", "c": "ok"}


def test_curves_of_nodes_that_are_gone_are_left_out():
    assert levels({}, a=0.1, gone=0.1) == {"a": "ok"}
