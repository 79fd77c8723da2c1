"""A wire that is led through points carries what it would carry without them, at no cost."""

from __future__ import annotations

import numpy as np
import pytest

from engine.graph.check import check
from engine.graph.infer import infer
from engine.layers.base import ArrivingShapes
from engine.layers.reroute import Reroute
from engine.plan.fusing import fused_wires
from engine.plan.layout import units
from tests.engine.plan.networks import compiled, graph, node, wire


def nodes(*points):
    return [
        node("x", "input", shape=[4]),
        node("hidden", "dense", units=5, activation="tanh"),
        node("out", "dense", units=3, activation="softmax"),
        node("loss", "loss", loss="categorical_cross_entropy"),
        *(node(point, "reroute") for point in points),
    ]


def straight():
    return graph(nodes(), "x>hidden", "hidden>out", "out>loss.prediction")


def led():
    return graph(
        nodes("p", "q", "r"), "x>p", "p>hidden", "hidden>q", "q>out", "out>r", "r>loss.prediction"
    )


def steps(drawn):
    plan = compiled(drawn)
    plan.forward()
    plan.backward()
    return plan


@pytest.mark.parametrize("shape", [(5,), (3, 8, 8), (7, 4)])
def test_the_shape_stays(shape):
    assert Reroute().infer(ArrivingShapes.of(shape)) == (shape,)


def test_the_loss_and_every_gradient_are_the_same_bit_for_bit():
    plain, points = steps(straight()), steps(led())

    assert points.loss() == plain.loss()
    np.testing.assert_array_equal(points.parameters.gradient, plain.parameters.gradient)


def test_no_step_is_added():
    plain, points = steps(straight()), steps(led())

    assert len(points._forward) == len(plain._forward)
    assert len(points._backward) == len(plain._backward)


def test_a_softmax_is_fused_with_the_loss_behind_the_points():
    assert fused_wires(led(), ["loss"], apart=()) == {
        wire("out>r"),
        wire("r>loss.prediction"),
    }


def test_a_softmax_that_another_loss_reads_from_a_point_is_not_fused():
    drawn = graph(
        [*nodes("r"), node("other", "loss", loss="squared_error")],
        "x>hidden",
        "hidden>out",
        "out>r",
        "r>loss.prediction",
        "r>other.prediction",
    )

    assert fused_wires(drawn, ["loss", "other"], apart=()) == frozenset()


def test_a_point_that_nothing_is_wired_to_has_no_shape():
    found = infer(graph(nodes("p"), "p>hidden"))

    assert found["p"].outputs is None


@pytest.mark.parametrize(("activation", "complains"), [("softmax", False), ("relu", True)])
def test_a_loss_is_checked_against_the_activation_before_the_point(activation, complains):
    drawn = led()
    drawn.replace_layer("out", drawn.node("out").layer.replaced(activation=activation))
    problems = check(drawn, infer(drawn), None)

    assert ("loss" in {problem.node for problem in problems}) == complains


def neurons(*wires, points=()):
    """Four neurons in two columns, and one that reads the second."""
    ids = "abcde"
    return graph(
        [
            *(node(name, "input", shape=[1]) for name in "xy"),
            *(node(name, "neuron", activation="tanh") for name in ids),
            node("loss", "loss", loss="squared_error"),
            *(node(point, "reroute") for point in points),
        ],
        *wires,
        *("y>a", "x>b", "y>b", "b>c", "b>d", "c>e", "d>e", "e>loss.prediction"),
    )


def test_neurons_wired_through_points_stand_side_by_side_with_the_others():
    plain = neurons("x>a", "a>c", "a>d")
    led = neurons("x>p", "p>a", "a>q", "q>r", "r>c", "q>d", points="pqr")
    one, other = compiled(plain), compiled(led)
    other.parameters.load(one.parameters.to_dict())
    together = [set(unit.nodes) for unit in units(led, infer(led), "abcde") if unit.grouped]

    for plan in (one, other):
        plan.forward()
        plan.backward()

    assert together == [{"a", "b"}, {"c", "d"}, {"e"}]
    for key, gradient in one.parameters.views(one.parameters.gradient).items():
        found = other.parameters.views(other.parameters.gradient)[key]
        np.testing.assert_allclose(found, gradient, rtol=1e-12)
    np.testing.assert_array_equal(other.values["q"][0].array, other.values["a"][0].array)


def test_a_neuron_that_reads_a_value_twice_weighs_it_twice():
    drawn = graph(
        [
            node("x", "input", shape=[2]),
            node("y", "neuron", activation="linear"),
            node("beside", "neuron", activation="linear"),
            node("loss", "loss", loss="squared_error"),
            *(node(point, "reroute") for point in "pq"),
        ],
        *("x>y", "x>p", "p>q", "q>y", "x>beside", "y>loss.prediction"),
    )
    plan = compiled(drawn)
    weight, bias = plan.parameters.of("y").values()
    plan.forward()
    plan.backward()
    inputs, slopes = plan.inputs["x"], plan.values["y"][0].gradient
    by_weight, _ = (
        gradient
        for (owner, _), gradient in plan.parameters.views(plan.parameters.gradient).items()
        if owner == "y"
    )

    np.testing.assert_allclose(
        plan.values["y"][0].array[0], (weight[:2] + weight[2:]) @ inputs + bias, rtol=1e-12
    )
    np.testing.assert_allclose(by_weight, np.tile(inputs @ slopes[0], 2), rtol=1e-12)
