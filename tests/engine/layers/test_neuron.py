"""Neuron: worked out by hand, and its order of weights."""

from __future__ import annotations

import numpy as np

from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import ArrivingShapes
from engine.layers.dense import Dense
from engine.layers.merge import Concat
from engine.layers.neuron import Neuron
from engine.layers.terminal import Input, Output
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.parameters import Parameters
from tests.tools.lone import LoneLayer


def test_two_wires_by_hand():
    lone = LoneLayer(Neuron(activation="linear"), [(1,), (2,)], batch=2)
    lone.parameters["weight"][...] = [2, 3, 5]
    lone.parameters["bias"][...] = 7
    lone.inputs[0][...] = [[1, 10]]
    lone.inputs[1][...] = [[1, 0], [0, 1]]
    (y,) = lone.forward()
    lone.backward([np.array([[1.0, 2]])])

    np.testing.assert_array_equal(y, [[12, 32]])  # 2 + 3 + 7 and 20 + 5 + 7
    np.testing.assert_array_equal(lone.parameter_gradients["weight"], [21, 1, 2])
    np.testing.assert_array_equal(lone.parameter_gradients["bias"], [3])
    np.testing.assert_array_equal(lone.input_gradients[0], [[2, 4]])
    np.testing.assert_array_equal(lone.input_gradients[1], [[3, 6], [5, 10]])


def test_a_neuron_is_a_dense_layer_of_one_unit():
    neuron = LoneLayer(Neuron(activation="sigmoid"), [(3,)])
    dense = LoneLayer(Dense(units=1, activation="sigmoid"), [(3,)])
    dense.parameters["weight"][0] = neuron.parameters["weight"]
    dense.parameters["bias"][...] = neuron.parameters["bias"]
    dense.inputs[0][...] = neuron.inputs[0]

    np.testing.assert_allclose(neuron.forward()[0], dense.forward()[0], rtol=1e-14)


def test_a_neuron_has_one_weight_for_each_number_that_arrives():
    weight, bias = Neuron().parameters(ArrivingShapes.of((2,), (1,), (4,)))

    assert (weight.shape, weight.fan_in, weight.fan_out) == ((7,), 7, 1)
    assert bias.shape == (1,)
    assert [s.name for s in Neuron(bias=False).parameters(ArrivingShapes.of((2,)))] == ["weight"]


def test_a_card_shows_the_activation():
    assert Neuron(activation="relu").line() == "relu"
    assert Neuron().multiply_adds(ArrivingShapes.of((2,), (3,))) == 5


def test_neurons_with_softmax_stay_apart_even_side_by_side():
    nodes = [Node("x", Input(shape=[2])), Node("y", Output()), Node("join", Concat())]
    nodes += [Node(name, Neuron(activation="softmax")) for name in ("a", "b")]
    wires = [Wire("x", "a"), Wire("x", "b"), Wire("a", "join"), Wire("b", "join")]
    graph = Graph(nodes, [*wires, Wire("join", "y")])
    inference = infer(graph)
    parameters = Parameters(graph, inference, np.float64)
    parameters.initialize(0)
    plan = compile_plan(graph, inference, parameters, 3, Mode.PREDICT)
    plan.inputs["x"][...] = 1
    plan.forward()

    np.testing.assert_array_equal(plan.outputs["y"], 1)  # of one class the share is always 1
