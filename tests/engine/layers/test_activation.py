"""The activation as a node of its own."""

from __future__ import annotations

import numpy as np

from engine.layers.activation import Activation
from engine.layers.base import ArrivingShapes
from tests.tools.lone import LoneLayer


def test_softmax_of_an_image_sums_to_one_over_the_channels_of_each_pixel():
    lone = LoneLayer(Activation(function="softmax"), [(3, 2, 4)])
    (y,) = lone.forward()

    np.testing.assert_allclose(y.sum(axis=0), 1, rtol=1e-12)


def test_softmax_over_many_classes_sums_the_same_way():
    lone = LoneLayer(Activation(function="softmax"), [(50,)])
    (y,) = lone.forward()
    lone.backward([np.ones_like(y)])

    np.testing.assert_allclose(y.sum(axis=0), 1, rtol=1e-12)
    np.testing.assert_allclose(lone.input_gradients[0], 0, atol=1e-15)


def test_the_node_is_called_by_its_function():
    layer = Activation(function="gelu")

    assert layer.title() == "GELU"
    assert layer.line() == "a = z (1 + erf(z / √2)) / 2"
    assert layer.infer(ArrivingShapes.of((3, 4))) == ((3, 4),)
    assert layer.multiply_adds(ArrivingShapes.of((3, 4))) == 12


def test_a_learned_slope_is_a_parameter_of_the_node():
    (leak,) = Activation(function="prelu").parameters(ArrivingShapes.of((3,)))

    assert (leak.name, leak.shape) == ("leak", (1,))
