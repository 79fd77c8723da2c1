"""A training step in steady state allocates no array."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.layers import LAYERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.training.objectives import Objective
from tests.engine.plan.networks import chain, classifier, compiled, graph, node, xor
from tests.tools.allocation import most_allocated

BATCH = 2048
"""So large that any array of one number per example stands out."""

LIMIT = 4096
"""Bytes that Python and NumPy turn over in any case: boxed numbers, iterators; whatever N is."""


def assert_steps_in_place(drawn, optimizer="adam"):
    plan = compiled(drawn, batch=BATCH, dtype=np.float32)
    settings = OPTIMIZERS.get(optimizer)()
    objective = Objective(plan.losses, plan.parameters, settings)

    def step():
        objective.step(plan, 0.001)

    # Twice, and past what is done every few steps: Python and NumPy fill caches of their own.
    assert min(most_allocated(step, warm_up=20, times=40) for _ in range(2)) < LIMIT


@pytest.mark.parametrize("optimizer", OPTIMIZERS.kinds())
def test_a_step_allocates_nothing_with_optimiser(optimizer):
    assert_steps_in_place(classifier(features=40, hidden=60), optimizer)


def test_a_step_of_wired_neurons_allocates_nothing():
    assert_steps_in_place(xor())


def test_a_step_with_gathered_neurons_and_a_value_read_twice_allocates_nothing():
    drawn = graph(
        [
            node("x1", "input", shape=[1]),
            node("x2", "input", shape=[1]),
            node("a", "neuron"),
            node("b", "neuron"),
            node("y", "neuron", activation="linear"),
            node("loss", "loss", loss="squared_error"),
        ],
        "x2>a",
        "x1>a",
        "x1>b",
        "a>y",
        "b>y",
        "x1>y",
        "y>loss.prediction",
    )

    assert_steps_in_place(drawn)


EXAMPLES = [
    pytest.param(cls, example, id=f"{cls.kind} {dict(example.settings)}")
    for cls in LAYERS
    if cls.output_ports and cls.kind != "input"
    for example in cls.examples
]


@pytest.mark.parametrize(("cls", "example"), EXAMPLES)
def test_a_step_through_each_layer_allocates_nothing(cls, example):
    """Before it a dense layer each, so that gradients pass through it."""
    nodes, wires = [], []
    for number, shape in enumerate(example.arriving):
        size = int(np.prod(shape))
        nodes += [
            node(f"x{number}", "input", shape=[3]),
            node(f"d{number}", "dense", units=size, activation="linear"),
            node(f"r{number}", "reshape", shape=shape),
        ]
        port = example.ports[number] if example.ports else example.port
        wires += [f"x{number}>d{number}", f"d{number}>r{number}", f"r{number}>layer.{port}"]
    nodes += [
        node("layer", cls.kind, **example.settings),
        node("flat", "flatten"),
        node("y", "dense", units=1, activation="linear"),
        node("loss", "loss", loss="squared_error"),
    ]
    wires += ["layer>flat", "flat>y", "y>loss.prediction"]

    assert_steps_in_place(graph(nodes, *wires))


LAST = {
    "distribution": ("softmax", "hard_sigmoid"),
    "probability": ("sigmoid", "hard_sigmoid"),
    "positive": ("softplus", "sigmoid"),
    "number": ("linear", "tanh"),
}


@pytest.mark.parametrize("loss", LOSSES.kinds())
def test_a_step_with_each_loss_allocates_nothing(loss):
    for last in LAST[LOSSES.get(loss).expects]:
        drawn = chain(
            node("x", "input", shape=[3]),
            node("y", "dense", units=3, activation=last),
            node("loss", "loss", loss=loss),
        )

        assert_steps_in_place(drawn)


@pytest.mark.parametrize(
    "settings",
    [
        {"kind": "categorical_cross_entropy", "smoothing": 0.1, "class_weights": [1, 2, 3]},
        {"kind": "binary_cross_entropy", "smoothing": 0.1, "positive_weight": 2},
    ],
)
def test_a_step_with_weights_and_smoothing_allocates_nothing(settings):
    for last in LAST[LOSSES.get(settings["kind"]).expects]:
        drawn = chain(
            node("x", "input", shape=[3]),
            node("y", "dense", units=3, activation=last),
            node("loss", "loss", loss=settings),
        )

        assert_steps_in_place(drawn)


def test_a_step_with_shared_weights_allocates_nothing():
    first = node("first", "dense", units=30, activation="tanh")
    again = replace(first, id="again", same_as="first")
    more = replace(first, id="more", same_as="first")
    start = node("start", "dense", units=30)
    loss = node("loss", "loss", loss="squared_error")
    assert_steps_in_place(chain(node("x", "input", shape=[4]), start, first, again, more, loss))


def test_a_step_with_frozen_nodes_and_rates_allocates_nothing():
    drawn = classifier(features=40, hidden=60)
    drawn.set_rate("hidden", 0.5)
    assert_steps_in_place(drawn)
    drawn.set_frozen("out", True)
    assert_steps_in_place(drawn)
