"""The mean over many numbers, in float32."""

from __future__ import annotations

import numpy as np
import pytest

from engine.losses import LOSSES
from tests.tools.lone_loss import LoneLoss


@pytest.mark.parametrize("kind", ["squared_error", "huber"])
def test_the_mean_of_a_million_numbers_is_right_to_the_last_digits(kind):
    loss, rng = LOSSES.get(kind)(), np.random.default_rng(0)
    lone = LoneLoss(loss, (10,), batch=100_000, dtype=np.float32)
    lone.prediction[...] = rng.standard_normal(lone.prediction.shape)
    lone.target[...] = rng.standard_normal(lone.target.shape)

    assert lone.forward() == pytest.approx(loss.value(lone.prediction, lone.target), rel=3e-7)
