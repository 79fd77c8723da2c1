from __future__ import annotations

import numpy as np

from engine.layers import LAYERS
from tests.tools.lone import LoneLayer


def test_noise_has_mean_zero_and_the_deviation_asked_for():
    lone = LoneLayer(LAYERS.get("gaussian_noise")(deviation=2), [(50,)], batch=2000)
    (y,) = lone.forward()
    noise = y - lone.inputs[0]

    assert abs(noise.mean()) < 0.03
    assert abs(noise.std() - 2) < 0.03


def test_spatial_dropout_drops_whole_channels_and_keeps_the_mean():
    lone = LoneLayer(LAYERS.get("spatial_dropout")(rate=0.25), [(20, 3, 2)], batch=500)
    lone.inputs[0][...] = 1
    (y,) = lone.forward()
    lone.backward([np.ones(y.shape)])

    np.testing.assert_array_equal(y, np.broadcast_to(y[:, :1, :1], y.shape))
    assert set(np.unique(y.round(12))) == {0, round(1 / 0.75, 12)}
    assert abs(y.mean() - 1) < 0.03
    np.testing.assert_array_equal(lone.input_gradients[0], y)
