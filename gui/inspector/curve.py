"""The curve of an activation and its derivative, small, with values under the pointer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.activations import Activation
from gui.theme import mono_font, theme

Samples = NDArray[np.float64]

REACH = 4.0
POINTS = 161
HEIGHT = 112
MARGIN = 6
JUMP = 0.4
"""A step between neighbouring points that is no slope but a gap in the curve."""


def sampled(activation: Activation) -> tuple[Samples, Samples, Samples]:
    """z from -4 to 4, f(z) and f'(z): of the first of three features, the others being 0.

    The others matter to the activations that run over all features, such as softmax.
    """
    z = np.linspace(-REACH, REACH, POINTS)
    features = np.zeros((3, POINTS))
    features[0] = z
    return z, activation.value(features)[0], activation.slope(features)[0]


class ActivationCurve(QWidget):
    """Paints f in the accent colour and f' dashed; the pointer reads values off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._activation: Activation | None = None
        self._at: float | None = None
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def show_activation(self, activation: Activation) -> None:
        if activation == self._activation:
            return
        self._activation = activation
        self._z, self._value, self._slope = sampled(activation)
        low = min(self._value.min(), self._slope.min(), -0.25)
        high = max(self._value.max(), self._slope.max(), 1.0)
        self._low, self._high = low - 0.06 * (high - low), high + 0.06 * (high - low)
        self.setAccessibleName(self.tr("Curve of {0} and its derivative").format(activation.label))
        self.update()

    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0.5, MARGIN, -0.5, -MARGIN)

    def _point(self, z: float, y: float) -> QPointF:
        plot = self._plot()
        return QPointF(
            plot.left() + (z + REACH) / (2 * REACH) * plot.width(),
            plot.bottom() - (y - self._low) / (self._high - self._low) * plot.height(),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._activation is None:
            return
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        slope = QPen(QColor(tokens.series[1]), 1.5, Qt.PenStyle.DashLine)
        slope.setDashPattern([4, 3])
        self._paint_curve(painter, self._slope, slope)
        self._paint_curve(painter, self._value, QPen(QColor(tokens.accent), 2))
        self._paint_labels(painter)

    def _paint_axes(self, painter: QPainter) -> None:
        tokens = theme.tokens
        painter.setFont(mono_font(10))
        plot = self._plot()
        for y in (0.0, 1.0):
            line = round(self._point(0, y).y()) + 0.5
            painter.setPen(QColor(tokens.border if y == 0 else tokens.hairline))
            painter.drawLine(QPointF(plot.left(), line), QPointF(plot.right(), line))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QPointF(plot.left(), line - 3), f"{y:g}")
        zero = round(self._point(0, 0).x()) + 0.5
        painter.setPen(QColor(tokens.border))
        painter.drawLine(QPointF(zero, plot.top()), QPointF(zero, plot.bottom()))

    def _paint_curve(self, painter: QPainter, values: Samples, pen: QPen) -> None:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        gaps = np.flatnonzero(np.abs(np.diff(values)) > JUMP) + 1
        for part in np.split(np.arange(POINTS), gaps):
            points = [self._point(self._z[i], values[i]) for i in part]
            painter.drawPolyline(QPolygonF(points))

    def _paint_labels(self, painter: QPainter) -> None:
        tokens = theme.tokens
        f, slope = "f", "f′"
        if self._at is not None:
            i = int(np.argmin(np.abs(self._z - self._at)))
            x = self._point(self._z[i], 0).x()
            painter.setPen(QPen(QColor(tokens.muted), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, self._plot().top()), QPointF(x, self._plot().bottom()))
            f = f"f({self._z[i]:.2f}) = {self._value[i]:.3f}"
            slope = f"f′ = {self._slope[i]:.3f}"
        painter.setFont(mono_font(11))
        # In the upper left corner curves are seldom.
        for number, (text, color) in enumerate(((f, tokens.accent), (slope, tokens.series[1]))):
            painter.setPen(QColor(color))
            painter.drawText(QPointF(22, MARGIN + 12 + 14 * number), text)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._at = (event.position().x() / max(1, self.width()) * 2 - 1) * REACH
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._at = None
        self.update()
