"""Large products of matrices as several small ones, which BLAS multiplies as they lie.

OpenBLAS copies both factors into an order of its own first, which pays only where each
number is used often. Up to a million multiply-adds it leaves that out: 16 filters of 150 on
1,000 columns then take 0.64 of the time, 32 filters of 27 on 4,000 columns 0.5 of it, a
projection of 64 features at 1,000 steps 0.8. Where the first factor is large, or a block
of columns would be narrow, nothing is gained, and it stays one product.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from engine.workspace import AddStep, Array, Workspace

SMALL = 1_000_000
"""Multiply-adds up to which OpenBLAS multiplies matrices as they lie."""

NARROW = 64
"""Columns that a block should have at least."""


FEW = 1_200
"""Sums up to which it also multiplies rows by rows as they lie."""


@cache
def blocks_of(rows: int, depth: int, columns: int) -> int:
    """Into how many equal blocks of columns a product (M, K) @ (K, P) is best cut; 1 for none."""
    if rows * depth * columns <= SMALL:
        return 1
    widest = SMALL // (rows * depth) if rows * depth else columns
    widths = (w for w in range(min(widest, columns), NARROW - 1, -1) if columns % w == 0)
    return columns // next(widths, columns)


def multiply_rows(
    work: Workspace, add_step: AddStep, left: Array, right: Array, out: Array
) -> None:
    """Add the steps out = left @ rightᵀ, of long rows. left: (M, K). right: (N, K). out: (M, N).

    In blocks of the rows, whose products are added up. Of 28 by 32 rows of 4,096 that takes
    0.48 of the time; where there are more sums, `right` is turned first: 0.67 for 151 by 16.
    """
    rows, columns, length = *out.shape, left.shape[1]
    count = blocks_of(rows, columns, length)
    if count == 1 or (rows * columns > FEW and rows < 2 * columns):
        add_step(np.matmul, left, right.T, out=out)
        return
    parts = work.scratch(count, rows, columns)
    if rows * columns <= FEW:
        others = _in_blocks(right, count).transpose(0, 2, 1)
    else:
        turned = work.scratch(length, columns)
        add_step(np.copyto, turned, right.T)
        others = turned.reshape(count, -1, columns)
    # (B, M, K / B) @ (B, K / B, N) -> (B, M, N)
    add_step(np.matmul, _in_blocks(left, count), others, out=parts)
    add_step(np.add.reduce, parts, axis=0, out=out)


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
