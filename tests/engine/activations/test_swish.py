"""GELU's slope, which is found from what it gave, near 0 and far from it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.layers import LAYERS
from tests.tools.lone import LoneLayer


@pytest.mark.parametrize(("dtype", "error"), [(np.float32, 5e-7), (np.float64, 1e-14)])
def test_the_slope_of_gelu_is_right_from_the_least_of_numbers_to_the_large(dtype, error):
    magnitudes = np.concatenate([10.0 ** np.arange(-44, 3), np.linspace(0.1, 14, 500)])
    z = np.concatenate([-magnitudes, [0], magnitudes]).astype(dtype)
    lone = LoneLayer(LAYERS.get("activation")(function="gelu"), [z.shape], batch=1, dtype=dtype)
    lone.inputs[0][:, 0] = z
    lone.forward()
    lone.backward([np.ones((z.size, 1), dtype)])

    expected = ACTIVATIONS.get("gelu")().slope(z.astype(float))
    np.testing.assert_allclose(lone.input_gradients[0][:, 0], expected, rtol=0, atol=error)
