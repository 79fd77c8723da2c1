"""The same computations in PyTorch, written by hand, as an independent witness.

Activations run over axis 0 here too: tensors have examples as the last axis.
"""

from __future__ import annotations

import numpy as np

from tests.tools import (
    witness_convolution,
    witness_merging,
    witness_normalisation,
    witness_recurrent,
)
from tests.tools.written import WRITTEN


def activation(torch, function, z, parameters):
    """f(z) in torch for one of our activations.

    Hard sigmoid is spelled out: torch's own takes its sixth in float32 whatever the input.
    """
    f = torch.nn.functional
    by_kind = {
        "linear": lambda: z,
        "step": lambda: (z >= 0).to(z.dtype),
        "sigmoid": lambda: torch.sigmoid(z),
        "tanh": lambda: torch.tanh(z),
        "softsign": lambda: f.softsign(z),
        "hard_sigmoid": lambda: torch.clamp(function.alpha * z + function.beta, 0, 1),
        "relu": lambda: torch.relu(z),
        "leaky_relu": lambda: f.leaky_relu(z, function.leak),
        "prelu": lambda: _prelu(torch, z, parameters["leak"]),
        "elu": lambda: f.elu(z, function.alpha),
        "selu": lambda: f.selu(z),
        "softplus": lambda: torch.logaddexp(z, torch.zeros_like(z)),
        "softmax": lambda: torch.softmax(z, 0),
        "log_softmax": lambda: torch.log_softmax(z, 0),
        "silu": lambda: f.silu(z),
        "gelu": lambda: f.gelu(z),
        "mish": lambda: f.mish(z),
        "hard_swish": lambda: f.hardswish(z),
    }
    return by_kind[function.kind]()


def _prelu(torch, z, leak):
    """torch's own has the channels behind the examples."""
    return torch.nn.functional.prelu(z.movedim(-1, 0), leak).movedim(0, -1)


def layer(torch, layer, inputs, parameters, padding=None):
    """Outputs in torch for one of our layers: a list of tensors with examples last.

    padding: (N, S), true where attention may not ask.
    """

    def sums(x):
        product = parameters["weight"] @ x
        return product + parameters["bias"].reshape(-1, 1) if layer.bias else product

    def dense_row(x):
        return activation(torch, layer.activation, sums(x), parameters)

    by_kind = {
        "dense": lambda: _dense(torch, inputs[0], dense_row),
        "neuron": lambda: activation(
            torch, layer.activation, sums(torch.cat(inputs))[None].reshape(1, -1), parameters
        ),
        "activation": lambda: _activation(torch, layer.function, inputs[0], parameters),
        "reroute": lambda: inputs[0],
        "start": lambda: 0 * inputs[0] + sum(inputs[1:]),  # one step of it
        "flatten": lambda: inputs[0].movedim(-1, 0).flatten(1).movedim(0, -1),
        "reshape": lambda: _reshaped(inputs[0], layer.shape),
        "concat": lambda: torch.cat(inputs, dim=layer.axis),
        "add": lambda: torch.stack(inputs).sum(0),
        **witness_merging.layers(torch, layer, inputs),
        **witness_recurrent.layers(torch, layer, inputs, parameters, padding),
        **witness_normalisation.layers(torch, layer, inputs, parameters),
        **witness_convolution.layers(torch, layer, inputs, parameters, activation),
    }
    found = by_kind[layer.kind]()
    return list(found) if isinstance(found, tuple) else [found]


def _dense(torch, x, row):
    return row(x) if x.ndim == 2 else torch.stack([row(step) for step in x])


def _activation(torch, function, x, parameters):
    if not function.by_feature or x.ndim != 3:
        return activation(torch, function, x, parameters)
    return torch.stack([activation(torch, function, step, parameters) for step in x])


def _reshaped(x, shape):
    return x.movedim(-1, 0).reshape(x.shape[-1], *shape).movedim(0, -1)


NOT_WITNESSED = frozenset({"input", "output", "loss", "constant", "noise", *WRITTEN})
"""Kinds without a value to compare: ends, and what draws random numbers."""


def assert_agrees(ours, theirs, *, dtype):
    """1e-9 of the largest value in float64, 1e-4 in float32."""
    tolerance = 1e-9 if np.dtype(dtype) == np.float64 else 1e-4
    theirs = np.asarray(theirs)
    scale = max(1e-12, float(np.abs(theirs).max(initial=0)))
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance * scale)
