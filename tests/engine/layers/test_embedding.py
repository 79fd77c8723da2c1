"""Embedding: by hand, large vocabularies against PyTorch, padding and the ends of the tokens."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ShapeError
from engine.layers import embedding
from engine.layers.base import ArrivingShapes
from engine.layers.embedding import Embedding
from tests.tools.lone import LoneLayer
from tests.tools.witness import assert_agrees
from tests.tools.witness import layer as witness_layer


def test_rows_are_looked_up_and_their_gradients_added():
    lone = LoneLayer(Embedding(tokens=3, width=2), [(2,)], batch=2)
    lone.parameters["weight"][...] = [[0, 1], [10, 11], [20, 21]]
    lone.inputs[0][...] = [[2, 0], [2, 1]]
    (y,) = lone.forward()
    lone.backward([np.arange(8.0).reshape(2, 2, 2)])

    np.testing.assert_array_equal(y[..., 0], [[20, 21], [20, 21]])
    np.testing.assert_array_equal(y[..., 1], [[0, 1], [10, 11]])
    np.testing.assert_array_equal(
        lone.parameter_gradients["weight"], [[1, 3], [5, 7], [0 + 4, 2 + 6]]
    )
    np.testing.assert_array_equal(lone.input_gradients[0], 0)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    tokens=st.integers(1, 9),
    width=st.integers(1, 5),
    steps=st.integers(1, 6),
    batch=st.integers(1, 5),
    padded=st.booleans(),
    seed=st.integers(0, 10_000),
)
@pytest.mark.witness
def test_large_vocabularies_agree_with_torch(torch, tokens, width, steps, batch, padded, seed):
    """Those sum their gradients another way than the small ones that all layers' tests draw."""
    layer = Embedding(tokens=tokens, width=width, padding=seed % tokens if padded else -1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedding, "FEW", 0)
        lone = LoneLayer(layer, [(steps,)], batch=batch, seed=seed)
    lone.inputs[0][...] = lone.rng.integers(-1, tokens + 1, lone.inputs[0].shape)
    weight = torch.tensor(lone.parameters["weight"].copy(), requires_grad=True)
    (upstream,) = lone.upstream()
    (ours,) = lone.forward()
    lone.backward([upstream])
    (theirs,) = witness_layer(torch, layer, [torch.tensor(lone.inputs[0])], {"weight": weight})
    theirs.backward(torch.tensor(upstream))

    assert_agrees(ours, theirs.detach(), dtype=np.float64)
    assert_agrees(lone.parameter_gradients["weight"], weight.grad, dtype=np.float64)


def test_the_padding_token_starts_at_zero():
    (spec,) = Embedding(tokens=4, width=3, padding=2).parameters(ArrivingShapes.of((5,)))
    weight = np.full((4, 3), 7.0)
    spec.initializer.fill(np.random.default_rng(0), weight, 1, 3)

    np.testing.assert_array_equal(np.flatnonzero(~weight.any(axis=1)), [2])


def test_what_is_no_row_of_tokens_is_refused():
    with pytest.raises(ShapeError) as refusal:
        Embedding().infer(ArrivingShapes.of((5, 2)))

    assert str(refusal.value) == (
        "Embedding needs a row of tokens (T,), got (5, 2). Put a Flatten before it."
    )


def test_a_padding_token_that_is_no_token_is_refused():
    with pytest.raises(ShapeError) as refusal:
        Embedding(tokens=4, padding=4).infer(ArrivingShapes.of((5,)))

    assert str(refusal.value) == (
        "Embedding has no token 4 to pad with: there are 4. Set the padding to at most 3."
    )


def test_a_card_shows_tokens_and_width():
    assert Embedding(tokens=1000, width=32).line() == "1,000 tokens · 32"
