"""SimpleRNN, LSTM and GRU: by hand, and by what must hold."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.layers.base import ArrivingShapes
from engine.layers.gru import GRU
from engine.layers.lstm import LSTM
from engine.layers.simple_rnn import SimpleRNN
from tests.tools.lone import LoneLayer

KINDS = [SimpleRNN, LSTM, GRU]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)


def with_states(layer, steps, features, **keywords):
    """A layer alone whose first state arrives at its ports."""
    width = layer.units * layer.directions
    arriving = {"in": [(steps, features)], **{port: [(width,)] for port in layer.states}}
    return LoneLayer(layer, arriving, **keywords)


def test_two_steps_of_one_number_by_hand():
    lone = LoneLayer(SimpleRNN(units=1, activation="relu"), [(2, 1)], batch=1)
    for name, value in {"weight": 2, "recurrent": 3, "bias": 1, "recurrent_bias": -4}.items():
        lone.parameters[name][...] = value
    lone.inputs[0][...] = np.array([5.0, 7])[:, None, None]
    (y,) = lone.forward()
    lone.backward([np.ones((1, 1))])

    np.testing.assert_array_equal(y, [[32]])  # h = 10 + 1 - 4 = 7, then 14 + 21 + 1 - 4
    np.testing.assert_array_equal(lone.input_gradients[0].ravel(), [3 * 2, 2])
    np.testing.assert_array_equal(lone.parameter_gradients["weight"], [[3 * 5 + 7]])
    np.testing.assert_array_equal(lone.parameter_gradients["recurrent"], [[7]])
    np.testing.assert_array_equal(lone.parameter_gradients["bias"], [3 + 1])
    np.testing.assert_array_equal(lone.parameter_gradients["recurrent_bias"], [3 + 1])


@each_kind
def test_a_sequence_is_as_many_single_steps(kind):
    whole = LoneLayer(kind(units=3, returns="sequence"), [(6, 2)], training=False)
    single = with_states(kind(units=3), 1, 2, training=False)
    for name, array in single.parameters.items():
        array[...] = whole.parameters[name]
    for state in single.inputs[1:]:
        state[...] = 0
    for step, expected in enumerate(whole.forward()[0]):
        single.inputs[0][...] = whole.inputs[0][step]
        (h,) = single.forward()
        if kind is LSTM:
            single.inputs[2][...] = _next_memory(single)
        single.inputs[1][...] = h

        np.testing.assert_allclose(h, expected, rtol=1e-12)


def _next_memory(lone):
    """c after one LSTM step in plain NumPy, from what arrives."""
    (x,), h, c = lone.inputs
    p = lone.parameters
    bias = (p["bias"] + p["recurrent_bias"])[:, None]
    i, _, f, g = np.split(p["weight"] @ x + p["recurrent"] @ h + bias, 4)
    return c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))


@each_kind
@pytest.mark.parametrize("training", [True, False])
def test_five_thousand_steps_stay_finite(kind, training):
    lone = LoneLayer(kind(units=4), [(5000, 2)], batch=2, dtype=np.float32, training=training)
    lone.inputs[0][...] *= 1e4
    (y,) = lone.forward()

    assert np.isfinite(y).all()
    if training:
        lone.backward([np.ones_like(y)])
        assert np.isfinite(lone.input_gradients[0]).all()
        assert all(np.isfinite(g).all() for g in lone.parameter_gradients.values())


@each_kind
def test_a_second_backward_pass_gives_the_same_gradients(kind):
    lone = with_states(kind(units=3, direction="bidirectional", returns="sequence"), 4, 2)
    upstream = lone.upstream()
    lone.forward()
    lone.backward(upstream)
    first = [g.copy() for g in (*lone.input_gradients, *lone.parameter_gradients.values())]
    lone.forward()
    lone.backward(upstream)
    second = [*lone.input_gradients, *lone.parameter_gradients.values()]

    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


@each_kind
def test_both_ways_is_one_layer_forwards_beside_one_backwards(kind):
    both = LoneLayer(kind(units=2, direction="bidirectional"), [(4, 3)], training=False)
    parts = []
    for direction, suffix in (("forward", ""), ("reverse", "_reverse")):
        lone = LoneLayer(kind(units=2, direction=direction), [(4, 3)], training=False)
        lone.inputs[0][...] = both.inputs[0]
        for name, array in lone.parameters.items():
            array[...] = both.parameters[name + suffix]
        parts += lone.forward()

    np.testing.assert_allclose(both.forward()[0], np.concatenate(parts), rtol=1e-12)


def test_an_lstm_begins_by_remembering():
    *_, bias, recurrent_bias = LSTM(units=2).parameters(ArrivingShapes.of((3, 1)))
    start = np.full(8, 7.0)
    bias.initializer.fill(np.random.default_rng(0), start, 1, 2)

    np.testing.assert_array_equal(start, [0, 0, 0, 0, 1, 1, 0, 0])
    assert (bias.beside, recurrent_bias.beside) == ("weight", "recurrent")


@each_kind
@pytest.mark.parametrize("shape", [(64,), (3, 8, 8)])
def test_what_is_no_sequence_is_refused(kind, shape):
    with pytest.raises(ShapeError) as refusal:
        kind().infer(ArrivingShapes.of(shape))

    assert str(refusal.value) == (
        f"{kind.label} needs a sequence (T, D), got {shape}. Put a Reshape before it."
    )


def test_a_first_state_of_another_size_is_refused():
    layer = LSTM(units=2, direction="bidirectional")

    with pytest.raises(ShapeError) as refusal:
        layer.infer(ArrivingShapes({"in": ((5, 1),), "hidden": ((2,),), "cell": ((4,),)}))
    assert str(refusal.value) == (
        "LSTM starts from 4 numbers at its hidden port, got 2. Put a Dense of 4 units before it."
    )


def test_half_of_a_first_state_is_refused():
    with pytest.raises(ShapeError) as refusal:
        LSTM(units=2).infer(ArrivingShapes({"in": ((5, 1),), "cell": ((2,),)}))

    assert str(refusal.value) == (
        "LSTM has its cell port wired and nothing at hidden. Wire both, or none."
    )


def test_a_card_shows_size_direction_and_what_comes_out():
    assert LSTM(units=32).line() == "32"
    assert GRU(units=8, direction="bidirectional", returns="sequence").line() == (
        "8 · both ways · every step"
    )
    assert LSTM(units=2).multiply_adds(ArrivingShapes.of((5, 3))) == 5 * 8 * (3 + 2)
