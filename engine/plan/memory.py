"""Memory that starts where the processor likes to read."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.workspace import Array

CACHE_LINE = 64


def zeros(shape: tuple[int, ...] | int, dtype: np.dtype[Any] | type) -> Array:
    """An array of zeros that starts at a cache line.

    NumPy's own start anywhere; wide loads that straddle two lines make sums
    and products of a few thousand numbers take nearly twice as long.
    """
    dtype = np.dtype(dtype)
    shape = (shape,) if isinstance(shape, int) else shape
    size = math.prod(shape) * dtype.itemsize
    raw = np.zeros(size + CACHE_LINE, np.uint8)
    start = -raw.ctypes.data % CACHE_LINE
    return raw[start : start + size].view(dtype).reshape(shape)
