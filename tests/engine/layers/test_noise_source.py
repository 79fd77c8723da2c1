"""The source of noise: its distributions, and that each pass draws anew."""

from __future__ import annotations

import numpy as np
import pytest

from engine.layers.noise_source import EDGE, Noise
from tests.tools.lone import LoneLayer, run


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("distribution", ["normal", "uniform"])
def test_numbers_have_mean_zero_and_variance_one(distribution, training):
    layer = Noise(shape=(20,), distribution=distribution)
    (z,) = LoneLayer(layer, (), batch=5000, training=training).forward()

    assert abs(z.mean()) < 0.02
    assert abs(z.var() - 1) < 0.02


def test_uniform_numbers_stay_between_their_ends_and_reach_them():
    (z,) = LoneLayer(Noise(shape=(20,), distribution="uniform"), (), batch=5000).forward()

    assert EDGE * 0.999 < z.max() <= EDGE
    assert -EDGE <= z.min() < -EDGE * 0.999


def test_each_pass_draws_anew_and_the_seed_decides():
    lone, again = (LoneLayer(Noise(), (), training=False, seed=4) for _ in range(2))
    (first,) = lone.forward()
    run(lone.work.forward_steps)

    assert not np.array_equal(first, lone.outputs[0])
    np.testing.assert_array_equal(again.forward()[0], first)


@pytest.mark.parametrize("distribution", ["normal", "uniform"])
def test_what_is_drawn_for_an_exported_model_is_alike(distribution):
    z = Noise(shape=(4, 5), distribution=distribution).drawn(2000, np.random.default_rng(1))

    assert z.shape == (2000, 4, 5)
    assert z.dtype == np.float32
    assert abs(z.mean()) < 0.02
    assert abs(z.var() - 1) < 0.02


def test_the_card_says_how_many_and_how():
    assert Noise(shape=(1, 8, 8), distribution="uniform").line() == "1×8×8 · uniform"
