"""Shapes of values, without the batch: (D,) features, (C, H, W) images, (T, D) sequences."""

from __future__ import annotations

import math

Shape = tuple[int, ...]


def size(shape: Shape) -> int:
    """How many numbers one example of this shape has."""
    return math.prod(shape)


def text(shape: Shape) -> str:
    """A shape as people write it: `64`, `1×8×8`."""
    return "×".join(str(length) for length in shape) if shape else "scalar"
