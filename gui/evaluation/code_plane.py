"""The places of codes in a plane: dots in the colours of their classes, and a place to choose."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.workspace import Array
from gui.theme import class_color, theme, ui_font

SIDE = 400
ROOM = 0.06
DOT = 2.6
LEGEND, ENTRY = 22, 12
STEPS = 40
"""Steps of an arrow key from one side of the map to the other."""


class CodePlane(QWidget):
    """The examples as dots in the colours of their classes, and the place that is drawn.

    A click, a drag or the arrow keys choose the place.

    Emits
        chosen: another place was.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(SIDE, SIDE + LEGEND))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Map of the codes"))
        self.setToolTip(self.tr("Click to draw what the decoder makes of a place."))
        self._points: Array = np.zeros((0, 2))
        self._numbers: list[int] = []
        self._classes: tuple[str, ...] = ()
        self.low, self.high = np.zeros(2), np.ones(2)
        self.place = np.zeros(2)
        theme.changed.connect(self.update)

    def show_points(self, points: Array, numbers: list[int], classes: tuple[str, ...]) -> None:
        """points: (N, 2). numbers: the class of each, -1 where it has none."""
        self._points, self._numbers, self._classes = points, numbers, classes
        low, high = points.min(axis=0), points.max(axis=0)
        room = np.maximum(ROOM * (high - low), 1e-9)
        self.low, self.high = low - room, high + room
        self.choose(points.mean(axis=0))

    def choose(self, place: Array) -> None:
        self.place = np.clip(place, self.low, self.high)
        x, y = self.place
        self.setAccessibleDescription(f"{x:.2f}, {y:.2f}")
        self.chosen.emit()
        self.update()

    # Painting

    @property
    def _plot(self) -> QRectF:
        return QRectF(0.5, LEGEND + 0.5, SIDE - 1, SIDE - 1)

    def _spots(self, points: Array) -> list[tuple[float, float]]:
        plot, shares = self._plot, (points - self.low) / (self.high - self.low)
        x = plot.left() + shares[:, 0] * plot.width()
        y = plot.bottom() - shares[:, 1] * plot.height()
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens.accent if self.hasFocus() else tokens.border))
        painter.setBrush(QColor(tokens.canvas))
        painter.drawRoundedRect(self._plot, 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        for (x, y), number in zip(self._spots(self._points), self._numbers, strict=True):
            painter.setBrush(self._color(number))
            painter.drawEllipse(QPointF(x, y), DOT, DOT)
        (spot,) = self._spots(self.place[None])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, wide in ((tokens.canvas, 4.0), (tokens.text, 2.0)):
            painter.setPen(QPen(QColor(color), wide))
            painter.drawEllipse(QPointF(*spot), 7, 7)
        self._paint_legend(painter)

    def _color(self, number: int) -> QColor:
        count = max(2, len(self._classes))
        tokens = theme.tokens
        return class_color(number, count, tokens) if number >= 0 else QColor(tokens.accent)

    def _paint_legend(self, painter: QPainter) -> None:
        painter.setFont(ui_font(12))
        metrics, left = painter.fontMetrics(), 4.0
        for number, name in enumerate(self._classes):
            wide = metrics.horizontalAdvance(name)
            if left + ENTRY + wide > SIDE:
                break
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._color(number))
            painter.drawEllipse(QPointF(left + 3, LEGEND / 2 - 1), 3.5, 3.5)
            painter.setPen(QColor(theme.tokens.second))
            line = QRectF(left + ENTRY, 0, wide + 2, LEGEND - 2)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
            left += ENTRY + wide + 14

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position())

    def _choose_at(self, at: QPointF) -> None:
        plot = self._plot
        across = (at.x() - plot.left()) / plot.width()
        up = (plot.bottom() - at.y()) / plot.height()
        self.choose(self.low + np.array([across, up]) * (self.high - self.low))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
        }.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.choose(self.place + np.array(step) * (self.high - self.low) / STEPS)
