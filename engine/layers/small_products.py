"""Large products of matrices as several small ones, which BLAS multiplies as they lie.

OpenBLAS copies both factors into an order of its own first, which pays only where each
number is used often. Up to a million multiply-adds it leaves that out: 16 filters of 150 on
1,000 columns then take 0.64 of the time, 32 filters of 27 on 4,000 columns 0.5 of it, a
projection of 64 features at 1,000 steps 0.8. Where the first factor is large, or a block
of columns would be narrow, nothing is gained, and it stays one product.
"""

from __future__ import annotations

import numpy as np

from engine.workspace import AddStep, Array

SMALL = 1_000_000
"""Multiply-adds up to which OpenBLAS multiplies matrices as they lie."""

NARROW = 64
"""Columns that a block should have at least."""


def blocks_of(rows: int, depth: int, columns: int) -> int:
    """Into how many equal blocks of columns a product (M, K) @ (K, P) is best cut; 1 for none."""
    if rows * depth * columns <= SMALL:
        return 1
    widest = SMALL // (rows * depth) if rows * depth else columns
    widths = (w for w in range(min(widest, columns), NARROW - 1, -1) if columns % w == 0)
    return columns // next(widths, columns)


def multiply(add_step: AddStep, left: Array, right: Array, out: Array) -> None:
    """Add the step out = left @ right. left: (M, K). right: (K, P). out: (M, P)."""
    (rows, depth), columns = left.shape, right.shape[1]
    count = blocks_of(rows, depth, columns)
    if count == 1:
        if out.flags.c_contiguous:
            add_step(np.dot, left, right, out)
        else:
            add_step(np.matmul, left, right, out=out)
        return
    # (M, K) @ (B, K, P / B) -> (B, M, P / B)
    add_step(np.matmul, left, _in_blocks(right, count), out=_in_blocks(out, count))


def multiply_groups(add_step: AddStep, left: Array, right: Array, out: Array) -> None:
    """The same for matrices of several groups, (G, M, K) and (G, K, P) to (G, M, P)."""
    if len(left) == 1:
        multiply(add_step, left[0], right[0], out[0])
    else:
        add_step(np.matmul, left, right, out=out)


def _in_blocks(matrix: Array, count: int) -> Array:
    """(K, P) as (B, K, P / B), a view."""
    return matrix.reshape(len(matrix), count, -1).transpose(1, 0, 2)
