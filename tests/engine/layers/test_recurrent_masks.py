"""SimpleRNN, LSTM and GRU over sequences of unequal lengths: against PyTorch's packed ones."""

from __future__ import annotations

import tracemalloc
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.layers.gru import GRU
from engine.layers.lstm import LSTM
from engine.layers.simple_rnn import SimpleRNN
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.configurations import seeds
from tests.tools.gradients import layer_gradients
from tests.tools.lone import LoneLayer, run
from tests.tools.masks import any_mask, trailing
from tests.tools.onnx_layer import outputs_in_onnxruntime
from tests.tools.witness import assert_agrees
from tests.tools.witness_recurrent import packed

RESETS_FIRST = partial(GRU, reset_after=False)
KINDS = [SimpleRNN, LSTM, GRU]
each_kind = pytest.mark.parametrize(
    "kind", [*KINDS, RESETS_FIRST], ids=["simple_rnn", "lstm", "gru", "gru that resets first"]
)
drawn = settings(max_examples=30, deadline=None, derandomize=True)
given_settings = {
    "units": st.integers(1, 5),
    "returns": st.sampled_from(["last", "sequence"]),
    "direction": st.sampled_from(["forward", "reverse", "bidirectional"]),
    "bias": st.booleans(),
}
sizes = {"steps": st.integers(1, 7), "features": st.integers(1, 4), "batch": st.integers(1, 5)}


def masked(layer, steps, features, mask, *, with_states=False, **keywords):
    width = layer.units * layer.directions
    states = {port: [(width,)] for port in layer.states} if with_states else {}
    arriving = {"in": [(steps, features)], **states}
    return LoneLayer(layer, arriving, batch=mask.shape[1], masks={"in": mask}, **keywords)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
@drawn
@given(seed=seeds, with_states=st.booleans(), **given_settings, **sizes)
@pytest.mark.witness
def test_unequal_lengths_agree_with_packed_sequences(
    kind, torch, steps, features, batch, seed, with_states, **given
):
    layer = kind(**given)
    lengths = np.random.default_rng(seed).integers(1, steps + 1, batch)
    mask = trailing(lengths, steps)
    for dtype in (np.float64, np.float32):
        lone = masked(layer, steps, features, mask, with_states=with_states, seed=seed, dtype=dtype)
        inputs = [torch.tensor(array.copy(), requires_grad=True) for array in lone.inputs]
        parameters = {
            name: torch.tensor(array.copy(), requires_grad=True)
            for name, array in lone.parameters.items()
        }
        (upstream,) = lone.upstream()
        (ours,) = lone.forward()
        lone.backward([upstream])
        theirs = packed(torch, layer, inputs, parameters, lengths)
        theirs.backward(torch.tensor(upstream.astype(dtype)))

        assert_agrees(ours, theirs.detach(), dtype=dtype)
        for gradient, tensor in zip(lone.input_gradients, inputs, strict=True):
            assert_agrees(gradient, tensor.grad, dtype=dtype)
        for name, tensor in parameters.items():
            assert_agrees(lone.parameter_gradients[name], tensor.grad, dtype=dtype)


@each_kind
@drawn
@given(seed=seeds, with_states=st.booleans(), **given_settings, **sizes)
def test_gradients_agree_with_central_differences_for_any_mask(
    kind, steps, features, batch, seed, with_states, **given
):
    mask = any_mask(seed, steps, batch)
    layer = kind(**given)
    layer_gradients(
        masked(layer, steps, features, mask, with_states=with_states, seed=seed), projected=True
    )


