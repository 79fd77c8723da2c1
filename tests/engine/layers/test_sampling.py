"""Sampling: what it draws, its divergence by hand, and the ends of its range."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from engine.layers.sampling import Sampling
from tests.tools.lone import LoneLayer


def lone_of(mean, spread, *, batch=1, dtype=np.float64, training=True):
    shape = np.shape(mean)
    ports = {"mean": (shape,), "log_variance": (shape,)}
    lone = LoneLayer(Sampling(), ports, batch=batch, dtype=dtype, training=training)
    for array, value in zip(lone.inputs, (mean, spread), strict=True):
        array[...] = np.asarray(value, dtype)[..., None]
    return lone


def test_codes_have_the_mean_and_the_variance_asked_for():
    z, _ = lone_of([3.0, -1.0], [np.log(4.0), np.log(0.25)], batch=20_000).forward()

    np.testing.assert_allclose(z.mean(axis=1), [3, -1], atol=0.05)
    np.testing.assert_allclose(z.std(axis=1), [2, 0.5], rtol=0.03)


def test_the_divergence_is_that_of_two_normal_distributions():
    _, kl = lone_of([0.0, 2.0], [0.0, np.log(9.0)], training=False).forward()

    # 0 for a standard normal; log(1 / 3) + (9 + 4) / 2 - 1 / 2 for N(2, 9)
    np.testing.assert_allclose(kl, [[0 + np.log(1 / 3) + (9 + 4) / 2 - 1 / 2]])


def test_without_training_the_code_is_the_mean():
    lone = lone_of([3.0, -1.0], [5.0, 5.0], training=False)

    np.testing.assert_array_equal(lone.forward()[0][:, 0], [3, -1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("spread", [-1e4, 1e4])
@pytest.mark.parametrize("mean", [-1e4, 0, 1e4])
def test_the_ends_of_the_range_give_finite_numbers(mean, spread, dtype):
    lone = lone_of([mean], [spread], batch=50, dtype=dtype)
    outputs = lone.forward()
    lone.backward([np.ones_like(array) for array in outputs])

    assert all(np.isfinite(array).all() for array in outputs)
    assert all(np.isfinite(array).all() for array in lone.input_gradients)


def test_far_out_the_exponential_goes_on_as_the_line_that_touches_it():
    def divergence(spread):
        return lone_of([0.0], [spread], training=False).forward()[1].item()

    before, slope = divergence(19.99), divergence(23) - divergence(22)

    assert before == pytest.approx((np.exp(19.99) - 19.99 - 1) / 2, rel=1e-12)
    assert slope == pytest.approx((np.exp(20) - 1) / 2, rel=1e-9)
    assert divergence(20 + 1e-9) == pytest.approx(divergence(20), rel=1e-8)


def test_the_divergence_of_nearly_standard_codes_keeps_its_digits_in_float32():
    _, kl = lone_of([1e-3], [2e-3], dtype=np.float32, training=False).forward()

    # ½ (μ² + s² / 2) for small μ and s
    assert kl.item() == pytest.approx(0.5 * (1e-6 + 2e-6), rel=1e-3)


def test_more_means_than_log_variances_are_refused():
    with pytest.raises(ShapeError) as refusal:
        Sampling().infer(ArrivingShapes({"mean": ((3,),), "log_variance": ((2,),)}))
    assert str(refusal.value) == (
        "Sampling needs as many log-variances as means, got 3 means and 2 log-variances. "
        "Make both the same size."
    )
