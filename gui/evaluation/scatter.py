"""Predicted against true values: on the diagonal the network is right."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.workspace import Array
from gui.theme import label_font, mono_font, theme

LEFT, BOTTOM, TOP = 56, 40, 8
RADIUS = 3.0
MOST_POINTS = 3000
NEAR = 14
"""Pixels within which the pointer finds a point."""


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers between two, at most `most` + 1."""
    span = high - low
    if not np.isfinite(span) or span <= 0:
        return [low]
    step = 10 ** np.floor(np.log10(span / most))
    step *= next(m for m in (1, 2, 5, 10) if span / (m * step) <= most)
    # Adding zero leaves no tick at -0.
    return [float(tick) + 0.0 for tick in np.arange(np.ceil(low / step), high / step + 1e-9) * step]


class PredictionScatter(QWidget):
    """One dot per example and output; the pointer reads the nearest one off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Predicted against true values"))
        self._true: Array = np.zeros(0)
        self._predicted: Array = np.zeros(0)
        self._low, self._high = 0.0, 1.0
        self._near: int | None = None
        theme.changed.connect(self.update)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(480, max(200, width - LEFT + BOTTOM))

    def sizeHint(self) -> QSize:
        return QSize(480, 460)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 200)

    def show_values(self, true: Array, predicted: Array) -> None:
        """Both (N,), of equal length."""
        keep = np.isfinite(true) & np.isfinite(predicted)
        true, predicted = true[keep], predicted[keep]
        if len(true) > MOST_POINTS:
            even = np.linspace(0, len(true) - 1, MOST_POINTS).astype(np.intp)
            true, predicted = true[even], predicted[even]
        self._true, self._predicted, self._near = true, predicted, None
        if len(true):
            low, high = min(true.min(), predicted.min()), max(true.max(), predicted.max())
            room = 0.04 * (high - low) or 1.0
            self._low, self._high = float(low - room), float(high + room)
        self.update()

    def _plot(self) -> QRectF:
        side = min(self.width() - LEFT - 8, self.height() - BOTTOM - TOP)
        return QRectF(LEFT, TOP, side, side)

    def _points(self) -> tuple[Array, Array]:
        """Where the dots stand."""
        plot, span = self._plot(), self._high - self._low
        x = plot.left() + (self._true - self._low) / span * plot.width()
        y = plot.bottom() - (self._predicted - self._low) / span * plot.height()
        return x, y

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_axes(painter)
        color = QColor(theme.tokens.accent)
        color.setAlphaF(0.55 if len(self._true) < 400 else 0.3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        x, y = self._points()
        for point in zip(x.tolist(), y.tolist(), strict=True):
            painter.drawEllipse(QPointF(*point), RADIUS, RADIUS)
        if self._near is not None:
            self._paint_nearest(painter, QPointF(x[self._near], y[self._near]))

    def _paint_axes(self, painter: QPainter) -> None:
        tokens, plot = theme.tokens, self._plot()
        span = self._high - self._low
        painter.setFont(mono_font(10.5))
        for tick in ticks(self._low, self._high):
            share = (tick - self._low) / span
            x, y = plot.left() + share * plot.width(), plot.bottom() - share * plot.height()
            painter.setPen(QColor(tokens.hairline))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
            painter.setPen(QColor(tokens.muted))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(16, y - 8, LEFT - 24, 16), right, f"{tick:.4g}")
            center = Qt.AlignmentFlag.AlignCenter
            painter.drawText(QRectF(x - 30, plot.bottom() + 4, 60, 14), center, f"{tick:.4g}")
        pen = QPen(QColor(tokens.second), 1.5, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(plot.bottomLeft(), plot.topRight())
        painter.setPen(QColor(tokens.muted))
        painter.setFont(label_font())
        below = QRectF(plot.left(), plot.bottom() + 20, plot.width(), 16)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.tr("True"))
        painter.save()
        painter.translate(0, plot.bottom())
        painter.rotate(-90)
        beside = QRectF(0, 0, plot.height(), 14)
        painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, self.tr("Predicted"))
        painter.restore()

    def _paint_nearest(self, painter: QPainter, at: QPointF) -> None:
        tokens = theme.tokens
        painter.setPen(QPen(QColor(tokens.text), 1.5))
        painter.setBrush(QColor(tokens.accent))
        painter.drawEllipse(at, RADIUS + 1.5, RADIUS + 1.5)
        true, predicted = self._true[self._near], self._predicted[self._near]
        text = self.tr("true {0}\npredicted {1}").format(f"{true:.4g}", f"{predicted:.4g}")
        painter.setFont(mono_font(11))
        box = QRectF(painter.boundingRect(QRectF(0, 0, 400, 60), 0, text)).adjusted(-8, -5, 8, 5)
        box.moveTopLeft(at + QPointF(12, 12))
        box.moveRight(min(box.right(), self.width() - 2.0))
        box.moveBottom(min(box.bottom(), self.height() - 2.0))
        painter.setPen(QColor(tokens.border))
        painter.setBrush(QColor(tokens.node))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(QColor(tokens.text))
        painter.drawText(box.adjusted(8, 5, -8, -5), 0, text)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, y = self._points()
        distance = np.hypot(x - event.position().x(), y - event.position().y())
        nearest = int(distance.argmin()) if len(distance) else 0
        self._near = nearest if len(distance) and distance[nearest] < NEAR else None
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._near = None
        self.update()
