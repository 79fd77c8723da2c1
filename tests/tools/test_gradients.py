"""The checks of gradients must pass what is right and fail what is a thousandth off."""

from __future__ import annotations

import numpy as np
import pytest

from engine.layers.activation import Activation
from engine.layers.dense import Dense
from tests.tools.gradients import (
    assert_gradients,
    assert_projected_gradients,
    central_differences,
    layer_gradients,
)
from tests.tools.lone import LoneLayer


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.fixture
def cubes(rng):
    """Σ x³ with its arrays and its true gradient."""
    x = {"x": rng.standard_normal((3, 4))}
    return lambda: float(np.sum(x["x"] ** 3)), x, {"x": 3 * x["x"] ** 2}


def test_central_differences_find_the_slope_of_a_cube(cubes):
    function, arrays, gradients = cubes

    np.testing.assert_allclose(
        central_differences(function, arrays["x"]), gradients["x"], rtol=1e-7, atol=1e-8
    )


def test_a_right_gradient_passes_both_checks_and_leaves_the_arrays_alone(cubes, rng):
    function, arrays, gradients = cubes
    before = arrays["x"].copy()

    assert_gradients(function, arrays, gradients)
    assert_projected_gradients(function, arrays, gradients, rng)
    np.testing.assert_array_equal(arrays["x"], before)


@pytest.mark.parametrize("error", [1.001, 0.999])
def test_a_gradient_wrong_by_a_thousandth_fails_both_checks(cubes, rng, error):
    function, arrays, gradients = cubes
    wrong = {"x": gradients["x"] * error}

    with pytest.raises(AssertionError):
        assert_gradients(function, arrays, wrong)
    with pytest.raises(AssertionError):
        assert_projected_gradients(function, arrays, wrong, rng)


class SlightlyWrong(Dense):
    """A dense layer whose input gradient is 0.1 % too large."""

    def bind(self, work):
        super().bind(work)
        gradient = work.input.gradient
        work.backward(np.multiply, gradient, 1.001, out=gradient)


@pytest.mark.parametrize("projected", [False, True])
def test_a_layer_with_a_gradient_wrong_by_a_thousandth_is_caught(projected):
    right, wrong = Dense(units=3, activation="tanh"), SlightlyWrong(units=3, activation="tanh")

    layer_gradients(LoneLayer(right, [(4,)]), projected=projected)
    with pytest.raises(AssertionError):
        layer_gradients(LoneLayer(wrong, [(4,)]), projected=projected)


class Transposed(Activation):
    """A softmax whose Jacobian forgets the cross terms: invisible to a plain sum."""

    def bind(self, work):
        x, y = work.input, work.output
        self.function.forward(work, x.array, y.array)
        slope = work.buffer(*y.array.shape)
        work.backward(np.subtract, 1, y.array, out=slope)
        work.backward(np.multiply, slope, y.array, out=slope)
        work.backward(np.multiply, slope, y.gradient, out=x.gradient)


def test_a_softmax_without_cross_terms_is_caught():
    with pytest.raises(AssertionError):
        layer_gradients(LoneLayer(Transposed(function="softmax"), [(4,)]))
