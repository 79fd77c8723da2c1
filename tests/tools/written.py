"""Layers that PyTorch does not have, or not with these random numbers, as a written formula.

Each draws from a generator in the state that the layer's own was in.
"""

from __future__ import annotations

import numpy as np

from tests.tools import written_drawn


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


def _affine(factor_and_summand):
    """y = m x + a, with what the drawn numbers make of m and a."""

    def outputs(torch, layer, inputs, rng, dtype):
        factor, summand = factor_and_summand(layer, inputs[0], rng, dtype)
        return [inputs[0] * torch.as_tensor(factor) + torch.as_tensor(summand)]

    return outputs


WRITTEN = {
    "dropout": _affine(_dropout),
    "spatial_dropout": _affine(_spatial_dropout),
    "gaussian_noise": _affine(_gaussian_noise),
    **written_drawn.WRITTEN,
}
"""By kind: the outputs as tensors, from the inputs and a generator that draws what we drew."""


def outputs_by_formula(torch, lone, inputs):
    rng = np.random.Generator(np.random.SFC64(0))
    rng.bit_generator.state = lone.random_state
    return WRITTEN[lone.layer.kind](torch, lone.layer, inputs, rng, lone.work.dtype)
