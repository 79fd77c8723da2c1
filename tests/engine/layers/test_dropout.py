"""Dropout: its share, its scale, its randomness."""

from __future__ import annotations

import numpy as np
import pytest

from engine.layers.dropout import Dropout
from tests.tools.lone import LoneLayer, run


def trained(rate, *, dtype=np.float64, seed=0):
    lone = LoneLayer(Dropout(rate=rate), [(200,)], batch=500, dtype=dtype, seed=seed)
    lone.inputs[0].fill(1)
    return lone


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_share_set_to_zero_is_the_rate_and_the_rest_is_scaled(rate, dtype):
    (y,) = trained(rate, dtype=dtype).forward()
    kept = y[y != 0]

    assert np.mean(y == 0) == pytest.approx(rate, abs=5 * np.sqrt(rate * (1 - rate) / y.size))
    np.testing.assert_allclose(kept, 1 / (1 - rate), rtol=1e-6)


def test_the_gradient_passes_where_the_value_passed():
    lone = trained(0.4)
    (y,) = lone.forward()
    lone.backward([np.full_like(y, 2.0)])

    np.testing.assert_allclose(lone.input_gradients[0], 2 * y)


def test_each_pass_draws_anew_and_the_seed_decides():
    lone, again = trained(0.5, seed=4), trained(0.5, seed=4)
    (first,) = lone.forward()
    run(lone.work.forward_steps)
    second = lone.outputs[0].copy()

    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(again.forward()[0], first)


def test_without_training_everything_passes():
    lone = LoneLayer(Dropout(rate=0.5), [(4,)], training=False)

    np.testing.assert_array_equal(lone.forward()[0], lone.inputs[0])


def test_a_card_shows_the_rate_in_percent():
    assert Dropout(rate=0.25).line() == "25%"
