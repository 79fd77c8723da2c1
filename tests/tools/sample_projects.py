"""Small real projects for tests of the window."""

from __future__ import annotations

from engine.data.builtin import Diabetes, Iris
from engine.data.settings import DataSettings
from engine.data.synthetic import Xor
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.neuron import Neuron
from engine.layers.terminal import Input, Loss
from engine.project.project import Project


def into_loss(source: str) -> Wire:
    return Wire(source, "loss_1", target_port="prediction")


def iris_project() -> Project:
    """Input 4, Dense 8 · tanh, Dense 3 · softmax, cross-entropy."""
    nodes = [
        Node("input_1", Input(shape=(4,))),
        Node("dense_1", Dense(units=8, activation="tanh")),
        Node("dense_2", Dense(units=3, activation="softmax")),
        Node("loss_1", Loss()),
    ]
    wires = [Wire("input_1", "dense_1"), Wire("dense_1", "dense_2"), into_loss("dense_2")]
    return Project(graph=Graph(nodes, wires), data=DataSettings(source=Iris()))


def diabetes_project() -> Project:
    """Input 10, Dense 1 · linear, squared error."""
    nodes = [
        Node("input_1", Input(shape=(10,))),
        Node("dense_1", Dense(units=1, activation="linear")),
        Node("loss_1", Loss(loss="squared_error")),
    ]
    wires = [Wire("input_1", "dense_1"), into_loss("dense_1")]
    return Project(graph=Graph(nodes, wires), data=DataSettings(source=Diabetes()))


def xor_project() -> Project:
    """Two inputs, two neurons · tanh, one neuron · sigmoid, binary cross-entropy."""
    nodes = [
        Node("input_1", Input(shape=(1,), columns=("x1",)), "x₁"),
        Node("input_2", Input(shape=(1,), columns=("x2",)), "x₂"),
        Node("neuron_1", Neuron()),
        Node("neuron_2", Neuron()),
        Node("neuron_3", Neuron(activation="sigmoid")),
        Node("loss_1", Loss(loss="binary_cross_entropy")),
    ]
    wires = [
        Wire("input_1", "neuron_1"),
        Wire("input_2", "neuron_1"),
        Wire("input_1", "neuron_2"),
        Wire("input_2", "neuron_2"),
        Wire("neuron_1", "neuron_3"),
        Wire("neuron_2", "neuron_3"),
        into_loss("neuron_3"),
    ]
    return Project(graph=Graph(nodes, wires), data=DataSettings(source=Xor()))
