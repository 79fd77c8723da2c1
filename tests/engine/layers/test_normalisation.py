"""Normalisations of values far from zero."""

from __future__ import annotations

import numpy as np
import pytest

from engine.layers import LAYERS
from tests.tools.lone import LoneLayer


@pytest.mark.parametrize("kind", ["batch_norm", "layer_norm", "instance_norm"])
@pytest.mark.parametrize("size", [1e4, 1e-4])
def test_values_far_from_zero_keep_their_digits(kind, size):
    lone = LoneLayer(LAYERS.get(kind)(affine=False), [(3, 4, 4)], batch=8, dtype=np.float32)
    spread = lone.inputs[0].copy()
    lone.inputs[0][...] = size + size * 0.01 * spread
    (ours,) = lone.forward()
    axes = {"batch_norm": (1, 2, 3), "layer_norm": (0, 1, 2), "instance_norm": (1, 2)}[kind]
    x = np.float64(lone.inputs[0])
    epsilon = lone.layer.epsilon
    expected = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon)

    np.testing.assert_allclose(ours, expected, atol=1e-3)
