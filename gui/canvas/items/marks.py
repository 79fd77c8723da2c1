"""Small signs on nodes. Each has a shape of its own, so that colour never stands alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.canvas.items import text
from gui.theme import theme

PROBLEM_COLORS = {"error": "bad", "warning": "warning", "hint": "muted"}
HEALTH_COLORS = {"ok": "ok", "warning": "warning", "bad": "bad"}


def severity_color(severity: str) -> str:
    color: str = getattr(theme.tokens, PROBLEM_COLORS[severity])
    return color


def paint_problem(painter: QPainter, at: QPointF, severity: str) -> None:
    """error: a diamond; warning: a disc; hint: a ring; each around its letter."""
    tokens = theme.tokens
    color = QColor(severity_color(severity))
    painter.setPen(QPen(QColor(tokens.canvas), 2))
    painter.setBrush(QColor(tokens.surface) if severity == "hint" else color)
    if severity == "error":
        painter.drawPolygon(diamond(at, 9))
    else:
        painter.drawEllipse(at, 7.5, 7.5)
    if severity == "hint":
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 6.5, 6.5)
    painter.setFont(text.font("badge"))
    painter.setPen(color if severity == "hint" else QColor(tokens.canvas))
    letter = "i" if severity == "hint" else "!"
    painter.drawText(QRectF(at.x() - 8, at.y() - 8, 16, 16), Qt.AlignmentFlag.AlignCenter, letter)


def paint_health(painter: QPainter, at: QPointF, health: str) -> None:
    """ok: a disc; warning: a ring; bad: a diamond."""
    tokens = theme.tokens
    color = QColor(getattr(tokens, HEALTH_COLORS[health]))
    painter.setPen(QPen(QColor(tokens.canvas), 2))
    painter.setBrush(color)
    if health == "bad":
        painter.drawPolygon(diamond(at, 6))
    else:
        painter.drawEllipse(at, 5, 5)
    if health == "warning":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.canvas))
        painter.drawEllipse(at, 2, 2)


def diamond(at: QPointF, radius: float) -> QPolygonF:
    x, y = at.x(), at.y()
    return QPolygonF(
        [
            QPointF(x, y - radius),
            QPointF(x + radius, y),
            QPointF(x, y + radius),
            QPointF(x - radius, y),
        ]
    )
