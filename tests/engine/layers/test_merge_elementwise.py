from __future__ import annotations

import numpy as np

from engine.layers import LAYERS
from tests.tools.lone import LoneLayer


def test_the_largest_numbers_share_the_gradient_where_they_are_equal():
    lone = LoneLayer(LAYERS.get("maximum")(), [(3,)] * 3, batch=1)
    for array, values in zip(lone.inputs, ([1, 5, 2], [1, 4, 3], [1, 5, 3]), strict=True):
        array[:, 0] = values
    (y,) = lone.forward()
    lone.backward([np.array([[6.0], [6.0], [6.0]])])

    np.testing.assert_array_equal(y[:, 0], [1, 5, 3])
    for gradient, expected in zip(
        lone.input_gradients, ([2, 3, 0], [2, 0, 3], [2, 3, 3]), strict=True
    ):
        np.testing.assert_array_equal(gradient[:, 0], expected)


def test_a_product_with_a_zero_still_has_its_gradient():
    lone = LoneLayer(LAYERS.get("multiply")(), [(1,)] * 3, batch=1)
    for array, value in zip(lone.inputs, (0, 2, 5), strict=True):
        array[...] = value
    lone.forward()
    lone.backward([np.array([[1.0]])])

    assert [float(g.item()) for g in lone.input_gradients] == [10, 0, 0]
