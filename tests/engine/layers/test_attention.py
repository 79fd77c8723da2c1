"""MultiHeadAttention: by what must hold."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.layers.attention import MultiHeadAttention
from engine.layers.base import ArrivingShapes
from tests.tools.lone import LoneLayer


def test_without_positions_the_order_of_the_steps_is_not_seen():
    lone = LoneLayer(MultiHeadAttention(heads=2), [(5, 4)])
    (before,) = lone.forward()
    order = [3, 0, 4, 2, 1]
    lone.inputs[0][...] = lone.inputs[0][order]

    np.testing.assert_allclose(lone.forward()[0], before[order], rtol=1e-12)


def test_a_causal_step_sees_nothing_that_comes_after_it():
    lone = LoneLayer(MultiHeadAttention(heads=1, causal=True), [(5, 4)])
    (before,) = lone.forward()
    lone.inputs[0][3:] += 10

    np.testing.assert_array_equal(lone.forward()[0][:3], before[:3])


def test_huge_scores_stay_finite():
    lone = LoneLayer(MultiHeadAttention(heads=1), [(5, 4)], dtype=np.float32)
    lone.inputs[0][...] *= 1e4
    (y,) = lone.forward()
    lone.backward([np.ones_like(y)])

    assert np.isfinite(y).all()
    assert np.isfinite(lone.input_gradients[0]).all()


def test_heads_that_do_not_divide_the_features_are_refused():
    with pytest.raises(ShapeError) as refusal:
        MultiHeadAttention(heads=4).infer(ArrivingShapes.of((5, 6)))

    assert str(refusal.value) == (
        "MultiHeadAttention cannot part 6 features into 4 equal heads. "
        "Choose a number of heads that divides 6."
    )


def test_a_card_shows_the_heads():
    assert MultiHeadAttention(heads=1).line() == "1 head"
    assert MultiHeadAttention(heads=4, causal=True).line() == "4 heads · causal"
