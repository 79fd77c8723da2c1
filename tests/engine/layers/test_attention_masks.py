"""Attention that leaves padding out: against PyTorch's key_padding_mask, and at the extremes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.layers.attention import MultiHeadAttention
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.configurations import seeds
from tests.tools.gradients import layer_gradients
from tests.tools.lone import LoneLayer, run
from tests.tools.masks import any_mask, trailing
from tests.tools.onnx_layer import outputs_in_onnxruntime
from tests.tools.witness import layer as witness_layer

drawn = settings(max_examples=40, deadline=None, derandomize=True)
given_settings = {
    "heads": st.integers(1, 3),
    "causal": st.booleans(),
    "bias": st.booleans(),
}
sizes = {
    "steps": st.integers(1, 6),
    "size": st.integers(1, 4),
    "context": st.one_of(st.none(), st.tuples(st.integers(1, 6), st.integers(1, 5))),
    "batch": st.integers(1, 5),
}


def masked(layer, steps, size, context, mask, **keywords):
    """Attention whose keys have a mask: those of the context, or its own."""
    arriving = {"in": [(steps, size * layer.heads)]} | ({"context": [context]} if context else {})
    masks = {"context" if context else "in": mask}
    return LoneLayer(layer, arriving, batch=mask.shape[1], masks=masks, **keywords)


def asked(steps, context):
    return context[0] if context else steps


def assert_close(ours, theirs, dtype):
    """Weights that a softmax of one step hides have a gradient of zero, not of any size."""
    tolerance = 1e-9 if dtype == np.float64 else 1e-4
    theirs = np.asarray(theirs)
    np.testing.assert_allclose(
        ours, theirs, rtol=tolerance, atol=tolerance * max(1.0, float(np.abs(theirs).max()))
    )


@drawn
@given(seed=seeds, **given_settings, **sizes)
@pytest.mark.witness
def test_padding_is_not_asked_as_in_torch(torch, steps, size, context, batch, seed, **given):
    layer, others = MultiHeadAttention(**given), asked(steps, context)
    mask = any_mask(seed, others, batch)
    mask[0] = 1  # PyTorch has no number where nothing may be asked
    for dtype in (np.float64, np.float32):
        lone = masked(layer, steps, size, context, mask, seed=seed, dtype=dtype)
        inputs = [torch.tensor(array.copy(), requires_grad=True) for array in lone.inputs]
        parameters = {
            name: torch.tensor(array.copy(), requires_grad=True)
            for name, array in lone.parameters.items()
        }
        (upstream,) = lone.upstream()
        (ours,) = lone.forward()
        lone.backward([upstream])
        (theirs,) = witness_layer(torch, layer, inputs, parameters, torch.tensor(mask.T == 0))
        theirs.backward(torch.tensor(upstream.astype(dtype)))

        assert_close(ours, theirs.detach(), dtype)
        for gradient, tensor in zip(lone.input_gradients, inputs, strict=True):
            assert_close(gradient, tensor.grad, dtype)
        for name, tensor in parameters.items():
            assert_close(lone.parameter_gradients[name], tensor.grad, dtype)


@drawn
@given(seed=seeds, **given_settings, **sizes)
def test_gradients_agree_with_central_differences_for_any_mask(
    steps, size, context, batch, seed, **given
):
    mask = any_mask(seed, asked(steps, context), batch)
    layer = MultiHeadAttention(**given)
    layer_gradients(masked(layer, steps, size, context, mask, seed=seed), projected=True)


@drawn
@given(seed=seeds, **given_settings, **sizes)
def test_onnxruntime_computes_the_same_for_any_mask(steps, size, context, batch, seed, **given):
    mask = any_mask(seed, asked(steps, context), batch)
    lone = masked(
        MultiHeadAttention(**given),
        steps,
        size,
        context,
        mask,
        seed=seed,
        dtype=np.float32,
        training=False,
    )
    (ours,) = lone.forward()
    (theirs,) = outputs_in_onnxruntime(lone)

    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("causal", [False, True])
def test_a_row_that_may_ask_nothing_mixes_nothing_and_teaches_nothing(causal):
    mask = np.ones((4, 3))
    mask[:, 1] = 0
    lone = masked(MultiHeadAttention(heads=2, causal=causal, bias=False), 4, 3, None, mask)
    (y,) = lone.forward()
    lone.backward(lone.upstream())

    np.testing.assert_array_equal(y[..., 1], 0)
    np.testing.assert_array_equal(lone.input_gradients[0][..., 1], 0)
    assert np.isfinite(y).all()
    assert all(np.isfinite(g).all() for g in lone.parameter_gradients.values())


def test_causal_attention_whose_first_steps_are_padding_stays_finite():
    mask = np.ones((5, 2))
    mask[:3] = 0
    lone = masked(MultiHeadAttention(heads=1, causal=True), 5, 2, None, mask)
    (y,) = lone.forward()
    lone.backward(lone.upstream())

    assert np.isfinite(y).all()
    assert np.isfinite(lone.input_gradients[0]).all()
    np.testing.assert_allclose(
        y[:3], np.broadcast_to(lone.parameters["output_bias"][:, None], (3, 2, 2))
    )


@pytest.mark.parametrize("real", [0, 1])
def test_a_sequence_of_one_step_attends_to_itself_or_to_nothing(real):
    layer = MultiHeadAttention(heads=1, bias=False)
    lone = masked(layer, 1, 2, None, np.full((1, 3), real))
    (y,) = lone.forward()
    x, p = lone.inputs[0][0], lone.parameters

    np.testing.assert_allclose(y[0], real * (p["output"] @ p["value"] @ x), rtol=1e-12)


def test_scores_of_ten_thousand_either_way_stay_finite_beside_padding():
    lone = masked(MultiHeadAttention(heads=1), 5, 4, None, trailing([3, 5, 1], 5), dtype=np.float32)
    lone.inputs[0][...] = np.sign(lone.inputs[0]) * 1e2  # products of some ±1e4
    lone.inputs[0][3:] *= 100
    (y,) = lone.forward()
    lone.backward([np.ones_like(y)])

    assert np.isfinite(y).all()
    assert np.isfinite(lone.input_gradients[0]).all()
    assert all(np.isfinite(g).all() for g in lone.parameter_gradients.values())


def test_padding_of_any_size_changes_nothing():
    lone = masked(MultiHeadAttention(heads=2), 6, 2, None, trailing([4], 6))
    (before,) = lone.forward()
    lone.inputs[0][4:] = 1e5
    (after,) = lone.forward()

    np.testing.assert_array_equal(before[:4], after[:4])


def test_a_step_with_a_mask_allocates_nothing():
    layer = MultiHeadAttention(heads=2, causal=True)
    lone = masked(layer, 4, 3, None, any_mask(3, 4, 600), dtype=np.float32)
    lone.work.outputs[0].gradient.fill(0.5)

    def step():
        run(lone.work.forward_steps)
        run(lone.work.backward_steps)

    assert most_allocated(step) <= SLACK
