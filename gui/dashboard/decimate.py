"""Curves cut down to what a screen can show: the line looks the same, the paint is short."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

POINTS = 600
"""How many points of a curve are drawn at most: about one per pixel of a panel's half."""


def cut(x: Array, y: Array, points: int = POINTS) -> tuple[Array, Array]:
    """The least and the largest value of each bucket, in the order in which they came.

    Buckets hold a power of two of values and are counted from the first one, so that
    the part already drawn stands still while a curve grows. Values that are not
    finite are left out.

    Shapes: x, y (n,) -> two arrays of at most `points`.
    """
    finite = np.isfinite(y)
    if not finite.all():
        x, y = x[finite], y[finite]
    count = len(y)
    if count <= points:
        return np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    size = 4
    while 2 * -(-count // size) > points:
        size *= 2
    whole = count // size * size
    buckets = y[:whole].reshape(-1, size)
    starts = np.arange(0, whole, size)
    ends = np.sort(
        np.stack([starts + buckets.argmin(axis=1), starts + buckets.argmax(axis=1)]), axis=0
    ).T.ravel()
    if whole < count:
        rest = y[whole:]
        ends = np.append(ends, np.sort([whole + rest.argmin(), whole + rest.argmax()]))
    return np.asarray(x[ends], dtype=float), np.asarray(y[ends], dtype=float)
