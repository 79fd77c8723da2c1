"""What of a part of the screen is free for names, by squares of a few pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

CELL = 3
"""Pixels along a side of a square."""

Cells = NDArray[np.intp]


class Placed(Protocol):
    @property
    def left(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...


Name = TypeVar("Name", bound=Placed)


class FreeRoom:
    """Where neither a card nor a name stands that was taken in before."""

    def __init__(
        self, region: QRectF, cards: Iterable[tuple[float, float, float, float]]
    ) -> None:
        """region: in pixels. cards: left, top, width, height of each, in pixels too."""
        self._corner = np.array([region.left(), region.top()])
        rows, columns = int(region.height() / CELL) + 1, int(region.width() / CELL) + 1
        self._shape = rows, columns
        self._taken = np.zeros(self._shape, bool)
        self._cards = np.fromiter(chain.from_iterable(cards), float).reshape(-1, 4)
        self._covered = self._count(self._cards)

    def _cells(self, rects: NDArray[np.float64]) -> tuple[Cells, Cells, Cells, Cells]:
        """First and last row and column of (K, 4) rectangles, which may lie outside."""
        first = np.rint((rects[:, :2] - self._corner) / CELL).astype(int)
        last = np.rint((rects[:, :2] + rects[:, 2:] - self._corner) / CELL).astype(int)
        return first[:, 1], np.maximum(last, first + 1)[:, 1], first[:, 0], np.maximum(last, first + 1)[:, 0]

    def _count(self, cards: NDArray[np.float64]) -> NDArray[np.intp]:
        """How many squares above and at the left of each corner (R+1, C+1) cards cover."""
        rows, columns = self._shape
        top, bottom, left, right = self._cells(cards)
        top, bottom = top.clip(0, rows), bottom.clip(0, rows)
        left, right = left.clip(0, columns), right.clip(0, columns)
        edges = np.zeros((rows + 1, columns + 1), int)
        for row, column, sign in (
            (top, left, 1),
            (top, right, -1),
            (bottom, left, -1),
            (bottom, right, 1),
        ):
            np.add.at(edges, (row, column), sign)
        covered = edges.cumsum(0).cumsum(1)[:rows, :columns] > 0
        sums = np.zeros((rows + 1, columns + 1), int)
        sums[1:, 1:] = covered.cumsum(0).cumsum(1)
        return sums
