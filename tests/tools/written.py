"""Layers that PyTorch does not have, or not with these random numbers, as a written formula.

Each draws from a generator in the state that the layer's own was in.
"""

from __future__ import annotations

import numpy as np


def _kept(rng, shape, rate, dtype):
    """A mask: 1 / (1 - p) where a number from 0 to 1 is at least p from its end, else 0."""
    return np.floor(rng.random(shape, dtype) + dtype.type(1 - rate)) / dtype.type(1 - rate)


def _dropout(layer, x, rng, dtype):
    return (_kept(rng, tuple(x.shape), layer.rate, dtype) if layer.rate else 1.0), 0.0


def _spatial_dropout(layer, x, rng, dtype):
    if not layer.rate:
        return 1.0, 0.0
    channels, *places, batch = x.shape
    mask = _kept(rng, (channels, batch), layer.rate, dtype)
    return mask.reshape(channels, *(1 for _ in places), batch), 0.0


def _gaussian_noise(layer, x, rng, dtype):
    if not layer.deviation:
        return 1.0, 0.0
    return 1.0, layer.deviation * rng.standard_normal(tuple(x.shape), dtype)


WRITTEN = {
    "dropout": _dropout,
    "spatial_dropout": _spatial_dropout,
    "gaussian_noise": _gaussian_noise,
}
"""By kind: the factor and the summand that the drawn numbers make of x."""


def outputs_by_formula(torch, lone, inputs):
    """y = m x + a, as tensors."""
    rng = np.random.Generator(np.random.SFC64(0))
    rng.bit_generator.state = lone.random_state
    factor, summand = WRITTEN[lone.layer.kind](lone.layer, inputs[0], rng, lone.work.dtype)
    return [inputs[0] * torch.as_tensor(factor) + torch.as_tensor(summand)]
