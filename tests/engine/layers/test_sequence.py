"""RepeatVector and PositionalEncoding: by hand, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from engine.layers.sequence import PositionalEncoding, RepeatVector
from tests.tools.lone import LoneLayer


def test_a_row_is_repeated_and_its_gradients_added():
    lone = LoneLayer(RepeatVector(steps=3), [(2,)], batch=1)
    lone.inputs[0][...] = [[5], [7]]
    (y,) = lone.forward()
    lone.backward([np.arange(6.0).reshape(3, 2, 1)])

    np.testing.assert_array_equal(y[..., 0], [[5, 7]] * 3)
    np.testing.assert_array_equal(lone.input_gradients[0].ravel(), [0 + 2 + 4, 1 + 3 + 5])


def test_waves_begin_at_zero_and_one_and_slow_down_by_column():
    lone = LoneLayer(PositionalEncoding(), [(3, 4)])
    lone.inputs[0][...] = 0
    (y,) = lone.forward()

    np.testing.assert_allclose(y[0, :, 0], [0, 1, 0, 1])
    np.testing.assert_allclose(
        y[2, :, 0], [np.sin(2), np.cos(2), np.sin(2 / 100), np.cos(2 / 100)], rtol=1e-12
    )


def test_only_a_row_can_be_repeated():
    with pytest.raises(ShapeError) as refusal:
        RepeatVector().infer(ArrivingShapes.of((5, 2)))

    assert str(refusal.value) == (
        "RepeatVector needs rows of features (D,), got (5, 2). Put a Flatten before it."
    )


def test_only_a_sequence_has_positions():
    with pytest.raises(ShapeError) as refusal:
        PositionalEncoding().infer(ArrivingShapes.of((64,)))

    assert str(refusal.value) == (
        "PositionalEncoding needs a sequence (T, D), got (64,). Put a Reshape before it."
    )
