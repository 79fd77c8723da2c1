"""One curve of a chart, painted quickly.

pyqtgraph's own curve asks for the bounds of its data several times a paint and draws
through a transform; with the points mapped to pixels first a thick line costs a third.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from pyqtgraph.Qt.internals import PrimitiveArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gui.dashboard.decimate import Array

DOT = 3.0
"""Radius of a point that stands alone, in pixels."""


class Line(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """A line through points of a view. What lies outside the view is not painted."""

    def __init__(self) -> None:
        super().__init__()
        self._x: Array = np.empty(0)
        self._y: Array = np.empty(0)
        self._pen = QPen()
        self._dashed = False
        self._sight = QRectF()
        self._pieces = PrimitiveArray(QLineF, 4)

    def show_points(self, x: Array, y: Array, pen: QPen, sight: QRectF) -> None:
        """sight: the part of the plane that the chart shows."""
        if sight != self._sight:
            self.prepareGeometryChange()
            self._sight = sight
        self._x, self._y, self._pen = x, y, pen
        self._dashed = pen.style() != Qt.PenStyle.SolidLine
        self.update()

    @property
    def points(self) -> tuple[Array, Array]:
        return self._x, self._y

    def boundingRect(self) -> QRectF:
        return self._sight

    def dataBounds(self, ax: int, frac: float = 1.0, orthoRange: object = None) -> None:
        """The chart sets its ranges itself."""

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        count = len(self._x)
        to_pixels = painter.worldTransform()
        if count == 1:
            self._paint_dot(painter, to_pixels)
        if count < 2:
            return
        pixels = np.empty((count, 2))
        np.multiply(self._x, to_pixels.m11(), out=pixels[:, 0])
        np.multiply(self._y, to_pixels.m22(), out=pixels[:, 1])
        pixels += (to_pixels.dx(), to_pixels.dy())
        self._pieces.resize(count - 1)
        memory = self._pieces.ndarray()
        memory[:, :2] = pixels[:-1]
        memory[:, 2:] = pixels[1:]
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        if self._dashed:
            path = pg.arrayToQPath(pixels[:, 0], pixels[:, 1])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        else:
            painter.drawLines(*self._pieces.drawargs())

    def _paint_dot(self, painter: QPainter, to_pixels: QTransform) -> None:
        """A line has begun: its first point."""
        place = to_pixels.map(QPointF(float(self._x[0]), float(self._y[0])))
        painter.setWorldTransform(QTransform())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._pen.color())
        painter.drawEllipse(place, DOT, DOT)


def line_pen(color: str, earlier: bool) -> QPen:
    """Two pixels wide; one pixel and dashed for a run that is over."""
    pen = QPen(pg.mkPen(color, width=1 if earlier else 2))
    if earlier:
        pen.setDashPattern([4, 4])
    return pen
