"""Predicted sequences as curves beside the true ones, from the best to the worst."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.workspace import Array
from gui.theme import mono_font, theme, ui_font

PLOTS, COLUMNS = 6, 2
HEIGHT, GAP, TITLE, LEGEND, AXIS = 132, 20, 26, 24, 40
ENTRY = 24


class StepCurves(QWidget):
    """Six examples: solid what was true, dashed what was predicted, over the steps.

    Thin beside or before it is the sequence that was given, where there is one in that unit.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Predicted against true sequences"))
        self.rows: list[int] = []
        self.errors: list[float] = []
        self._true: Array = np.zeros((0, 1))
        self._predicted: Array = np.zeros((0, 1))
        self._given: Array | None = None
        self._ahead = 0
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        lines = -(-len(self.rows) // COLUMNS)
        return QSize(480, LEGEND + lines * (HEIGHT + GAP))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def show_sequences(
        self,
        rows: Array,
        true: Array,
        predicted: Array,
        given: Array | None = None,
        ahead: int = 0,
    ) -> None:
        """rows (N,), of the data; the others (N, T), NaN where there is no value.

        given: (N, steps), what the network read. ahead: how many steps behind its last the
            others begin; 0 for beside its first.
        """
        with np.errstate(invalid="ignore"):
            squares = np.nanmean((true - predicted) ** 2, axis=1)
        order = np.argsort(squares, kind="stable")
        order = order[np.isfinite(squares[order])]
        places = np.linspace(0, max(0, len(order) - 1), min(PLOTS, len(order))).astype(int)
        chosen = order[places]
        self.rows = rows[chosen].tolist()
        self.errors = np.sqrt(squares[chosen]).tolist()
        self._true, self._predicted = true[chosen], predicted[chosen]
        self._given = None if given is None else given[chosen]
        self._ahead = ahead
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

    def _pens(self) -> tuple[QPen, QPen, QPen]:
        """Of what is true, of what was predicted, and of what was given."""
        true = QPen(QColor(theme.tokens.series[1]), 1.5)
        predicted = QPen(QColor(theme.tokens.accent), 2)
        predicted.setDashPattern([3, 2])
        return true, predicted, QPen(QColor(theme.tokens.muted), 1)

    def _paint_legend(self, painter: QPainter) -> None:
        painter.setFont(ui_font(12))
        words = [self.tr("true"), self.tr("predicted")]
        if self._given is not None:
            words.append(self.tr("given"))
        alone = self._true.shape[1] == 1
        x = 0.0
        for number, (pen, word) in enumerate(zip(self._pens(), words, strict=False)):
            # As it is in the plots: one value for each example is no line.
            ends = np.array([x + 10]) if alone and number < 2 else np.array([x, x + 20])
            self._paint_line(painter, pen, ends, np.full(len(ends), 9.0))
            painter.setPen(QColor(theme.tokens.second))
            painter.drawText(QPointF(x + 26, 13), word)
            x += 26 + painter.fontMetrics().horizontalAdvance(word) + ENTRY

    def _paint_plot(self, painter: QPainter, place: QRectF, number: int) -> None:
        tokens = theme.tokens
        painter.setFont(ui_font(12, 500))
        painter.setPen(QColor(tokens.second))
        painter.drawText(place, 0, self.title(number))
        plot = place.adjusted(AXIS, TITLE, -6, 0)
        lines = self._lines(number)
        every = np.concatenate([values for _, values in lines])
        low, high = float(np.nanmin(every)), float(np.nanmax(every))
        painter.setFont(mono_font(10.5))
        for value, y in ((high, plot.top()), (low, plot.bottom())):
            painter.setPen(QColor(tokens.hairline))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(tokens.muted))
            beside = QRectF(place.left(), y - 8, AXIS - 6, 16)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(beside, right, f"{value:.2g}")
        last = max(float(steps[-1]) for steps, _ in lines) or 1.0
        # What was given lies under the rest.
        for (steps, values), pen in reversed(list(zip(lines, self._pens(), strict=False))):
            across = plot.left() + steps / last * plot.width()
            down = plot.bottom() - (values - low) / (high - low or 1.0) * plot.height()
            known = np.isfinite(down)
            self._paint_line(painter, pen, across[known], down[known])

    def _lines(self, number: int) -> list[tuple[Array, Array]]:
        """Steps and values of what is true, what was predicted and what was given."""
        given = None if self._given is None else self._given[number]
        start = 0 if given is None or not self._ahead else len(given) - 1 + self._ahead
        steps = start + np.arange(self._true.shape[1])
        lines = [(steps, self._true[number]), (steps, self._predicted[number])]
        return lines if given is None else [*lines, (np.arange(len(given)), given)]

    @staticmethod
    def _paint_line(painter: QPainter, pen: QPen, x: Array, y: Array) -> None:
        """A line through the points; of one point a dot, or a ring where the line has gaps."""
        points = [QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]
        is_dashed = pen.style() != Qt.PenStyle.SolidLine
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(points) != 1:
            painter.drawPolyline(QPolygonF(points))
        elif is_dashed:
            painter.setPen(QPen(pen.color(), 2))
            painter.drawEllipse(points[0], 5, 5)
        else:
            painter.setBrush(pen.color())
            painter.drawEllipse(points[0], 2, 2)
