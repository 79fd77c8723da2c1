"""A weight matrix as a small heat map: orange below zero, blue above."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.shapes import Shape
from gui.theme import diverging, theme

TALLEST = 168
LARGEST_CELL = 14
LARGEST_PICTURE = 28
"""Pixels of the screen along one side of a small picture, such as a kernel."""
GAP = 3


def reduced(matrix: NDArray[Any], rows: int, columns: int) -> NDArray[Any]:
    """A matrix with at most `rows` x `columns` entries: of each block, the entry of largest size.

    Keeping the largest entry shows a single strong weight that a mean would hide.
    """
    for axis, most in ((0, rows), (1, columns)):
        count = matrix.shape[axis]
        step = math.ceil(count / most)
        if step > 1:
            starts = np.arange(0, count, step)
            high = np.maximum.reduceat(matrix, starts, axis=axis)
            low = np.minimum.reduceat(matrix, starts, axis=axis)
            matrix = np.where(high >= -low, high, low)
    return matrix


class WeightMap(QWidget):
    """Paints a matrix (rows are units), or one picture per unit where the inputs are pixels.

    The tool tip names the weight under the pointer.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._matrix: NDArray[Any] = np.zeros((0, 0))
        self._shape: tuple[int, ...] = (0, 0)
        self._tile: tuple[int, int] | None = None
        self._image: QImage | None = None
        theme.changed.connect(self._repaint)

    def show_weights(self, weights: NDArray[Any], picture: Shape | None = None) -> None:
        """weights: (U, D), one row a unit, or (D,) for one unit.

        picture: (H, W) if each row, or the last two axes, are the pixels of a picture.
        """
        self._shape = weights.shape
        rows = len(weights) if weights.ndim > 1 else 1
        tile = None
        if picture and weights.size % math.prod(picture) == 0:
            tile = (picture[0], picture[1])
            rows = weights.size // math.prod(picture)
        matrix = weights.reshape(rows, -1)
        same_layout = matrix.shape == self._matrix.shape and tile == self._tile
        self._matrix, self._tile = matrix, tile
        if not same_layout:
            self.updateGeometry()
        self._repaint()

    def _repaint(self) -> None:
        self._image = None
        self.update()

    # Layout

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if not self._matrix.size:
            return 0
        if self._tile:
            _, rows, cell = self._tiling(width)
            return rows * (self._tile[0] * cell + GAP) - GAP
        return max(4, min(TALLEST, round(len(self._matrix) * self._cell(width))))

    def sizeHint(self) -> QSize:
        return QSize(220, self.heightForWidth(220))

    def _cell(self, width: int) -> float:
        return min(float(LARGEST_CELL), width / len(self._matrix[0]))

    def _tiling(self, width: int) -> tuple[int, int, int]:
        """Pictures per row, rows, and the size of a pixel."""
        assert self._tile
        height, across = self._tile
        for cell in range(max(4, LARGEST_PICTURE // max(height, across)), 0, -1):
            per_row = max(1, (width + GAP) // (across * cell + GAP))
            rows = math.ceil(len(self._matrix) / per_row)
            if rows * (height * cell + GAP) <= TALLEST + GAP:
                break
        most = max(1, (TALLEST + GAP) // (height * cell + GAP))
        return per_row, min(rows, most), cell

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._matrix.size:
            return
        painter = QPainter(self)
        if self._tile:
            self._paint_pictures(painter)
            return
        target = self._target()
        if self._image is None:
            self._image = diverging(
                reduced(self._matrix, target.height(), target.width()), theme.tokens
            )
        painter.drawImage(target, self._image)

    def _target(self) -> QRect:
        columns = self._matrix.shape[1]
        return QRect(0, 0, max(4, round(columns * self._cell(self.width()))), self.height())

    def _paint_pictures(self, painter: QPainter) -> None:
        assert self._tile
        height, across = self._tile
        per_row, rows, cell = self._tiling(self.width())
        shown = self._matrix[: per_row * rows]
        if self._image is None:
            self._image = diverging(shown.reshape(-1, across), theme.tokens)
        for unit in range(len(shown)):
            corner = QPoint(
                unit % per_row * (across * cell + GAP), unit // per_row * (height * cell + GAP)
            )
            target = QRect(corner, QSize(across * cell, height * cell))
            painter.drawImage(target, self._image, QRect(0, unit * height, across, height))

    # The weight under the pointer

    def weight_at(self, point: QPoint) -> tuple[int, int] | None:
        """Row and column of the weight painted at a point."""
        if not self._matrix.size:
            return None
        if self._tile:
            height, across = self._tile
            per_row, _, cell = self._tiling(self.width())
            across_step, down_step = across * cell + GAP, height * cell + GAP
            x, y = point.x() % across_step // cell, point.y() % down_step // cell
            unit = point.y() // down_step * per_row + point.x() // across_step
            inside = x < across and y < height and point.x() // across_step < per_row
            return (unit, y * across + x) if inside and unit < len(self._matrix) else None
        target = self._target()
        if not target.contains(point):
            return None
        rows, columns = self._matrix.shape
        return point.y() * rows // target.height(), point.x() * columns // target.width()

    def sentence(self, at: tuple[int, int]) -> str:
        """The weight at a row and column of what is painted: `w[3, 12] = 0.25`."""
        place = np.unravel_index(at[0] * self._matrix.shape[1] + at[1], self._shape)
        name = ", ".join(str(int(axis)) for axis in place)
        return f"w[{name}] = {self._matrix[at]:.4g}"

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            at = self.weight_at(event.pos())
            if at is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.sentence(at), self)
            return True
        return super().event(event)
