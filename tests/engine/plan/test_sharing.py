"""Nodes that share weights: one array, whose gradient is the sum over all its uses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.errors import CompileError
from engine.graph.infer import infer, infer_changed
from engine.graph.summary import summarise
from engine.layers import LAYERS
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.initial import initial_weights
from engine.plan.layout import units
from engine.plan.parameters import Parameters
from engine.plan.predict import Predictor
from tests.engine.plan.networks import chain, compiled, graph, node, wire
from tests.engine.plan.test_compile import check_gradients
from tests.tools import witness

BATCH = 5


def instance(node_id, original):
    """A node that uses the weights of another."""
    return replace(original, id=node_id, same_as=original.id)


def twice(kind, shape, **settings):
    """x -> first -> second -> loss, with one set of weights for both layers."""
    first = node("first", kind, **settings)
    return chain(
        node("x", "input", shape=shape),
        first,
        instance("second", first),
        node("loss", "loss", loss="squared_error"),
    )


def filled(drawn, mode=Mode.TRAIN):
    """A plan in float64 with random weights, inputs and targets."""
    inference = infer(drawn)
    parameters = Parameters(drawn, inference, np.float64)
    parameters.initialize(1)
    rng = np.random.default_rng(2)
    parameters.vector += 0.1 * rng.standard_normal(parameters.size)
    plan = compile_plan(drawn, inference, parameters, BATCH, mode)
    for array in (*plan.inputs.values(), *plan.targets.values()):
        array[...] = rng.standard_normal(array.shape)
    return plan


CASES = {
    "dense": ("dense", [4], {"units": 4, "activation": "tanh"}),
    "with a learned activation": ("dense", [3], {"units": 3, "activation": "prelu"}),
    "convolution": ("conv2d", [2, 4, 4], {"filters": 2, "activation": "tanh"}),
    "lstm": ("lstm", [3, 2], {"units": 2, "returns": "sequence"}),
    "normalisation": ("layer_norm", [6], {}),
}


@pytest.mark.witness
@pytest.mark.parametrize("case", CASES)
def test_the_gradient_is_that_of_a_module_used_twice(torch, case):
    kind, shape, settings = CASES[case]
    drawn = twice(kind, shape, **settings)
    plan = filled(drawn)
    weights = {
        name: torch.tensor(array, requires_grad=True)
        for name, array in plan.parameters.of("first").items()
    }
    layer, value = drawn.node("first").layer, torch.tensor(plan.inputs["x"])
    for _ in range(2):
        (value,) = witness.layer(torch, layer, [value], weights)
    loss = ((value - torch.tensor(plan.targets["loss"])) ** 2).mean()
    loss.backward()
    plan.forward()
    plan.backward()

    assert plan.loss() == pytest.approx(loss.item(), rel=1e-9)
    gradients = plan.parameters.views(plan.parameters.gradient)
    assert gradients.keys() == {("first", name) for name in weights}
    for name, tensor in weights.items():
        expected = tensor.grad.numpy()
        np.testing.assert_allclose(gradients["first", name], expected, rtol=1e-9, atol=1e-12)


@pytest.mark.witness
def test_running_statistics_are_shared_too(torch):
    plan = filled(twice("batch_norm", [3]))
    module = torch.nn.BatchNorm1d(3, dtype=torch.float64)
    with torch.no_grad():
        module.weight[:] = torch.tensor(plan.parameters.of("first")["scale"])
        module.bias[:] = torch.tensor(plan.parameters.of("first")["shift"])
    value = torch.tensor(plan.inputs["x"].T)
    loss = ((module(module(value)) - torch.tensor(plan.targets["loss"].T)) ** 2).mean()
    loss.backward()
    plan.forward()
    plan.backward()

    state = plan.parameters.state.of("second")
    np.testing.assert_allclose(state["running_mean"], module.running_mean, rtol=1e-9)
    np.testing.assert_allclose(state["running_variance"], module.running_var, rtol=1e-9)
    gradients = plan.parameters.views(plan.parameters.gradient)
    np.testing.assert_allclose(gradients["first", "scale"], module.weight.grad, rtol=1e-9)
    np.testing.assert_allclose(gradients["first", "shift"], module.bias.grad, rtol=1e-9)


def test_the_instance_may_come_before_its_original():
    original = node("later", "dense", units=3)
    drawn = chain(
        node("x", "input", shape=[3]),
        instance("earlier", original),
        original,
        node("loss", "loss", loss="squared_error"),
    )
    check_gradients(compiled(drawn))


def test_neurons_that_share_weights_run_apart_from_each_other():
    first = node("n1", "neuron")
    drawn = graph(
        [
            node("x", "input", shape=[2]),
            first,
            instance("n2", first),
            node("n3", "neuron"),
            node("y", "neuron"),
            node("loss", "loss", loss="squared_error"),
        ],
        *("x>n1", "x>n2", "x>n3", "n1>y", "n2>y", "n3>y", "y>loss.prediction"),
    )

    found = [unit.nodes for unit in units(drawn, infer(drawn), infer(drawn)) if unit.grouped]
    assert found == [("n1",), ("n2",), ("n3",), ("y",)]
    check_gradients(compiled(drawn))


@pytest.mark.parametrize("wires", [("x>m1", "x>m2"), ("x>m2", "x>m1"), ("x>m1", "n1>m2")])
def test_instances_of_neurons_run_together_and_their_gradients_add_up(wires):
    first, second = node("n1", "neuron"), node("n2", "neuron")
    drawn = graph(
        [
            node("x", "input", shape=[1]),
            first,
            second,
            instance("m1", first),
            instance("m2", second),
            instance("k2", second),
            node("y", "neuron"),
            node("loss", "loss", loss="squared_error"),
        ],
        *("x>n1", "x>n2", *wires, "m1>k2"),
        *("n1>y", "n2>y", "m1>y", "m2>y", "k2>y", "y>loss.prediction"),
    )

    found = [unit.nodes for unit in units(drawn, infer(drawn), infer(drawn)) if unit.grouped]
    assert ("n1", "n2") in found
    check_gradients(compiled(drawn))


def test_weights_are_kept_and_counted_once_under_the_original():
    drawn = twice("dense", [4], units=4)
    inference = infer(drawn)
    parameters = Parameters(drawn, inference)
    parameters.initialize(3)

    assert parameters.size == summarise(drawn, inference).parameters == 4 * (4 + 1)
    assert parameters.nodes == ("first",)
    assert parameters.to_dict().keys() == {("first", "weight"), ("first", "bias")}
    assert initial_weights(inference, 3).keys() == parameters.to_dict().keys()
    assert np.shares_memory(parameters.of("second")["weight"], parameters.vector)


def test_a_prediction_uses_the_weights_of_the_original():
    drawn = twice("dense", [2], units=2, activation="linear", bias=False)
    weight = np.array([[0, 1], [2, 0]], np.float32)
    found = Predictor(drawn, {("first", "weight"): weight}).predict({"x": np.array([[3, 5]])})

    np.testing.assert_array_equal(found["second"], [[2 * 3, 2 * 5]])


def test_an_instance_whose_weights_do_not_fit_is_named():
    drawn = twice("dense", [3], units=4)
    found = infer(drawn)

    assert found["second"].error == (
        "Dense needs weight (4, 4), bias (4,), got those of Dense, weight (4, 3), bias (4,). "
        "Give both the same settings and as much to read, or give Dense weights of its own."
    )
    assert found["second"].outputs == ((4,),)
    assert found["loss"].error is None
    with pytest.raises(CompileError, match="needs weight"):
        compile_plan(drawn, found, Parameters(drawn, found), BATCH, Mode.TRAIN)


def test_the_error_goes_when_the_original_fits_again():
    drawn = twice("dense", [3], units=4)
    before = infer(drawn)
    drawn.replace_layer("x", LAYERS.get("input")(shape=[4]))

    assert infer(drawn, before)["second"].error is None
    assert infer_changed(drawn, before, ["x"])["second"].error is None


def test_an_instance_of_a_node_that_is_gone_is_named():
    drawn = twice("dense", [4], units=4)
    drawn.remove_node("first")
    drawn.connect(wire("x>second"))
    found = infer(drawn)

    assert found["second"].error == (
        "Dense needs the weights of another node, 'first', which is gone. "
        "Give it weights of its own, or those of a node that is there."
    )
    assert Parameters(drawn, found).size == 0


def test_an_instance_of_a_node_without_shapes_is_named():
    drawn = twice("dense", [4], units=4)
    drawn.add_node(node("loose", "dense", units=4))
    drawn.share("second", "loose")

    assert infer(drawn)["second"].error == (
        "Dense needs the weights of Dense, whose shapes are not known. "
        "Wire Dense so that it can run."
    )


def test_a_hundred_uses_of_one_layer_add_up():
    first = node("first", "dense", units=2, activation="tanh")
    more = [instance(f"use{i}", first) for i in range(99)]
    drawn = chain(
        node("x", "input", shape=[2]), first, *more, node("loss", "loss", loss="squared_error")
    )

    check_gradients(compiled(drawn))
