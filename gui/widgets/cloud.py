"""Points of two kinds in one plane: those of the data, and those that were made."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import theme, ui_font

Array = NDArray[np.floating]
LEGEND = 22
ROOM = 0.06
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

    def _places(self, points: Array, plot: QRectF) -> list[tuple[float, float]]:
        low, high = self.real.min(axis=0), self.real.max(axis=0)
        room = ROOM * (high - low)
        shares = (points - low + room) / np.where(high > low, high - low + 2 * room, 1.0)
        shares = shares[np.isfinite(shares).all(axis=1) & ((shares >= 0) & (shares <= 1)).all(1)]
        x = plot.left() + shares[:, 0] * plot.width()
        y = plot.bottom() - shares[:, 1] * plot.height()
        return list(zip(x.tolist(), y.tolist(), strict=True))

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
            for x, y in self._places(self.real, plot):
                self._square(painter, real, x, y)
            for x, y in self._places(self.made, plot):
                self._dot(painter, made, x, y)
        painter.setFont(ui_font(12))
        for x, paint, color, word in (
            (6, self._dot, made, self.tr("made")),
            (70, self._square, real, self.tr("real")),
        ):
            paint(painter, color, x, LEGEND / 2)
            painter.setPen(QColor(tokens.second))
            line = QRectF(x + 10, 0, 60, LEGEND)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, word)

    @staticmethod
    def _square(painter: QPainter, color: QColor, x: float, y: float) -> None:
        painter.setPen(QPen(color, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(x - SQUARE / 2, y - SQUARE / 2, SQUARE, SQUARE))

    @staticmethod
    def _dot(painter: QPainter, color: QColor, x: float, y: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QPointF(x, y), DOT, DOT)
