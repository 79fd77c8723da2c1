"""What transforms learn of a number column, stretch by stretch, so that it may be any length."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.data.table import Array, Column

BITS = 16
"""How many bits of a number one pass over a column settles when a median is looked for."""

NOISE = 1e-12
"""A deviation that is a smaller share of the mean comes from rounding."""


def present_in(column: Column) -> Iterator[Array]:
    """The values of each stretch that are not missing, as one row; stretches without any left out.

    Always float64, for sums to be exact enough.
    Of values of several numbers, each number counts by itself.
    """
    for piece in column.pieces():
        values = piece.values[~np.isnan(piece.values)]
        if values.size:
            yield values.astype(np.float64, copy=False)


def moments(column: Column) -> tuple[float, float]:
    """The mean and the variance of what is present; (0, 1) where nothing is.

    Stretches are joined by Chan, Golub and LeVeque's formula (1983).
    """
    count, mean, variance = 0, 0.0, 1.0
    for values in present_in(column):
        more, other, spread = values.size, float(values.mean()), float(values.var())
        if not count:
            count, mean, variance = more, other, spread
            continue
        total, apart = count + more, other - mean
        within = variance * (count / total) + spread * (more / total)
        variance = within + apart**2 * (count / total) * (more / total)
        mean += apart * (more / total)
        count = total
    return mean, variance


def scale_of(mean: float, deviation: float) -> float:
    """What to divide by: the deviation, or 1 for a constant, which has rounding noise alone."""
    return deviation if deviation > NOISE * abs(mean) else 1.0


def median(column: Column) -> float:
    """The middle of what is present, or the mean of the two in the middle; 0 where nothing is."""
    first, last = None, None
    count = 0
    for values in present_in(column):
        first = values if first is None else first
        last, count = values, count + values.size
    if first is None:
        return 0.0
    if last is first:
        return float(np.median(first))
    low, high = (_ranked(column, rank) for rank in ((count - 1) // 2, count // 2))
    return (low + high) / 2


def _ranked(column: Column, rank: int) -> float:
    """The value that has `rank` values before it in rising order.

    Numbers as whole numbers of the same order are settled from the highest bits down: each
    pass counts how many of those that agree so far have which next bits.
    """
    found = 0
    for shift in range(64 - BITS, -1, -BITS):
        counts = np.zeros(1 << BITS, np.int64)
        for values in present_in(column):
            ordered = _ordered(values)
            if shift + BITS < 64:
                ordered = ordered[ordered >> np.uint64(shift + BITS) == found]
            digits = (ordered >> np.uint64(shift)) & np.uint64((1 << BITS) - 1)
            counts += np.bincount(digits.astype(np.intp), minlength=1 << BITS)
        before = np.cumsum(counts)
        digit = int(np.searchsorted(before, rank, side="right"))
        rank -= int(before[digit - 1]) if digit else 0
        found = found << BITS | digit
    bits = found ^ (1 << 63) if found >> 63 else found ^ (1 << 64) - 1
    return float(np.uint64(bits).view(np.float64))


def _ordered(values: Array) -> Array:
    """Numbers as unsigned whole numbers that compare as they do."""
    bits = np.ascontiguousarray(values).view(np.uint64)
    negative = bits >> np.uint64(63) == 1
    return np.where(negative, ~bits, bits | np.uint64(1 << 63))
