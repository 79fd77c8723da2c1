"""What goes on inside a layer for one example: its gates step by step, its answers to questions.

Worked out from the weights and from what arrives, as a trained network would in
prediction: without dropout and without the shortcuts of a plan.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from engine.layers.attention import BIASED, MultiHeadAttention, later
from engine.layers.base import Array
from engine.layers.gru import GRU
from engine.layers.lstm import LSTM
from engine.layers.reading import Names
from engine.layers.recurrent import Recurrent

OwnWeights = Mapping[str, Array]
"""The parameters of one node, by name."""


def gates(
    layer: Recurrent,
    weights: OwnWeights,
    x: Array,
    first: Mapping[str, Array] | None = None,
    real: Array | None = None,
) -> dict[str, Array]:
    """What a recurrent layer decides at every step: by name (T, H), in the order of time.

    An LSTM has `input`, `forget`, `output` (0 to 1), the `candidate` (-1 to 1), its `memory`
    c and what it `shows`, h. A GRU has `keep` (z), `reset` (r), the `candidate` n and h; a
    simple one has h alone. Of a layer that reads both ways it is the way forwards.

    x: (T, D). first: what it starts from, h and c by port name, (H,) or (2 H,).
    real: which steps are real (T,); what is left out changes nothing and shows 0.
    """
    names, units = Names.of(0), layer.units
    w, r = weights[names.weight], weights[names.recurrent]
    none = np.zeros(len(w), w.dtype)
    of_x = x @ w.T + weights.get(names.bias, none)  # (T, D) @ (D, G H)
    of_h: Array = weights.get(names.recurrent_bias, none)
    start = {name: state[:units] for name, state in (first or {}).items()}
    h = start.get("hidden", np.zeros(units, w.dtype))
    c = start.get("cell", np.zeros(units, w.dtype))
    steps = range(len(x))
    found: dict[str, Array] = {}
    for step in reversed(steps) if layer.direction == "reverse" else steps:
        is_real = real is None or bool(real[step])
        if is_real:
            decided, h, c = _step(layer, of_x[step], r, of_h, h, c)
        else:
            decided = {}
        for name, values in {**decided, "shows": h if is_real else h * 0}.items():
            found.setdefault(name, np.zeros((len(x), units), w.dtype))[step] = values
    return found


def _step(
    layer: Recurrent, sums: Array, r_weight: Array, of_h: Array, h: Array, c: Array
) -> tuple[dict[str, Array], Array, Array]:
    """One step from W x + b_w, R and b_r: the gates, the new h and the new c."""
    more = r_weight @ h + of_h  # (G H, H) @ (H,) -> (G H,)
    if isinstance(layer, LSTM):
        i, o, f, g = np.split(sums + more, 4)
        i, o, f, g = _sigmoid(i), _sigmoid(o), _sigmoid(f), np.tanh(g)
        c = f * c + i * g
        named = {"input": i, "forget": f, "output": o, "candidate": g, "memory": c}
        return named, o * np.tanh(c), c
    if isinstance(layer, GRU):
        (z, r, n), (of_z, of_r, of_n) = np.split(sums, 3), np.split(more, 3)
        z, r = _sigmoid(z + of_z), _sigmoid(r + of_r)
        if layer.reset_after:
            n = np.tanh(n + r * of_n)
        else:
            last = slice(2 * layer.units, None)
            n = np.tanh(n + r_weight[last] @ (r * h) + of_h[last])
        return {"keep": z, "reset": r, "candidate": n}, z * h + (1 - z) * n, c
    activation = layer.__dict__["activation"]
    total = sums + more
    return {}, np.tanh(total) if activation == "tanh" else np.maximum(total, 0), c


def answers(
    layer: MultiHeadAttention,
    weights: OwnWeights,
    x: Array,
    context: Array | None = None,
    real: Array | None = None,
) -> Array:
    """How much each step takes from each step of the context, by head (heads, T, S).

    The rows sum to 1; those that may ask nothing are 0.

    x: (T, D). context: (S, C), or x itself. real: which steps of the context are real (S,).
    """
    context = x if context is None else context
    query, key = (
        (rows @ weights[name].T + (weights.get(f"{name}_bias", 0) if name in BIASED else 0))
        .reshape(len(rows), layer.heads, -1)
        .transpose(1, 0, 2)
        for name, rows in (("query", x), ("key", context))
    )  # (T, E) -> (h, T, d)
    scores = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[2])  # (h, T, S)
    if layer.causal:
        scores = scores + later(len(x), len(context))
    if real is not None:
        scores = np.where(real.astype(bool), scores, -np.inf)
    most = np.maximum(scores.max(axis=2, keepdims=True), np.finfo(scores.dtype).min)
    grown = np.exp(scores - most)
    total = np.maximum(grown.sum(axis=2, keepdims=True), np.finfo(scores.dtype).tiny)
    found: Array = grown / total
    return found


def _sigmoid(x: Array) -> Array:
    found: Array = 0.5 + 0.5 * np.tanh(0.5 * x)
    return found
