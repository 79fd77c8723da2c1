"""What a network answers at every point of a plane of two features, and examples on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from gui.theme import theme, ui_font
from gui.widgets.class_marks import draw_mark, mark_color, paint_key
from gui.widgets.heat import surface
from gui.widgets.plane import Plane

if TYPE_CHECKING:
    from engine.data.dataset import Dataset

Array = NDArray[Any]

CELLS = 48
"""Cells of the picture in each direction."""
TITLE = 24
POINTS = 300
"""Examples drawn on it at most, spread evenly."""
RADIUS = 2.6


class DecisionPlane(QWidget):
    """A line of text, and under it the picture with its marks.

    side: of the picture, in pixels.
    names: whether the line says what the classes are called; else it is the title.
    """

    def __init__(self, side: int, names: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ""
        self._side = side
        self._names = names
        self._values: Array | None = None
        self._activation = ""
        self._image: QImage | None = None
        self._points = QPixmap()
        self._examples: tuple[Dataset, Array, Plane] | None = None
        self.set_side(side)
        theme.changed.connect(self._dress)

    def set_side(self, side: int) -> None:
        """Let the picture be so many pixels wide and high."""
        size = QSize(side, TITLE + side)
        if size != self.size():
            self._side = side
            self.setFixedSize(size)
            self._draw_examples()

    @property
    def image(self) -> QImage | None:
        """The picture without the examples."""
        return self._image

    @property
    def rows(self) -> Array:
        """The examples that are drawn on it."""
        return self._examples[1] if self._examples else np.zeros(0, np.intp)

    def show_answers(self, title: str, values: Array, activation: str) -> bool:
        """Draw what a node puts out over the plane, (K, CELLS, CELLS), the top row first.

        Returns whether that can be drawn: one number, or shares of classes.
        """
        self.title, self._values, self._activation = title, values, activation
        self._image = surface(values, activation, theme.tokens)
        self.setAccessibleName(title)
        self.update()
        return self._image is not None

    def show_examples(self, dataset: Dataset, rows: Array, plane: Plane) -> None:
        """Mark examples where they lie; once for the same ones."""
        rows = rows[:: max(1, len(rows) // POINTS)]
        before = self._examples
        if before and before[0] is dataset and np.array_equal(before[1], rows):
            return
        self._examples = (dataset, rows, plane)
        self._draw_examples()

    def _dress(self) -> None:
        if self._values is not None:
            self._image = surface(self._values, self._activation, theme.tokens)
        self._draw_examples()

    def _draw_examples(self) -> None:
        if self._examples is None:
            return
        dataset, rows, plane = self._examples
        tokens, ratio = theme.tokens, self.devicePixelRatioF()
        self._points = QPixmap(round(self._side * ratio), round(self._side * ratio))
        self._points.setDevicePixelRatio(ratio)
        self._points.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._points)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.canvas if tokens.dark else "#ffffff"), 1))
        whole = QRectF(0, 0, self._side, self._side)
        spots = plane.spots(np.asarray(dataset.features[rows]), whole)
        count = len(dataset.signature.classes)
        for spot, number in zip(spots, _numbers(dataset, rows), strict=True):
            painter.setBrush(mark_color(number, count))
            draw_mark(painter, number, spot, RADIUS)
        painter.end()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = QRectF(0, 0, self._side, TITLE - 4)
        if self._names and self._examples is not None:
            paint_key(painter, self._examples[0].signature.classes, line)
        else:
            font = ui_font(12, 600)
            painter.setFont(font)
            painter.setPen(QColor(theme.tokens.second))
            middle = Qt.TextElideMode.ElideMiddle
            title = QFontMetricsF(font).elidedText(self.title, middle, self._side)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, title)
        place = QRectF(0, TITLE, self._side, self._side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_stretched(QPixmap.fromImage(self._image), place))
        painter.drawRoundedRect(place, 6, 6)
        painter.drawPixmap(place.topLeft(), self._points)
        painter.end()


def _numbers(dataset: Dataset, rows: Array) -> list[int]:
    """The class of each example; of values 0 below the median and 1 above; -1 where unknown."""
    targets = dataset.targets[rows].reshape(len(rows), -1)[:, 0]
    if dataset.signature.classes:
        return [int(target) for target in targets.tolist()]
    middle = float(np.nanmedian(targets))
    return [-1 if np.isnan(target) else int(target > middle) for target in targets.tolist()]


def _stretched(pixmap: QPixmap, place: QRectF) -> QBrush:
    brush = QBrush(pixmap)
    scale = QTransform.fromTranslate(place.x(), place.y())
    brush.setTransform(
        scale.scale(place.width() / pixmap.width(), place.height() / pixmap.height())
    )
    return brush
