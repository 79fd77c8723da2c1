"""The dots behind everything."""

from __future__ import annotations

from math import ceil, floor

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.canvas.metrics import DOTS
from gui.theme import Tokens

CLOSEST = 12
"""Dots never stand closer than this on screen; farther out every second one is left out."""


def paint_dots(painter: QPainter, rect: QRectF, tokens: Tokens) -> None:
    """Fill a part of the scene with the canvas colour and its dots."""
    zoom = painter.worldTransform().m11()
    painter.fillRect(rect, QColor(tokens.canvas))
    step = float(DOTS)
    while step * zoom < CLOSEST:
        step *= 2
    left, right = floor(rect.left() / step) * step, rect.right()
    # One dashed line a row: the dashes are dots, and Qt draws them all in one call.
    size = 2 if zoom >= 0.8 else 1
    pen = QPen(QColor(tokens.dots), size)
    pen.setCosmetic(True)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([1, step * zoom / size - 1])
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    row = ceil(rect.top() / step) * step
    while row <= rect.bottom():
        painter.drawLine(
            QRectF(left, row, right - left, 0).topLeft(),
            QRectF(left, row, right - left, 0).topRight(),
        )
        row += step
