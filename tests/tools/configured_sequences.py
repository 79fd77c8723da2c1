"""Configurations of the layers that read or make sequences."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.layers import LAYERS
from tests.tools.configured import configured, sizes

steps = st.integers(1, 7)


@st.composite
def _recurrent(draw, kind):
    settings = {
        "units": draw(sizes),
        "returns": draw(st.sampled_from(["last", "sequence"])),
        "direction": draw(st.sampled_from(["forward", "reverse", "bidirectional"])),
        "bias": draw(st.booleans()),
    }
    if kind == "gru":
        settings["reset_after"] = draw(st.booleans())
    if kind == "simple_rnn":
        settings["activation"] = draw(st.sampled_from(["tanh", "relu"]))
    layer = LAYERS.get(kind)(**settings)
    arriving = {"in": ((draw(steps), draw(sizes)),)}
    if draw(st.booleans()):
        arriving |= dict.fromkeys(layer.states, ((layer.units * layer.directions,),))
    return configured(draw, kind, arriving, **settings)


@st.composite
def _attention(draw):
    # Weights that a softmax of one step hides have a gradient of zero, and no digits to compare.
    long = st.integers(2, 6)
    heads = draw(st.integers(1, 3))
    arriving = {"in": ((draw(long), draw(sizes) * heads),)}
    if draw(st.booleans()):
        arriving["context"] = ((draw(long), draw(sizes)),)
    settings = {"heads": heads, "causal": draw(st.booleans()), "bias": draw(st.booleans())}
    return configured(draw, "multi_head_attention", arriving, **settings)


@st.composite
def _embedding(draw):
    tokens = draw(st.integers(1, 9))
    padding = draw(st.integers(-1, tokens - 1))
    return configured(
        draw, "embedding", (draw(steps),), tokens=tokens, width=draw(sizes), padding=padding
    )


@st.composite
def _repeat_vector(draw):
    return configured(draw, "repeat_vector", (draw(sizes),), steps=draw(steps))


@st.composite
def _mask(draw):
    value = draw(st.sampled_from([0.0, -1.0]))
    return configured(draw, "mask", (draw(steps), draw(sizes)), value=value)


@st.composite
def _positions(draw):
    positions = draw(st.sampled_from(["waves", "learned"]))
    return configured(draw, "positional_encoding", (draw(steps), draw(sizes)), positions=positions)


SEQUENCES = {
    **{kind: _recurrent(kind) for kind in ("simple_rnn", "lstm", "gru")},
    "multi_head_attention": _attention(),
    "embedding": _embedding(),
    "mask": _mask(),
    "repeat_vector": _repeat_vector(),
    "positional_encoding": _positions(),
}
