"""What else recurrent layers can do: dropout, a cut way back, a memory between batches."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from engine.layers.gru import GRU
from engine.layers.lstm import LSTM
from engine.layers.simple_rnn import SimpleRNN
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.configurations import seeds
from tests.tools.gradients import layer_gradients
from tests.tools.lone import LoneLayer, run
from tests.tools.masks import any_mask, trailing
from tests.tools.witness import assert_agrees
from tests.tools.witness_recurrent import stepped

RESETS_FIRST = partial(GRU, reset_after=False)
KINDS = [SimpleRNN, LSTM, GRU]
each_kind = pytest.mark.parametrize(
    "kind", [*KINDS, RESETS_FIRST], ids=["simple_rnn", "lstm", "gru", "gru that resets first"]
)
drawn = settings(max_examples=30, deadline=None, derandomize=True)
rates = st.sampled_from([0.0, 0.3, 0.8])
given_settings = {
    "units": st.integers(1, 5),
    "returns": st.sampled_from(["last", "sequence"]),
    "direction": st.sampled_from(["forward", "reverse", "bidirectional"]),
    "bias": st.booleans(),
    "dropout": rates,
    "recurrent_dropout": rates,
    "truncate": st.integers(0, 4),
}
sizes = {"steps": st.integers(1, 7), "features": st.integers(1, 4), "batch": st.integers(1, 5)}


def alone(layer, steps, features, *, with_states=False, **keywords):
    width = layer.units * layer.directions
    states = {port: [(width,)] for port in layer.states} if with_states else {}
    return LoneLayer(layer, {"in": [(steps, features)], **states}, **keywords)


def factors_of(lone):
    """What is drawn in a forward pass, of x and of h, for each direction."""
    layer, dtype = lone.layer, lone.work.dtype
    rng = np.random.Generator(np.random.SFC64(0))
    rng.bit_generator.state = lone.random_state
    drawn = []
    for rate, rows in (
        (layer.dropout, lone.inputs[0].shape[1]),
        (layer.recurrent_dropout, layer.units),
    ):
        shape = (layer.directions, rows, lone.work.batch)
        kept = dtype.type(1 - rate)
        factor = np.floor(rng.random(shape, dtype) + kept) / kept if rate else np.ones(shape)
        drawn.append(factor.astype(dtype))
    return list(zip(*drawn, strict=True))


@each_kind
@drawn
@given(seed=seeds, with_states=st.booleans(), has_mask=st.booleans(), **given_settings, **sizes)
@pytest.mark.witness
def test_dropout_and_truncation_agree_with_torch(
    kind, torch, steps, features, batch, seed, with_states, has_mask, **given
):
    layer = kind(**given)
    mask = any_mask(seed, steps, batch) if has_mask else np.ones((steps, batch))
    masks = {"in": mask} if has_mask else None
    lone = alone(
        layer, steps, features, with_states=with_states, batch=batch, seed=seed, masks=masks
    )
    inputs = [torch.tensor(array.copy(), requires_grad=True) for array in lone.inputs]
    parameters = {
        name: torch.tensor(array.copy(), requires_grad=True)
        for name, array in lone.parameters.items()
    }
    (upstream,) = lone.upstream()
    (ours,) = lone.forward()
    lone.backward([upstream])
    factors = [[torch.tensor(f) for f in pair] for pair in factors_of(lone)]
    theirs = stepped(torch, layer, inputs, parameters, factors, layer.truncate, torch.tensor(mask))
    theirs.backward(torch.tensor(upstream))

    assert_agrees(ours, theirs.detach(), dtype=np.float64)
    for gradient, tensor in zip(lone.input_gradients, inputs, strict=True):
        grad = np.zeros(gradient.shape) if tensor.grad is None else tensor.grad
        assert_agrees(gradient, grad, dtype=np.float64)
    for name, tensor in parameters.items():
        grad = np.zeros(tensor.shape) if tensor.grad is None else tensor.grad
        assert_agrees(lone.parameter_gradients[name], grad, dtype=np.float64)


@each_kind
@drawn
@given(seed=seeds, **given_settings, **sizes)
def test_gradients_with_dropout_and_padding_agree_with_central_differences(
    kind, steps, features, batch, seed, **given
):
    layer = kind(**{**given, "truncate": 0})
    lengths = np.random.default_rng(seed).integers(0, steps + 1, batch)
    masks = {"in": trailing(lengths, steps)}
    layer_gradients(
        alone(layer, steps, features, batch=batch, seed=seed, masks=masks), projected=True
    )


@each_kind
def test_nothing_is_dropped_when_not_training(kind):
    dropping = LoneLayer(kind(dropout=0.5, recurrent_dropout=0.5), [(4, 3)], training=False)
    plain = LoneLayer(kind(), [(4, 3)], training=False)

    np.testing.assert_array_equal(dropping.forward()[0], plain.forward()[0])


@each_kind
def test_the_same_is_dropped_at_every_step_and_other_things_in_each_sequence(kind):
    lone = LoneLayer(kind(units=1, dropout=0.5), [(6, 40)], batch=8)
    lone.forward()
    lone.backward([np.ones((1, 8))])
    is_read = lone.input_gradients[0] != 0  # (T, D, N)

    assert (is_read == is_read[0]).all()
    assert 0.3 < is_read.mean() < 0.7
    assert len({tuple(column) for column in is_read[0].T}) == 8


@each_kind
def test_the_way_back_is_cut_every_so_many_steps(kind):
    lone = LoneLayer(kind(units=2, truncate=3), [(8, 2)], batch=2)
    lone.forward()
    lone.backward(lone.upstream())
    reached = [bool(gradient.any()) for gradient in lone.input_gradients[0]]

    assert reached == [False] * 6 + [True] * 2


@each_kind
def test_a_memory_between_batches_makes_two_halves_one_sequence(kind):
    whole = LoneLayer(kind(units=3), [(6, 2)], batch=4)
    halves = LoneLayer(kind(units=3, stateful=True), [(3, 2)], batch=4)
    for name, array in halves.parameters.items():
        array[...] = whole.parameters[name]
    for start in (0, 3):
        halves.inputs[0][...] = whole.inputs[0][start : start + 3]
        (last,) = halves.forward()

    np.testing.assert_array_equal(last, whole.forward()[0])


@each_kind
def test_a_memory_is_of_no_use_in_prediction(kind):
    lone = LoneLayer(kind(units=3, stateful=True), [(3, 2)], training=False)

    np.testing.assert_array_equal(lone.forward()[0], lone.forward()[0])


@each_kind
def test_a_step_with_everything_allocates_nothing(kind):
    layer = kind(units=3, dropout=0.2, recurrent_dropout=0.2, truncate=2, stateful=True)
    lone = LoneLayer(layer, [(5, 2)], batch=600, dtype=np.float32)
    lone.work.outputs[0].gradient.fill(0.5)

    def step():
        run(lone.work.forward_steps)
        run(lone.work.backward_steps)

    assert most_allocated(step) <= SLACK


def test_a_memory_of_both_ways_is_refused():
    with pytest.raises(ShapeError) as refusal:
        LSTM(stateful=True, direction="bidirectional").infer(ArrivingShapes.of((4, 2)))

    assert str(refusal.value) == (
        "LSTM cannot remember between batches and read both ways, since the way back would "
        "begin with what comes later. Let it read forwards."
    )


def test_a_memory_beside_a_first_state_is_refused():
    with pytest.raises(ShapeError) as refusal:
        GRU(units=2, stateful=True).infer(ArrivingShapes({"in": ((4, 2),), "hidden": ((2,),)}))

    assert str(refusal.value) == (
        "GRU remembers between batches, and its hidden port is wired as well. Remove that wire, "
        "or let it forget between batches."
    )
