"""Small signs on nodes. Each has a shape of its own, so that colour never stands alone."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.canvas.items import text
from gui.canvas.items.ink import ink, pen
from gui.canvas.metrics import NEAR
from gui.theme import theme

PROBLEM_COLORS = {"error": "bad", "warning": "warning", "hint": "muted"}
COST_BAR = 24.0
"""How long the bar of a cost is that is all of it."""

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


HOTTEST = 130
"""How much of the colour of heat lies on the card of a node that costs everything, of 255."""


def heat(share: float) -> QColor:
    """The tint of a card that costs this share of all, from nothing to a strong one."""
    return ink(theme.tokens.negative, round(HOTTEST * math.sqrt(max(0.0, min(1.0, share)))))


def paint_cost(painter: QPainter, share: float, words: str, short: str) -> None:
    """A pill over the upper left edge: a bar as long as the share, and the share in figures.

    words: all of it. short: what is left of that from afar.
    """
    tokens = theme.tokens
    zoom = painter.worldTransform().m11()
    painter.save()
    growth = text.growth("value", zoom)
    painter.translate(8, -6)
    painter.scale(growth, growth)
    label = text.prepared("value", words if zoom >= NEAR else short)
    pill = QRectF(0, -16, COST_BAR + label.size().width() + 18, 16)
    painter.setPen(pen(tokens.border))
    painter.setBrush(ink(tokens.canvas))
    painter.drawRoundedRect(pill, 8, 8)
    track = QRectF(7, -10.5, COST_BAR, 5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink(tokens.border))
    painter.drawRect(track)
    painter.setBrush(ink(tokens.negative))
    painter.drawRect(QRectF(track.left(), track.top(), share * COST_BAR, track.height()))
    painter.setFont(text.font("value"))
    painter.setPen(ink(tokens.text))
    painter.drawStaticText(QPointF(track.right() + 5, -8 - label.size().height() / 2), label)
    painter.restore()


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
