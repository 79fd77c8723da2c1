"""Flatten and Reshape: the order of numbers, which ONNX and PyTorch share."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.layers.base import ArrivingShapes
from engine.layers.reshape import Flatten, Reshape
from tests.tools.lone import LoneLayer

shapes = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple)


def test_flatten_lays_out_the_last_axis_fastest():
    lone = LoneLayer(Flatten(), [(2, 3)], batch=1)
    lone.inputs[0][..., 0] = [[1, 2, 3], [4, 5, 6]]

    np.testing.assert_array_equal(lone.forward()[0][:, 0], [1, 2, 3, 4, 5, 6])


@settings(max_examples=30, deadline=None, derandomize=True)
@given(shape=shapes, batch=st.integers(1, 4))
def test_flatten_treats_each_example_as_numpy_does(shape, batch):
    lone = LoneLayer(Flatten(), [shape], batch=batch)
    (y,) = lone.forward()

    for number in range(batch):
        np.testing.assert_array_equal(y[:, number], lone.inputs[0][..., number].ravel())


def test_reshape_fills_the_free_axis_with_what_is_left():
    assert Reshape(shape=[2, -1, 3]).infer(ArrivingShapes.of((4, 6))) == ((2, 4, 3),)
    assert Reshape(shape=[24]).infer(ArrivingShapes.of((4, 6))) == ((24,),)


def test_flatten_then_reshape_gives_back_the_image_and_its_gradient():
    flat = LoneLayer(Flatten(), [(2, 3, 4)])
    back = LoneLayer(Reshape(shape=[2, 3, 4]), [(24,)])
    back.inputs[0][...] = flat.forward()[0]
    upstream = back.upstream()
    back.backward(upstream)
    flat.backward(back.input_gradients)

    np.testing.assert_array_equal(back.forward()[0], flat.inputs[0])
    np.testing.assert_array_equal(flat.input_gradients[0], upstream[0])


def test_a_card_shows_the_shape_with_a_question_mark_for_what_is_left():
    assert Reshape(shape=[2, -1]).line() == "2×?"
