"""MultiHeadAttention: against PyTorch over drawn settings, and by what must hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ShapeError
from engine.layers.attention import MultiHeadAttention
from engine.layers.base import ArrivingShapes
from tests.tools.configurations import seeds
from tests.tools.gradients import layer_gradients
from tests.tools.lone import LoneLayer
from tests.tools.onnx_layer import outputs_in_onnxruntime
from tests.tools.witness import layer as witness_layer


def assert_close(ours, theirs, dtype):
    """As `assert_agrees`; but weights that a softmax of one step hides have a gradient of zero."""
    tolerance = 1e-9 if dtype == np.float64 else 1e-4
    theirs = np.asarray(theirs)
    np.testing.assert_allclose(
        ours, theirs, rtol=tolerance, atol=tolerance * max(1.0, float(np.abs(theirs).max()))
    )


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    steps=st.integers(1, 6),
    size=st.integers(1, 4),
    context=st.one_of(st.none(), st.tuples(st.integers(1, 6), st.integers(1, 5))),
    heads=st.integers(1, 3),
    causal=st.booleans(),
    bias=st.booleans(),
    batch=st.integers(1, 5),
    seed=seeds,
)
@pytest.mark.witness
def test_any_settings_agree_with_torch(torch, steps, size, context, batch, seed, **given):
    layer = MultiHeadAttention(**given)
    arriving = {"in": [(steps, size * layer.heads)]} | ({"context": [context]} if context else {})
    for dtype in (np.float64, np.float32):
        lone = LoneLayer(layer, arriving, batch=batch, seed=seed, dtype=dtype)
        inputs = [torch.tensor(array.copy(), requires_grad=True) for array in lone.inputs]
        parameters = {
            name: torch.tensor(array.copy(), requires_grad=True)
            for name, array in lone.parameters.items()
        }
        (upstream,) = lone.upstream()
        (ours,) = lone.forward()
        lone.backward([upstream])
        (theirs,) = witness_layer(torch, layer, inputs, parameters)
        theirs.backward(torch.tensor(upstream.astype(dtype)))

        assert_close(ours, theirs.detach(), dtype)
        for gradient, tensor in zip(lone.input_gradients, inputs, strict=True):
            assert_close(gradient, tensor.grad, dtype)
        for name, tensor in parameters.items():
            assert_close(lone.parameter_gradients[name], tensor.grad, dtype)
    layer_gradients(LoneLayer(layer, arriving, batch=batch, seed=seed), projected=True)


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_onnxruntime_computes_the_same_from_a_context(causal, bias):
    layer = MultiHeadAttention(heads=2, causal=causal, bias=bias)
    arriving = {"in": [(5, 4)], "context": [(3, 6)]}
    lone = LoneLayer(layer, arriving, dtype=np.float32, training=False)

    np.testing.assert_allclose(
        outputs_in_onnxruntime(lone)[0], lone.forward()[0], rtol=1e-5, atol=1e-5
    )


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
