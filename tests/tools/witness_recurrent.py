"""The recurrent layers in PyTorch, by its own kernels; tensors have examples as the last axis."""

from __future__ import annotations


def layers(torch, layer, inputs, parameters):
    """Calls that compute one of our recurrent layers, by kind."""
    return {
        "simple_rnn": lambda: _rnn(torch, layer, inputs, parameters),
        "lstm": lambda: _lstm(torch, layer, inputs, parameters),
        "gru": lambda: _gru(torch, layer, inputs, parameters),
        "repeat_vector": lambda: inputs[0].expand(layer.steps, *inputs[0].shape),
        "positional_encoding": lambda: _positions(torch, layer, inputs[0], parameters),
        "multi_head_attention": lambda: _attention(torch, layer, inputs, parameters),
        "embedding": lambda: _embedding(torch, layer, inputs[0], parameters["weight"]),
    }


def _positions(torch, layer, x, parameters):
    if layer.positions == "learned":
        return x + parameters["weight"][..., None]
    added = torch.zeros_like(x)
    for step in range(x.shape[0]):
        for column in range(x.shape[1]):
            angle = torch.tensor(step / 10_000 ** (column // 2 * 2 / x.shape[1]), dtype=x.dtype)
            added[step, column] = torch.cos(angle) if column % 2 else torch.sin(angle)
    return x + added


def _attention(torch, layer, inputs, parameters):
    x, context = (value.movedim(-1, 1) for value in (inputs[0], inputs[-1]))  # (T, N, D)
    p, width = parameters, x.shape[-1]
    biases = None
    if layer.bias:
        biases = torch.cat([p["query_bias"], x.new_zeros(width), p["value_bias"]])
    causal = torch.ones(len(x), len(context), dtype=torch.bool).triu(1) if layer.causal else None
    found, _ = torch.nn.functional.multi_head_attention_forward(
        x, context, context, width, layer.heads, None, biases, None, None, False, 0.0,
        p["output"], p["output_bias"] if layer.bias else None, attn_mask=causal,
        use_separate_proj_weight=True, q_proj_weight=p["query"], k_proj_weight=p["key"],
        v_proj_weight=p["value"],
    )  # fmt: skip
    return found.movedim(1, -1)


def _embedding(torch, layer, x, weight):
    tokens = x.detach().long().clamp(0, layer.tokens - 1)
    padding = None if layer.padding < 0 else layer.padding
    rows = torch.nn.functional.embedding(tokens, weight, padding)  # (T, N, D)
    return rows.transpose(1, 2) + 0 * x.sum()  # so that x has a gradient: zero


def _rnn(torch, layer, inputs, parameters):
    function = torch.rnn_tanh if layer.activation == "tanh" else torch.rnn_relu
    return _run(torch, layer, inputs, parameters, [0], function)


def _lstm(torch, layer, inputs, parameters):
    return _run(torch, layer, inputs, parameters, [0, 2, 3, 1], torch.lstm)  # i, f, g, o


def _gru(torch, layer, inputs, parameters):
    return _run(torch, layer, inputs, parameters, [1, 0, 2], torch.gru)  # r, z, n


def _run(torch, layer, inputs, parameters, order, function):
    """order: for each gate of PyTorch, its number among ours."""
    x = inputs[0].movedim(-1, 1)  # (T, N, D)
    if layer.direction == "reverse":
        x = x.flip(0)
    directions = 2 if layer.direction == "bidirectional" else 1

    def gates(name):
        parts = parameters[name].split(layer.units)
        return torch.cat([parts[number] for number in order])

    names = ["weight", "recurrent"] + (["bias", "recurrent_bias"] if layer.bias else [])
    flat = [gates(name + suffix) for suffix in ("", "_reverse")[:directions] for name in names]
    states = [_state(state, directions, layer.units) for state in inputs[1:]]
    if not states:
        zeros = x.new_zeros(directions, x.shape[1], layer.units)
        states = [zeros, zeros] if layer.kind == "lstm" else [zeros]
    start = states if layer.kind == "lstm" else states[0]
    found = function(x, start, flat, layer.bias, 1, 0.0, False, directions == 2, False)
    every, last = found[0], found[1]
    if layer.returns == "sequence":
        every = every.flip(0) if layer.direction == "reverse" else every
        return every.movedim(1, -1)
    return torch.cat(list(last), dim=-1).T


def _state(state, directions, units):
    """(directions H, N) as (directions, N, H)."""
    return state.reshape(directions, units, -1).transpose(1, 2).contiguous()
