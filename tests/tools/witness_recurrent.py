"""The recurrent layers in PyTorch, by its own kernels; tensors have examples as the last axis."""

from __future__ import annotations


def layers(torch, layer, inputs, parameters, padding=None):
    """Calls that compute one of our recurrent layers, by kind.

    padding: (N, S), true where attention may not ask.
    """
    return {
        "simple_rnn": lambda: _rnn(torch, layer, inputs, parameters),
        "lstm": lambda: _lstm(torch, layer, inputs, parameters),
        "gru": lambda: _gru(torch, layer, inputs, parameters),
        "repeat_vector": lambda: inputs[0].expand(layer.steps, *inputs[0].shape),
        "positional_encoding": lambda: _positions(torch, layer, inputs[0], parameters),
        "multi_head_attention": lambda: _attention(torch, layer, inputs, parameters, padding),
        "mask": lambda: inputs[0] * (inputs[0] != layer.value).any(1, keepdim=True),
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


def _attention(torch, layer, inputs, parameters, padding):
    x, context = (value.movedim(-1, 1) for value in (inputs[0], inputs[-1]))  # (T, N, D)
    p, width = parameters, x.shape[-1]
    biases = None
    if layer.bias:
        biases = torch.cat([p["query_bias"], x.new_zeros(width), p["value_bias"]])
    causal = torch.ones(len(x), len(context), dtype=torch.bool).triu(1) if layer.causal else None
    found, _ = torch.nn.functional.multi_head_attention_forward(
        x, context, context, width, layer.heads, None, biases, None, None, False, 0.0,
        p["output"], p["output_bias"] if layer.bias else None, attn_mask=causal,
        key_padding_mask=padding,
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
    if not layer.reset_after:  # which torch has not
        return stepped(torch, layer, inputs, parameters, [(1, 1)] * layer.directions)
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


def packed(torch, layer, inputs, parameters, lengths):
    """One of our recurrent layers over sequences that end with padding, by packed sequences."""
    x, steps = inputs[0].movedim(-1, 1), inputs[0].shape[0]  # (T, N, D)
    if layer.direction == "reverse":  # each from its own end
        x = _turned(torch, x, lengths)
    kind = {"simple_rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[layer.kind]
    more = {"nonlinearity": layer.activation} if layer.kind == "simple_rnn" else {}
    both = layer.direction == "bidirectional"
    module = kind(
        x.shape[-1], layer.units, bias=layer.bias, bidirectional=both, dtype=x.dtype, **more
    )
    order = {"simple_rnn": [0], "lstm": [0, 2, 3, 1], "gru": [1, 0, 2]}[layer.kind]
    theirs = {
        "weight": "weight_ih_l0", "recurrent": "weight_hh_l0",
        "bias": "bias_ih_l0", "recurrent_bias": "bias_hh_l0",
    }  # fmt: skip
    weights = {}
    for name, tensor in parameters.items():
        parts = tensor.split(layer.units)
        key = theirs[name.removesuffix("_reverse")]
        key += "_reverse" if name.endswith("_reverse") else ""
        weights[key] = torch.cat([parts[number] for number in order])
    states = tuple(_state(state, 2 if both else 1, layer.units) for state in inputs[1:])
    rnn = torch.nn.utils.rnn
    sequence = rnn.pack_padded_sequence(x, torch.as_tensor(lengths), enforce_sorted=False)
    given = (states if layer.kind == "lstm" else states[0],) if states else ()
    every, last = torch.func.functional_call(module, weights, (sequence, *given))
    if layer.returns == "last":
        last = last[0] if layer.kind == "lstm" else last
        return torch.cat(list(last), dim=-1).T
    every, _ = rnn.pad_packed_sequence(every, total_length=steps)
    if layer.direction == "reverse":
        every = _turned(torch, every, lengths)
    return every.movedim(1, -1)


def _turned(torch, x, lengths):
    """(T, N, D), the first steps of each sequence in the opposite order."""
    columns = [
        torch.cat([x[:length, n].flip(0), x[length:, n]]) for n, length in enumerate(lengths)
    ]
    return torch.stack(columns, dim=1)


def stepped(torch, layer, inputs, parameters, factors, truncate=0, mask=None):
    """One of our recurrent layers step by step, by its formulas.

    factors: for each direction, what each product multiplies x and h by, (D, N) and (H, N).
    truncate: what is remembered is cut off from its past every so many steps. mask: (T, N), at
    which steps it reads; at the others what it remembers stays.
    """
    x, every = inputs[0], []
    for number, (of_x, of_h) in enumerate(factors):
        suffix = "_reverse" if number else ""
        w, r = parameters["weight" + suffix], parameters["recurrent" + suffix]
        zero = w.new_zeros(len(w), 1)
        bias = parameters["bias" + suffix][:, None] if layer.bias else zero
        recurrent_bias = parameters["recurrent_bias" + suffix][:, None] if layer.bias else zero
        rows = slice(number * layer.units, (number + 1) * layer.units)
        zeros = x.new_zeros(layer.units, x.shape[-1])
        state = [given[rows] for given in inputs[1:]] or [zeros] * len(layer.states)
        times = range(len(x))
        if layer.direction == "reverse" or number:
            times = times[::-1]
        found = {}
        for step, time in enumerate(times):
            if truncate and step and step % truncate == 0:
                state = [s.detach() for s in state]
            read = w @ (x[time] * of_x) + bias
            remembered = r @ (state[0] * of_h) + recurrent_bias

            def reset(by, remembered=remembered, of_h=of_h, state=state, r=r, b=recurrent_bias):
                if layer.reset_after:
                    return by * remembered[2 * layer.units :]
                rows = slice(2 * layer.units, None)
                return r[rows] @ (by * state[0] * of_h) + b[rows]

            new, there = _next(torch, layer, read, remembered, state, reset), 1.0
            if mask is not None:
                there = mask[time]
                new = [
                    there * s + (1 - there) * before for s, before in zip(new, state, strict=True)
                ]
            state = new
            found[time] = there * state[0]
        last = state[0]
        every.append(
            last if layer.returns == "last" else torch.stack([found[t] for t in range(len(x))])
        )
    return torch.cat(every, dim=-2)


def _next(torch, layer, read, remembered, state, reset):
    """reset: what a GRU's reset gate leaves of the product with what is remembered."""
    if layer.kind == "simple_rnn":
        function = torch.tanh if layer.activation == "tanh" else torch.relu
        return [function(read + remembered)]
    if layer.kind == "lstm":
        i, o, f, g = (read + remembered).split(layer.units)
        c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
        return [torch.sigmoid(o) * torch.tanh(c), c]
    z, r, n = read.split(layer.units)
    of_z, of_r, _ = remembered.split(layer.units)
    z, r = torch.sigmoid(z + of_z), torch.sigmoid(r + of_r)
    return [z * state[0] + (1 - z) * torch.tanh(n + reset(r))]