@each_kind
@drawn
@given(seed=seeds, with_states=st.booleans(), **given_settings, **sizes)
def test_onnxruntime_computes_the_same_for_any_mask(
    kind, steps, features, batch, seed, with_states, **given
):
    mask = any_mask(seed, steps, batch)
    lone = masked(
        kind(**given),
        steps,
        features,
        mask,
        with_states=with_states,
        seed=seed,
        dtype=np.float32,
        training=False,
    )
    (ours,) = lone.forward()
    (theirs,) = outputs_in_onnxruntime(lone)

    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@each_kind
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
def test_a_padded_sequence_gives_what_the_sequence_alone_gives(kind, direction):
    padded = masked(kind(units=3, direction=direction), 6, 2, trailing([4], 6), training=False)
    alone = LoneLayer(kind(units=3, direction=direction), [(4, 2)], batch=1, training=False)
    alone.inputs[0][...] = padded.inputs[0][:4]
    for name, array in alone.parameters.items():
        array[...] = padded.parameters[name]

    np.testing.assert_allclose(padded.forward()[0], alone.forward()[0], rtol=1e-12)


@each_kind
@pytest.mark.parametrize("returns", ["last", "sequence"])
def test_a_mask_that_hides_nothing_changes_no_digit(kind, returns):
    layer = kind(units=3, returns=returns, direction="bidirectional")
    plain = LoneLayer(layer, [(5, 2)], batch=4)
    shown = masked(layer, 5, 2, np.ones((5, 4)))
    upstream = plain.upstream()
    for lone in (plain, shown):
        lone.forward()
        lone.backward(upstream)

    np.testing.assert_array_equal(plain.outputs[0], shown.outputs[0])
    np.testing.assert_array_equal(plain.input_gradients[0], shown.input_gradients[0])
    for name, gradient in plain.parameter_gradients.items():
        np.testing.assert_array_equal(gradient, shown.parameter_gradients[name])


@each_kind
@pytest.mark.parametrize("returns", ["last", "sequence"])
def test_of_a_sequence_without_real_steps_only_the_first_state_is_left(kind, returns):
    layer = kind(units=2, returns=returns)
    lone = masked(layer, 4, 3, np.zeros((4, 2)), with_states=True)
    upstream = lone.upstream()
    (y,) = lone.forward()
    lone.backward(upstream)

    expected = lone.inputs[1] if returns == "last" else np.zeros((4, 2, 2))
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(lone.input_gradients[0], 0)
    if returns == "last":
        np.testing.assert_array_equal(lone.input_gradients[1], upstream[0])
    for gradient in lone.parameter_gradients.values():
        np.testing.assert_array_equal(gradient, 0)


@each_kind
def test_padding_of_any_size_changes_nothing(kind):
    lone = masked(kind(units=3, direction="bidirectional"), 6, 2, trailing([3, 6, 1], 6))
    (before,) = lone.forward()
    lone.inputs[0][lone.work.input.mask[:, None].repeat(2, axis=1) == 0] = 1e4
    (after,) = lone.forward()

    np.testing.assert_array_equal(before, after)


@each_kind
@pytest.mark.parametrize("training", [True, False])
def test_five_thousand_steps_with_padding_stay_finite(kind, training):
    lone = masked(
        kind(units=3, returns="sequence"),
        5000,
        2,
        trailing([4000, 1], 5000),
        dtype=np.float32,
        training=training,
    )
    (y,) = lone.forward()

    assert np.isfinite(y).all()
    assert not y[4000:].any()
    if training:
        lone.backward([np.ones_like(y)])
        assert np.isfinite(lone.input_gradients[0]).all()
        assert not lone.input_gradients[0][4000:].any()


@each_kind
def test_a_step_with_a_mask_allocates_nothing(kind):
    layer = kind(units=3, direction="bidirectional", returns="sequence")
    lone = masked(layer, 4, 2, any_mask(1, 4, 600), with_states=True, dtype=np.float32)
    lone.work.outputs[0].gradient.fill(0.5)

    def step():
        run(lone.work.forward_steps)
        run(lone.work.backward_steps)

    assert most_allocated(step) <= SLACK


@each_kind
def test_memory_grows_as_the_steps_do_and_no_faster(kind):
    def taken(steps):
        tracemalloc.start()
        lone = masked(kind(units=8), steps, 2, np.ones((steps, 4)), dtype=np.float32)
        found, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert lone.outputs
        return found

    taken(2)
    assert taken(1500) < 20 * taken(150)  # a square would be a hundred times as much
