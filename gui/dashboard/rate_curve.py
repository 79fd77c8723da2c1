"""The loss against the learning rate, as the search for a rate found it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.training.rate_finder import RateSearch
from gui.dashboard import scales
from gui.theme import mono_font, theme, ui_font

LEFT, BOTTOM, TOP = 52, 34, 10
DOT = 4.5


class RateCurve(QWidget):
    """A line on a logarithmic axis of rates; a dot and a dashed line at the suggestion."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Loss against the learning rate"))
        self.found: RateSearch | None = None
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(520, 260)

    def show_search(self, found: RateSearch | None) -> None:
        self.found = found if found is not None and len(found.rates) > 1 else None
        self.update()

    def place_of(self, rate: float, loss: float) -> QPointF:
        """Where a rate and a loss stand, in pixels."""
        across, up, plot = *self._scales(), self._plot()
        x = (np.log10(rate) - across.low) / (across.high - across.low)
        y = (loss - up.low) / (up.high - up.low)
        return QPointF(plot.left() + x * plot.width(), plot.bottom() - y * plot.height())

    def _plot(self) -> QRectF:
        return QRectF(self.rect()).adjusted(LEFT, TOP, -12, -BOTTOM)

    def _scales(self) -> tuple[scales.Scale, scales.Scale]:
        assert self.found is not None
        rates, losses = np.log10(self.found.rates), self.found.losses
        # What shoots up at the end would flatten all that matters.
        top = min(losses.max(), losses.min() + 1.5 * (losses[0] - losses.min()) + 1e-9)
        return (
            scales.logarithmic(float(rates[0]), float(rates[-1])),
            scales.linear(float(losses.min()), float(max(top, losses[0]))),
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.found is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, plot = theme.tokens, self._plot()
        self._paint_axes(painter, plot)
        points = [
            self.place_of(rate, loss)
            for rate, loss in zip(
                self.found.rates.tolist(), self.found.losses.tolist(), strict=True
            )
        ]
        painter.setClipRect(plot.adjusted(-DOT, -DOT, DOT, DOT))
        painter.setPen(QPen(QColor(tokens.accent), 2))
        painter.drawPolyline(QPolygonF(points))
        if self.found.suggestion is not None:
            near = int(np.abs(self.found.rates - self.found.suggestion).argmin())
            pen = QPen(QColor(tokens.ok), 1)
            pen.setDashPattern([3, 3])
            painter.setPen(pen)
            painter.drawLine(
                QPointF(points[near].x(), plot.top()), QPointF(points[near].x(), plot.bottom())
            )
            painter.setBrush(QColor(tokens.ok))
            painter.drawEllipse(points[near], DOT, DOT)

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        tokens = theme.tokens
        across, up = self._scales()
        painter.setFont(mono_font(10.5))
        for value, text in up.ticks:
            y = plot.bottom() - (value - up.low) / (up.high - up.low) * plot.height()
            painter.setPen(QColor(tokens.hairline))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(tokens.muted))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 8, LEFT - 8, 16), right, text)
        center = Qt.AlignmentFlag.AlignCenter
        for value, text in across.ticks:
            x = plot.left() + (value - across.low) / (across.high - across.low) * plot.width()
            painter.drawText(QRectF(x - 30, plot.bottom() + 2, 60, 16), center, text)
        painter.setFont(ui_font(11))
        painter.drawText(
            QRectF(plot.left(), plot.bottom() + 17, plot.width(), 16),
            center,
            self.tr("learning rate"),
        )
