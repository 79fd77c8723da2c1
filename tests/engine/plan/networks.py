"""Small networks and a small data set for the tests of plans, trainers and evaluation."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from types import SimpleNamespace

import numpy as np

from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.parameters import Parameters


def node(node_id, kind, **settings):
    return Node(node_id, LAYERS.get(kind)(**settings))


def wire(text):
    """`"a>b"`, or `"a>b.port"` for a port that is not named `in`."""
    source, _, target = text.partition(">")
    target, _, port = target.partition(".")
    return Wire(source, target, target_port=port or "in")


def graph(nodes, *wires):
    return Graph(nodes, [wire(text) for text in wires])


def chain(*nodes):
    """Nodes one after the other; the last is a loss."""
    ids = [n.id for n in nodes]
    wires = [Wire(a, b) for a, b in pairwise(ids[:-1])]
    return Graph(nodes, [*wires, Wire(ids[-2], ids[-1], target_port="prediction")])


def classifier(features=4, hidden=5, classes=3, activation="relu", dropout=0.0):
    middle = [node("drop", "dropout", rate=dropout)] if dropout else []
    return chain(
        node("x", "input", shape=[features]),
        node("hidden", "dense", units=hidden, activation=activation),
        *middle,
        node("out", "dense", units=classes, activation="softmax"),
        node("loss", "loss", loss="categorical_cross_entropy"),
    )


def xor():
    """Two inputs of one column each, two neurons, one neuron."""
    return graph(
        [
            node("x1", "input", shape=[1], columns=["x1"]),
            node("x2", "input", shape=[1], columns=["x2"]),
            node("h1", "neuron", activation="tanh"),
            node("h2", "neuron", activation="tanh"),
            node("y", "neuron", activation="sigmoid"),
            node("loss", "loss", loss="binary_cross_entropy"),
        ],
        "x1>h1",
        "x2>h1",
        "x1>h2",
        "x2>h2",
        "h1>y",
        "h2>y",
        "y>loss.prediction",
    )


def compiled(drawn, batch=6, mode=Mode.TRAIN, dtype=np.float64, seed=1, streams=None):
    """A plan with initial weights, inputs and targets drawn at random."""
    inference = infer(drawn)
    parameters = Parameters(drawn, inference, dtype)
    parameters.initialize(seed)
    rng = np.random.default_rng(seed)
    parameters.vector += 0.1 * rng.standard_normal(parameters.size)  # biases start as zeros
    plan = compile_plan(drawn, inference, parameters, batch, mode, streams)
    for array in plan.inputs.values():
        array[...] = rng.standard_normal(array.shape)
    for target in plan.targets.values():
        target[...] = 0
        if len(target) == 1:
            target[...] = rng.integers(0, 2, target.shape)
        else:
            target[rng.integers(0, len(target), batch), np.arange(batch)] = 1
    return plan


@dataclass
class ToyData:
    """The least that a trainer needs of a data set."""

    features: np.ndarray
    targets: np.ndarray
    names: tuple[str, ...] = ()
    kind: str = "classes"
    parts: dict = field(default_factory=dict)
    unit: float = 1.0
    weights: np.ndarray | None = None
    present: np.ndarray | None = None

    @property
    def signature(self):
        return SimpleNamespace(target=self.kind, classes=())

    def part(self, name):
        return np.asarray(self.parts.get(name, ()), np.intp)

    def inputs(self, columns=(), shape=None):
        rows = self.features.reshape(len(self.features), -1)
        if columns:
            rows = rows[:, [self.names.index(c) for c in columns]]
        return rows.reshape(len(rows), *shape) if shape else rows

    def targets_as(self, kind, shape):
        if self.kind == "values":
            return self.targets
        (units,) = shape
        if units == 1:
            return self.targets[:, None].astype(np.float32)
        return np.eye(units, dtype=np.float32)[self.targets]

    def decode(self, values):
        return values * self.unit


def clouds(count=90, features=4, classes=3, seed=0):
    """Classes around random centres: 70 examples to train on, the rest to check."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    centres = 2 * rng.standard_normal((classes, features))
    points = (centres[labels] + rng.standard_normal((count, features))).astype(np.float32)
    rows = np.arange(count)
    parts = {"train": rows[:70], "validation": rows[70:80], "test": rows[80:]}
    names = tuple(f"x{i}" for i in range(1, features + 1))
    return ToyData(points, labels, names, "classes", parts)


def corners(repeated=4):
    """XOR's four points."""
    points = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]], np.float32)
    labels = np.array([0, 1, 1, 0])
    rows = np.arange(4 * repeated)
    return ToyData(
        np.tile(points, (repeated, 1)),
        np.tile(labels, repeated),
        ("x1", "x2"),
        "binary",
        {"train": rows},
    )
