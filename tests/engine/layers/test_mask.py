"""Mask, and pooling over the steps that it leaves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from engine.layers.mask import Mask
from engine.layers.pool_global import GlobalAveragePool, GlobalMaxPool
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.configurations import seeds
from tests.tools.gradients import layer_gradients
from tests.tools.lone import LoneLayer, run
from tests.tools.masks import any_mask, trailing
from tests.tools.onnx_layer import outputs_in_onnxruntime

POOLS = [GlobalAveragePool, GlobalMaxPool]
each_pool = pytest.mark.parametrize("kind", POOLS, ids=lambda kind: kind.kind)
drawn = settings(max_examples=30, deadline=None, derandomize=True)
sizes = {"steps": st.integers(1, 7), "features": st.integers(1, 4), "batch": st.integers(1, 5)}


def pooled(kind, steps, features, mask, **keywords):
    layer = kind(over="steps")
    return LoneLayer(
        layer, [(steps, features)], batch=mask.shape[1], masks={"in": mask}, **keywords
    )


def by_hand(kind, x, mask):
    """Sequence by sequence, of its real steps alone."""
    columns = []
    for n in range(x.shape[-1]):
        real = x[mask[:, n] == 1, :, n]
        function = np.mean if kind is GlobalAveragePool else np.max
        columns.append(function(real, axis=0) if len(real) else np.zeros(x.shape[1]))
    return np.stack(columns, axis=-1)


def test_steps_all_of_whose_features_equal_the_value_are_padding():
    lone = LoneLayer(Mask(value=-1), [(3, 2)], batch=2)
    lone.inputs[0][..., 0] = [[1, 2], [-1, 5], [-1, -1]]
    lone.inputs[0][..., 1] = [[-1, -1], [0, 0], [-1, -1]]
    (y,) = lone.forward()
    lone.backward([np.ones_like(y)])

    np.testing.assert_array_equal(lone.work.output.mask, [[1, 0], [1, 1], [0, 0]])
    np.testing.assert_array_equal(y[..., 0], [[1, 2], [-1, 5], [0, 0]])
    np.testing.assert_array_equal(y[..., 1], 0)
    np.testing.assert_array_equal(lone.input_gradients[0][:, 0], [[1, 0], [1, 1], [0, 0]])


def test_a_card_says_what_is_padding():
    assert Mask(value=-1).line() == "-1 is padding"


@pytest.mark.parametrize("kind", [Mask, lambda: GlobalMaxPool(over="steps")])
def test_what_is_no_sequence_is_refused(kind):
    with pytest.raises(ShapeError, match=r"needs a sequence \(T, D\), got \(4,\)"):
        kind().infer(ArrivingShapes.of((4,)))


@each_pool
@drawn
@given(seed=seeds, **sizes)
def test_only_real_steps_are_pooled(kind, steps, features, batch, seed):
    mask = any_mask(seed, steps, batch)
    lone = pooled(kind, steps, features, mask, seed=seed)

    np.testing.assert_allclose(lone.forward()[0], by_hand(kind, lone.inputs[0], mask), rtol=1e-12)
    layer_gradients(pooled(kind, steps, features, mask, seed=seed), projected=True)


@each_pool
@drawn
@given(seed=seeds, **sizes)
def test_onnxruntime_computes_the_same_for_any_mask(kind, steps, features, batch, seed):
    mask = any_mask(seed, steps, batch)
    lone = pooled(kind, steps, features, mask, seed=seed, dtype=np.float32, training=False)
    (ours,) = lone.forward()
    (theirs,) = outputs_in_onnxruntime(lone)

    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@each_pool
def test_a_sequence_without_real_steps_gives_zero_and_gets_no_gradient(kind):
    lone = pooled(kind, 4, 3, trailing([0, 2], 4))
    (y,) = lone.forward()
    lone.backward(lone.upstream())

    np.testing.assert_array_equal(y[:, 0], 0)
    np.testing.assert_array_equal(lone.input_gradients[0][..., 0], 0)


@each_pool
def test_a_step_with_a_mask_allocates_nothing(kind):
    lone = pooled(kind, 4, 3, any_mask(3, 4, 600), dtype=np.float32)
    lone.work.outputs[0].gradient.fill(0.5)

    def step():
        run(lone.work.forward_steps)
        run(lone.work.backward_steps)

    assert most_allocated(step) <= SLACK
