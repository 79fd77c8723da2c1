"""The memory of the values in a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from engine import shapes
from engine.plan.memory import Take
from engine.shapes import Shape
from engine.workspace import Array, Value


class Block:
    """The output of one node, or the outputs of nodes that stand side by side.

    Memory is (size + 1, N) with a last row of ones, so that W x + b is one
    product. Of a shared block every node has one row.

    whole: all of it as one value.
    """

    __slots__ = ("whole",)

    def __init__(self, shape: Shape, batch: int, dtype: np.dtype[Any], take: Take) -> None:
        array, with_ones = memory(shape, batch, dtype, take)
        with_ones[-1] = 1
        self.whole = Value(array, with_ones)

    def give_gradient(self, with_row: Array) -> None:
        """with_row: where it goes, as large as `with_ones`."""
        whole = self.whole
        whole.gradient, whole.gradient_with_row = with_row[:-1].reshape(whole.array.shape), with_row

    @property
    def rows(self) -> int:
        return len(self.whole.with_ones) - 1

    @property
    def gradient_rows(self) -> Array | None:
        """The gradient as (size, N)."""
        gradient = self.whole.gradient
        return None if gradient is None else gradient.reshape(self.rows, gradient.shape[-1])

    def part(self, row: int | None) -> Value:
        """What a reader sees of this block, with the block's own gradient.

        row: the one row it reads, or None for everything.
        """
        whole = self.whole
        if row is None:
            return replace(whole)
        return Value(
            array=whole.array[row : row + 1],
            with_ones=whole.with_ones[row :: self.rows - row][:2],  # the row and the ones
            gradient=self.gradient_of(row),
        )

    def gradient_of(self, row: int | None) -> Array | None:
        """The gradient of a part."""
        gradient = self.whole.gradient
        return gradient if gradient is None or row is None else gradient[row : row + 1]


def memory(shape: Shape, batch: int, dtype: np.dtype[Any], take: Take) -> tuple[Array, Array]:
    """An array (*shape, N), and the same memory as (size + 1, N) with a row to spare."""
    with_row = take((shapes.size(shape) + 1, batch), dtype)
    return with_row[:-1].reshape(*shape, batch), with_row


def look_through(x: Value, y: Value) -> None:
    """Make y another look at the memory of x, for a layer that changes the shape or nothing."""
    y.array = x.array.reshape(y.array.shape)
    y.with_ones = x.with_ones
    y.gradient = None if x.gradient is None else x.gradient.reshape(y.array.shape)
    y.gradient_with_row = x.gradient_with_row
