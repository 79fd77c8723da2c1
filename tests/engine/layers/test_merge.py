"""Concat and Add: order, and where gradients go."""

from __future__ import annotations

import numpy as np

from engine.layers.base import ArrivingShapes
from engine.layers.merge import Concat
from engine.layers.merge_elementwise import Add
from tests.tools.lone import LoneLayer


def test_concat_keeps_the_order_of_wiring_and_hands_each_gradient_back():
    lone = LoneLayer(Concat(), [(1,), (2,)], batch=2)
    lone.inputs[0][...] = [[1, 2]]
    lone.inputs[1][...] = [[3, 4], [5, 6]]
    (y,) = lone.forward()
    lone.backward([np.array([[10.0, 20], [30, 40], [50, 60]])])

    np.testing.assert_array_equal(y, [[1, 2], [3, 4], [5, 6]])
    np.testing.assert_array_equal(lone.input_gradients[0], [[10, 20]])
    np.testing.assert_array_equal(lone.input_gradients[1], [[30, 40], [50, 60]])


def test_concat_joins_channels_of_images():
    assert Concat().infer(ArrivingShapes.of((2, 8, 8), (3, 8, 8))) == ((5, 8, 8),)
    assert Concat(axis=2).infer(ArrivingShapes.of((2, 8, 8), (2, 8, 1))) == ((2, 8, 9),)


def test_add_sums_any_number_of_values_and_sends_the_same_gradient_to_each():
    lone = LoneLayer(Add(), [(2,), (2,), (2,)], batch=1)
    for array, numbers in zip(lone.inputs, ([1, 2], [10, 20], [100, 200]), strict=True):
        array[:, 0] = numbers
    (y,) = lone.forward()
    lone.backward([np.array([[3.0], [4]])])

    np.testing.assert_array_equal(y[:, 0], [111, 222])
    for gradient in lone.input_gradients:
        np.testing.assert_array_equal(gradient[:, 0], [3, 4])


def test_the_sum_does_not_spoil_what_it_read():
    lone = LoneLayer(Add(), [(3,), (3,)])
    before = [array.copy() for array in lone.inputs]
    lone.forward()

    for array, kept in zip(lone.inputs, before, strict=True):
        np.testing.assert_array_equal(array, kept)
