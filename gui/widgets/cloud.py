"""Points of two kinds in one plane: those of the data, and those that were made."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import theme, ui_font
from gui.widgets.plane import Plane

Array = NDArray[np.floating]
LEGEND = 22
DOT, SQUARE = 1.8, 5.0


class PointCloud(QWidget):
    """What is made as dots over real examples as squares, both to one scale.

    side: of the plane, in pixels.
    """

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.made: Array = np.zeros((0, 2))
        self.real: Array = np.zeros((0, 2))
        theme.changed.connect(self.update)

    def show_points(self, made: Array, real: Array) -> None:
        """Both (N, 2). The plane is that of the real ones: what lies outside is not painted."""
        self.made, self.real = made, real
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side + LEGEND)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = QRectF(0.5, LEGEND + 0.5, self._side - 1, self._side - 1)
        painter.setPen(QColor(tokens.border))
        painter.setBrush(QColor(tokens.canvas))
        painter.drawRoundedRect(plot, 6, 6)
        real, made = QColor(tokens.muted), QColor(tokens.accent)
        if len(self.real):
            plane = Plane.around(self.real)
            for points, paint, color in (
                (self.real, self._square, real),
                (self.made[plane.inside(self.made)], self._dot, made),
            ):
                for spot in plane.spots(points, plot):
                    paint(painter, color, spot)
        painter.setFont(ui_font(12))
        for x, paint, color, word in (
            (6, self._dot, made, self.tr("made")),
            (70, self._square, real, self.tr("real")),
        ):
            paint(painter, color, QPointF(x, LEGEND / 2))
            painter.setPen(QColor(tokens.second))
            line = QRectF(x + 10, 0, 60, LEGEND)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, word)

    @staticmethod
    def _square(painter: QPainter, color: QColor, at: QPointF) -> None:
        painter.setPen(QPen(color, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(at.x() - SQUARE / 2, at.y() - SQUARE / 2, SQUARE, SQUARE))

    @staticmethod
    def _dot(painter: QPainter, color: QColor, at: QPointF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(at, DOT, DOT)
