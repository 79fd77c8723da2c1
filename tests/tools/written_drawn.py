"""Changes of images and draws of codes as written formulas: one dense matrix for each image.

y(q) = Σ_p A(q, p) x(p) + a(q), with A worked out pixel by pixel.
"""

from __future__ import annotations

import math

import numpy as np


def sampling(torch, layer, inputs, rng, dtype):
    mean, spread = inputs
    noise = rng.standard_normal((mean[..., 0].numel(), mean.shape[-1]), dtype).reshape(mean.shape)
    terms = mean**2 + spread.exp() - spread - 1
    divergence = terms.reshape(-1, mean.shape[-1]).sum(0, keepdim=True) / 2
    return [mean + (spread / 2).exp() * torch.as_tensor(noise), divergence]


def _moved(matrices_of):
    """The outputs of a layer from its matrices (N, Q, P) and what it adds (N, Q)."""

    def outputs(torch, layer, inputs, rng, dtype):
        (x,) = inputs
        channels, high, wide, batch = x.shape
        matrices, added = matrices_of(layer, high, wide, batch, rng, dtype)
        y = torch.einsum(
            "nqp,cpn->cqn",
            torch.as_tensor(matrices.astype(dtype)),
            x.reshape(channels, high * wide, batch),
        )
        return [(y + torch.as_tensor(added.T.astype(dtype))).reshape(x.shape)]

    return outputs


def _identity(high, wide, batch):
    return np.broadcast_to(np.eye(high * wide), (batch, high * wide, high * wide)).copy()


def _flip(layer, high, wide, batch, rng, dtype):
    matrices = _identity(high, wide, batch)
    for wanted, axis in ((layer.vertical, 1), (layer.horizontal, 2)):
        if wanted:
            flips = rng.random(batch) > 0.5
            images = matrices.reshape(batch, high, wide, -1)
            images[flips] = np.flip(images[flips], axis)
    return matrices, np.zeros((batch, high * wide))


def _shift(layer, high, wide, batch, rng, dtype):
    if not layer.pixels:
        return _identity(high, wide, batch), np.zeros((batch, high * wide))
    most = layer.pixels
    down, right = (np.floor(rng.random(batch) * (2 * most + 1)).astype(int) - most for _ in "hw")
    matrices = np.zeros((batch, high, wide, high, wide))
    added = np.full((batch, high, wide), layer.fill)
    for n, h, w in np.ndindex(batch, high, wide):
        there = h + down[n], w + right[n]
        if 0 <= there[0] < high and 0 <= there[1] < wide:
            matrices[n, h, w, there[0], there[1]] = 1
            added[n, h, w] = 0
    size = high * wide
    return matrices.reshape(batch, size, size), added.reshape(batch, size)


def _cut_out(layer, high, wide, batch, rng, dtype):
    covered = np.ones((batch, high, wide), bool)
    if layer.size:
        for axis, length in enumerate((high, wide)):
            first = np.floor(rng.random(batch, dtype) * dtype.type(length)) - layer.size // 2
            places = np.arange(length) - first[:, None]
            inside = (places >= 0) & (places < layer.size)
            covered &= inside[:, :, None] if axis == 0 else inside[:, None, :]
    else:
        covered[...] = False
    covered = covered.reshape(batch, -1)
    return np.eye(high * wide) * ~covered[:, :, None], layer.fill * covered


def _rotation(layer, high, wide, batch, rng, dtype):
    if not layer.degrees:
        return _identity(high, wide, batch), np.zeros((batch, high * wide))
    angles = np.float64(rng.random(batch, dtype) - dtype.type(0.5)) * math.radians(
        2 * layer.degrees
    )
    rows, columns = (grid.ravel() for grid in np.mgrid[:high, :wide])
    y, x = rows - (high - 1) / 2, columns - (wide - 1) / 2
    cosine, sine = np.cos(angles)[:, None], np.sin(angles)[:, None]
    from_row = cosine * y - sine * x + (high - 1) / 2
    from_column = sine * y + cosine * x + (wide - 1) / 2

    def tent(distance):
        return np.maximum(0, 1 - np.abs(distance))

    matrices = tent(from_row[..., None] - rows) * tent(from_column[..., None] - columns)
    return matrices, np.zeros((batch, high * wide))


WRITTEN = {
    "sampling": sampling,
    "random_flip": _moved(_flip),
    "random_shift": _moved(_shift),
    "cut_out": _moved(_cut_out),
    "random_rotation": _moved(_rotation),
}
