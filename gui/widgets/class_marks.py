"""The mark of each class, so that its colour never stands alone, and what each is called."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from gui.theme import class_color, theme, ui_font

RADIUS = 3.5
TEXT, BETWEEN = 12, 14
"""From the middle of a mark to its word, and from there to the next mark."""


def draw_mark(painter: QPainter, number: int, at: QPointF, radius: float) -> None:
    """The mark of a class; the shapes come round again.

    disc, square, triangle, diamond, triangle on its point.
    """
    x, y = at.x(), at.y()
    r = radius * 1.25
    corners = {
        1: [(-0.75, -0.75), (0.75, -0.75), (0.75, 0.75), (-0.75, 0.75)],
        2: [(0, -1), (0.95, 0.75), (-0.95, 0.75)],
        3: [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
        4: [(0, 1), (0.95, -0.75), (-0.95, -0.75)],
    }.get(number % 5 if number >= 0 else 0)
    if corners is None:
        painter.drawEllipse(at, radius, radius)
    else:
        painter.drawPolygon(QPolygonF([QPointF(x + a * r, y + b * r) for a, b in corners]))


def mark_color(number: int, count: int) -> QColor:
    """The colour of class `number` of `count` in the theme; grey where it is unknown, -1."""
    tokens = theme.tokens
    return class_color(number, max(2, count), tokens) if number >= 0 else QColor(tokens.muted)


def paint_key(painter: QPainter, classes: Sequence[str], line: QRectF) -> None:
    """The mark and the name of each class side by side, as many as the line has room for."""
    painter.setFont(ui_font(12))
    metrics, left = painter.fontMetrics(), line.left()
    for number, name in enumerate(classes):
        wide = metrics.horizontalAdvance(name)
        if left + TEXT + wide > line.right():
            break
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mark_color(number, len(classes)))
        draw_mark(painter, number, QPointF(left + RADIUS, line.center().y()), RADIUS)
        painter.setPen(QColor(theme.tokens.second))
        word = QRectF(left + TEXT, line.top(), wide + 2, line.height())
        painter.drawText(word, Qt.AlignmentFlag.AlignVCenter, name)
        left += TEXT + wide + BETWEEN
