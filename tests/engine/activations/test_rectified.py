"""ReLU at the edges: zeros of both signs and numbers that are none."""

from __future__ import annotations

import numpy as np
import pytest

from engine.layers.activation import Activation
from tests.tools.lone import LoneLayer


def through(z, gradient, dtype=np.float64):
    lone = LoneLayer(Activation(function="relu"), [(len(z),)], batch=1, dtype=dtype)
    lone.inputs[0][:, 0] = z
    (a,) = lone.forward()
    lone.backward([np.array(gradient)[:, None]])
    return a[:, 0], lone.input_gradients[0][:, 0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_slope_at_zero_is_zero_whatever_its_sign(dtype):
    a, gradient = through([0.0, -0.0, 2.0, -2.0], [5.0, 6, -7, 8], dtype)

    np.testing.assert_array_equal(a, [0, 0, 2, 0])
    np.testing.assert_array_equal(gradient, [0, 0, -7, 0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_number_that_is_none_stays_visible_in_value_and_gradient(dtype):
    a, gradient = through([np.nan, 1.0, np.inf], [1.0, np.nan, np.inf], dtype)

    np.testing.assert_array_equal(a, [np.nan, 1, np.inf])
    np.testing.assert_array_equal(gradient, [1, np.nan, np.inf])
