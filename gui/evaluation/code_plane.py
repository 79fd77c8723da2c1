"""The places of codes in a plane: dots in the colours of their classes, and a place to choose."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.workspace import Array
from gui.theme import theme
from gui.widgets.class_marks import draw_mark, mark_color, paint_key
from gui.widgets.plane import Plane

SIDE = 400
DOT = 2.6
LEGEND = 22
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
        self.area = Plane()
        self.place = np.zeros(2)
        theme.changed.connect(self.update)

    def show_points(self, points: Array, numbers: list[int], classes: tuple[str, ...]) -> None:
        """points: (N, 2). numbers: the class of each, -1 where it has none."""
        self._points, self._numbers, self._classes = points, numbers, classes
        self.area = Plane.around(points)
        self.choose(points.mean(axis=0))

    def choose(self, place: Array) -> None:
        self.place = np.clip(place, self.area.low, self.area.high)
        x, y = self.place
        self.setAccessibleDescription(f"{x:.2f}, {y:.2f}")
        self.chosen.emit()
        self.update()

    # Painting

    @property
    def _plot(self) -> QRectF:
        return QRectF(0.5, LEGEND + 0.5, SIDE - 1, SIDE - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens.accent if self.hasFocus() else tokens.border))
        painter.setBrush(QColor(tokens.canvas))
        painter.drawRoundedRect(self._plot, 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        spots = self.area.spots(self._points, self._plot)
        for spot, number in zip(spots, self._numbers, strict=True):
            painter.setBrush(mark_color(number, len(self._classes)))
            draw_mark(painter, number, spot, DOT)
        (place,) = self.area.spots(self.place[None], self._plot)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, wide in ((tokens.canvas, 4.0), (tokens.text, 2.0)):
            painter.setPen(QPen(QColor(color), wide))
            painter.drawEllipse(place, 7, 7)
        paint_key(painter, self._classes, QRectF(0, 0, SIDE, LEGEND - 2))

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose_at(event.position())

    def _choose_at(self, at: QPointF) -> None:
        self.choose(self.area.point(at, self._plot))

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
            whole = self.area.high - self.area.low
            self.choose(self.place + np.array(step) * whole / STEPS)
