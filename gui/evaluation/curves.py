"""Predicted sequences as curves beside the true ones, from the best to the worst."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.workspace import Array
from gui.theme import mono_font, theme, ui_font

PLOTS, COLUMNS = 6, 2
HEIGHT, GAP, TITLE, LEGEND, AXIS = 128, 20, 20, 24, 40


class StepCurves(QWidget):
    """Six examples: solid what was true, dashed what was predicted, over the steps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Predicted against true sequences"))
        self.rows: list[int] = []
        self.errors: list[float] = []
        self._true: Array = np.zeros((0, 1))
        self._predicted: Array = np.zeros((0, 1))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        lines = -(-len(self.rows) // COLUMNS)
        return QSize(480, LEGEND + lines * (HEIGHT + GAP))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def show_sequences(self, rows: Array, true: Array, predicted: Array) -> None:
        """rows (N,), of the data; the others (N, T), NaN where there is no value."""
        with np.errstate(invalid="ignore"):
            squares = np.nanmean((true - predicted) ** 2, axis=1)
        order = np.argsort(squares, kind="stable")
        order = order[np.isfinite(squares[order])]
        places = np.linspace(0, max(0, len(order) - 1), min(PLOTS, len(order))).astype(int)
        chosen = order[places]
        self.rows = rows[chosen].tolist()
        self.errors = np.sqrt(squares[chosen]).tolist()
        self._true, self._predicted = true[chosen], predicted[chosen]
        self.setAccessibleDescription("\n".join(self.title(n) for n in range(len(self.rows))))
        self.updateGeometry()
        self.update()

    def title(self, number: int) -> str:
        return self.tr("Example {0} · RMSE {1}").format(
            self.rows[number], f"{self.errors[number]:.3g}"
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_legend(painter)
        width = (self.width() - GAP * (COLUMNS - 1)) / COLUMNS
        for number in range(len(self.rows)):
            line, column = divmod(number, COLUMNS)
            corner = QPointF(column * (width + GAP), LEGEND + line * (HEIGHT + GAP))
            self._paint_plot(painter, QRectF(corner.x(), corner.y(), width, HEIGHT), number)

    def _pens(self) -> tuple[QPen, QPen]:
        """Of what is true, and of what was predicted."""
        true = QPen(QColor(theme.tokens.series[1]), 1.5)
        predicted = QPen(QColor(theme.tokens.accent), 2)
        predicted.setDashPattern([3, 2])
        return true, predicted

    def _paint_legend(self, painter: QPainter) -> None:
        painter.setFont(ui_font(12))
        words = (self.tr("true"), self.tr("predicted"))
        for x, pen, word in zip((0, 72), self._pens(), words, strict=True):
            painter.setPen(pen)
            painter.drawLine(QPointF(x, 9), QPointF(x + 20, 9))
            painter.setPen(QColor(theme.tokens.second))
            painter.drawText(QPointF(x + 26, 13), word)

    def _paint_plot(self, painter: QPainter, place: QRectF, number: int) -> None:
        tokens = theme.tokens
        painter.setFont(ui_font(12, 500))
        painter.setPen(QColor(tokens.second))
        painter.drawText(place, 0, self.title(number))
        plot = place.adjusted(AXIS, TITLE, 0, 0)
        lines = np.stack([self._true[number], self._predicted[number]])
        low, high = float(np.nanmin(lines)), float(np.nanmax(lines))
        painter.setFont(mono_font(10.5))
        for value, y in ((high, plot.top()), (low, plot.bottom())):
            painter.setPen(QColor(tokens.hairline))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(tokens.muted))
            beside = QRectF(place.left(), y - 8, AXIS - 6, 16)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(beside, right, f"{value:.2g}")
        x = np.linspace(plot.left(), plot.right(), lines.shape[1])
        for values, pen in zip(lines, self._pens(), strict=True):
            y = plot.bottom() - (values - low) / (high - low or 1.0) * plot.height()
            known = np.isfinite(y)
            points = zip(x[known].tolist(), y[known].tolist(), strict=True)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([QPointF(*point) for point in points]))
