"""Sums of many numbers, in parts, so that the rounding errors of float32 do not add up.

One running sum of n numbers is off by some √n roundings; sums of the sums of parts are off by
those of a part. The memory is gone over once either way. Sums are products with ones, which are
several times faster than reductions.
"""

from __future__ import annotations

import math

import numpy as np

from engine.workspace import AddStep, Array, Workspace

LONG = 512
"""Numbers, one in each row of a matrix, that one product with ones adds up well enough."""

PART = 128
"""Rows that are one part of more: a product of fewer costs more to call than to compute."""

DENSE = 1 << 17
"""Numbers side by side that are added up well enough: in many running sums at once anyway."""


def bind_sums(work: Workspace, add_step: AddStep, values: Array, out: Array) -> None:
    """Add the steps that write the sums over the middle axis: (B, W, M) -> (B, 1, M)."""
    batches, length, width = values.shape
    row = work.constant(1, 1, min(length, LONG))
    while length > LONG:
        count, rest = divmod(length, PART)
        parts = work.scratch(batches, count + (rest > 0), 1, width)
        # (1, E) @ (B, K, E, M) -> (B, K, 1, M)
        whole = values[:, : count * PART].reshape(batches, count, PART, width)
        add_step(np.matmul, row[:, :PART], whole, out=parts[:, :count])
        if rest:
            _bind_product(add_step, row[:, :rest], values[:, -rest:], parts[:, -1])
        values, length = parts[:, :, 0], parts.shape[1]
    _bind_product(add_step, row[:, :length], values, out)


def bind_products(
    work: Workspace, add_step: AddStep, left: Array, right: Array, out: Array
) -> None:
    """Add the steps that write the sum of products of each row: (R, L) twice -> (R,)."""
    rows, length = left.shape
    if length <= DENSE:
        if rows == 1:
            add_step(np.dot, left[0], right[0], out.reshape(()))
        else:
            add_step(np.vecdot, left, right, out=out)
        return
    each = math.isqrt(length)
    count, rest = divmod(length, each)
    parts = work.scratch(rows, count + (rest > 0))
    pair = [array[:, : count * each].reshape(rows, count, each) for array in (left, right)]
    add_step(np.vecdot, *pair, out=parts[:, :count])  # (R, K, E) -> (R, K)
    if rest:
        add_step(np.vecdot, left[:, -rest:], right[:, -rest:], out=parts[:, -1])
    add_step(np.dot, parts, work.constant(1, parts.shape[1], 1)[:, 0], out=out)


def _bind_product(add_step: AddStep, row: Array, values: Array, out: Array) -> None:
    """(1, W) @ (B, W, M) -> (B, 1, M)"""
    if len(values) == 1:
        add_step(np.dot, row, values[0], out=out[0])
    else:
        add_step(np.matmul, row, values, out=out)
