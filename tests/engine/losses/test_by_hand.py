"""Each loss once by hand, with numbers small enough for a pencil."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.losses import LOSSES
from tests.tools.lone_loss import LoneLoss

VALUES = np.array([[1.0, 2], [3, 5]])
TARGET = np.array([[1.0, 0], [0, 4]])  # differences 0, 2, 3, 1


def filled(kind, prediction, target, **settings):
    lone = LoneLoss(LOSSES.get(kind)(**settings), prediction.shape[:-1], batch=2)
    lone.prediction[...], lone.target[...] = prediction, target
    return lone


@pytest.mark.parametrize(
    ("kind", "settings", "expected", "gradient"),
    [
        ("squared_error", {}, 14 / 4, [[0, 4 / 4], [6 / 4, 2 / 4]]),
        ("absolute_error", {}, 6 / 4, [[0, 1 / 4], [1 / 4, 1 / 4]]),
        ("huber", {"bend": 2}, (0 + 2 + 4 + 0.5) / 4, [[0, 2 / 4], [2 / 4, 1 / 4]]),
    ],
)
def test_losses_of_values(kind, settings, expected, gradient):
    lone = filled(kind, VALUES, TARGET, **settings)

    assert lone.forward() == pytest.approx(expected)
    np.testing.assert_allclose(lone.backward(), gradient)


def test_categorical_cross_entropy():
    p = np.array([[0.5, 0.1], [0.25, 0.2], [0.25, 0.7]])
    t = np.array([[1.0, 0], [0, 0], [0, 1]])
    lone = filled("categorical_cross_entropy", p, t)

    assert lone.forward() == pytest.approx(-(math.log(0.5) + math.log(0.7)) / 2)
    np.testing.assert_allclose(
        lone.backward(), [[-1 / 0.5 / 2, 0], [0, 0], [0, -1 / 0.7 / 2]], atol=1e-15
    )


def test_binary_cross_entropy():
    p, t = np.array([[0.8, 0.4]]), np.array([[1.0, 0]])
    lone = filled("binary_cross_entropy", p, t)

    assert lone.forward() == pytest.approx(-(math.log(0.8) + math.log(0.6)) / 2)
    np.testing.assert_allclose(lone.backward(), [[-1 / 0.8 / 2, 1 / 0.6 / 2]])


def test_the_gradient_behind_a_softmax_is_prediction_minus_target_over_the_batch():
    lone = LoneLoss(LOSSES.get("categorical_cross_entropy")(), (2,), batch=2, through="softmax")
    lone.z[...] = [[0, math.log(3)], [0, 0]]
    lone.target[...] = [[1, 0], [0, 1]]

    assert lone.forward() == pytest.approx(-(math.log(1 / 2) + math.log(1 / 4)) / 2)
    np.testing.assert_allclose(lone.prediction, [[0.5, 0.75], [0.5, 0.25]])
    np.testing.assert_allclose(lone.backward(), [[-0.25, 0.375], [0.25, -0.375]])
