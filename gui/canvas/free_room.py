"""What of a part of the screen is free for names, by squares of a few pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

CELL = 4
"""Pixels along a side of a square."""

Array = NDArray[Any]


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
    """Where neither a card stands nor a name that was taken in before."""

    def __init__(self, region: QRectF, cards: Sequence[tuple[float, float, float, float]]) -> None:
        """region: in pixels. cards: left, top, width, height of each, in pixels too."""
        self._corner = np.array([region.left(), region.top()])
        self._shape = int(region.height() / CELL) + 1, int(region.width() / CELL) + 1
        self._cards = np.array(cards, float).reshape(-1, 4)
        self._covered = self._count()
        self._taken = np.zeros(self._shape, bool)

    def roomy(self, width: float, height: float) -> list[int]:
        """The numbers of the cards beside which there may be room for a name of this size."""
        size = self._cards[:, 2:]
        middle = (size - (width, height)) / 2
        places = (
            np.stack([middle[:, 0], np.full(len(size), -height)], 1),
            np.stack([middle[:, 0], size[:, 1]], 1),
            np.stack([np.full(len(size), -width), middle[:, 1]], 1),
            np.stack([size[:, 0], middle[:, 1]], 1),
        )
        free = np.zeros(len(size), bool)
        for place in places:
            top, bottom, left, right = self._squares(self._cards[:, :2] + place, (width, height))
            covered = self._covered
            # How many squares in there are covered, from the sums at its four corners.
            count = covered[bottom, right] - covered[top, right]
            count += covered[top, left] - covered[bottom, left]
            free |= (count == 0) & (bottom > top) & (right > left)
        found: list[int] = free.nonzero()[0].tolist()
        return found

    def take_first(self, names: Iterable[Name]) -> Name | None:
        """Take in the first of these that is free, or none."""
        return next((self.take(name) for name in names if self._is_free(name)), None)

    def take(self, name: Name) -> Name:
        top, bottom, left, right = self._squares_of(name)
        self._taken[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
        return name

    def _is_free(self, name: Placed) -> bool:
        top, bottom, left, right = self._squares_of(name)
        rows, columns = self._shape
        if top < 0 or left < 0 or bottom > rows or right > columns:
            return False
        covered = self._covered
        count = covered[bottom, right] - covered[top, right] - covered[bottom, left]
        return not (count + covered[top, left] or self._taken[top:bottom, left:right].any())

    def _squares_of(self, name: Placed) -> tuple[int, int, int, int]:
        """The rows and columns of squares from and up to which a name stands."""
        x, y = self._corner
        return (
            round((name.top - y) / CELL),
            round((name.top + name.height - y) / CELL),
            round((name.left - x) / CELL),
            round((name.left + name.width - x) / CELL),
        )

    def _squares(
        self, corners: Array, size: Array | tuple[float, float]
    ) -> tuple[Array, Array, Array, Array]:
        """The same for many (K, 2) at once, as far as they are in the region."""
        rows, columns = self._shape
        first = np.rint((corners - self._corner) / CELL).astype(int)
        last = np.rint((corners + size - self._corner) / CELL).astype(int)
        return (
            first[:, 1].clip(0, rows),
            last[:, 1].clip(0, rows),
            first[:, 0].clip(0, columns),
            last[:, 0].clip(0, columns),
        )

    def _count(self) -> Array:
        """How many squares above and at the left of each corner (R+1, C+1) cards cover."""
        rows, columns = self._shape
        top, bottom, left, right = self._squares(self._cards[:, :2], self._cards[:, 2:])
        edges = np.zeros((rows + 1, columns + 1), np.int32)
        np.add.at(edges, (top, left), 1)
        np.add.at(edges, (top, right), -1)
        np.add.at(edges, (bottom, left), -1)
        np.add.at(edges, (bottom, right), 1)
        covered = edges.cumsum(0, np.int32).cumsum(1, np.int32)[:rows, :columns] > 0
        sums = np.zeros((rows + 1, columns + 1), np.int32)
        sums[1:, 1:] = covered.cumsum(0, np.int32).cumsum(1, np.int32)
        return sums
