"""Dense: worked out by hand, and against plain NumPy over many sizes."""

from __future__ import annotations

import numpy as np

from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import ArrivingShapes
from engine.layers.dense import Dense
from engine.layers.terminal import Input, Loss
from engine.losses import LOSSES
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.parameters import Parameters
from tests.tools.gradients import assert_gradients
from tests.tools.lone import LoneLayer


def test_two_units_on_three_features_by_hand():
    lone = LoneLayer(Dense(units=2, activation="relu"), [(3,)], batch=2)
    lone.parameters["weight"][...] = [[1, 2, 3], [-1, 0, 1]]
    lone.parameters["bias"][...] = [-20, 1]
    lone.inputs[0][...] = np.array([[1, 2, 3], [4, 5, 6]]).T
    (y,) = lone.forward()
    lone.backward([np.array([[10.0, 1], [100, 1]])])

    np.testing.assert_array_equal(y, [[0, 12], [3, 3]])  # 14 - 20 and 32 - 20; 2 + 1 twice
    np.testing.assert_array_equal(lone.parameter_gradients["bias"], [1, 101])
    np.testing.assert_array_equal(lone.parameter_gradients["weight"], [[4, 5, 6], [104, 205, 306]])
    np.testing.assert_array_equal(lone.input_gradients[0].T, [[-100, 0, 100], [0, 2, 4]])


def test_without_a_spare_row_the_input_gradient_is_the_same():
    with_row = LoneLayer(Dense(units=3), [(4,)])
    without = LoneLayer(Dense(units=3), [(4,)])
    without.work.backward_steps.clear()
    without.work.forward_steps.clear()
    without.values[0].gradient_with_row = None
    without.layer.bind(without.work)
    upstream = with_row.upstream()
    for lone in (with_row, without):
        lone.forward()
        lone.backward(upstream)

    np.testing.assert_allclose(with_row.input_gradients[0], without.input_gradients[0], rtol=1e-12)


def test_parameters_are_declared_with_their_fans_and_the_bias_beside_the_weight():
    weight, bias = Dense(units=5).parameters(ArrivingShapes.of((3,)))

    assert (weight.name, weight.shape, weight.fan_in, weight.fan_out) == ("weight", (5, 3), 3, 5)
    assert (bias.name, bias.shape, bias.beside) == ("bias", (5,), "weight")


def test_a_card_shows_units_and_activation():
    assert Dense(units=64).line() == "64 · relu"
    assert Dense(units=10, activation="softmax").line() == "10 · softmax"
    assert Dense(units=10).multiply_adds(ArrivingShapes.of((64,))) == 640


def test_a_sequence_is_the_same_dense_at_every_step():
    layer = Dense(units=3, activation="softmax")
    whole, single = LoneLayer(layer, [(4, 2)]), LoneLayer(layer, [(2,)])
    for name, array in single.parameters.items():
        array[...] = whole.parameters[name]
    upstream = whole.upstream()
    (ys,) = whole.forward()
    whole.backward(upstream)
    summed = dict.fromkeys(single.parameters, 0)
    for step in range(4):
        single.inputs[0][...] = whole.inputs[0][step]
        np.testing.assert_allclose(single.forward()[0], ys[step], rtol=1e-12)
        single.backward([upstream[0][step]])
        np.testing.assert_allclose(single.input_gradients[0], whole.input_gradients[0][step])
        summed = {name: summed[name] + g for name, g in single.parameter_gradients.items()}

    for name, gradient in whole.parameter_gradients.items():
        np.testing.assert_allclose(gradient, summed[name], rtol=1e-12)


def test_a_sequence_of_probabilities_fuses_with_its_loss():
    judge = LOSSES.get("binary_cross_entropy")()
    graph = Graph(
        [
            Node("x", Input(shape=(3, 2))),
            Node("dense", Dense(units=1, activation="sigmoid")),
            Node("loss", Loss(loss=judge)),
        ],
        [Wire("x", "dense"), Wire("dense", "loss", target_port="prediction")],
    )
    inference = infer(graph)
    parameters = Parameters(graph, inference, np.float64)
    parameters.initialize(3)
    plan = compile_plan(graph, inference, parameters, 4, Mode.TRAIN)
    rng = np.random.default_rng(0)
    plan.inputs["x"][...] = rng.standard_normal((3, 2, 4))
    plan.targets["loss"][...] = rng.integers(0, 2, (3, 1, 4))

    def loss():
        plan.forward()
        return plan.loss()

    found = loss()
    plan.backward()
    prediction, target = plan.values["dense"][0].array, plan.targets["loss"]
    expected = judge.value(prediction, target)

    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert_gradients(loss, {"all": parameters.vector}, {"all": parameters.gradient.copy()})
