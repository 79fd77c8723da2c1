"""Marks of what a node is beside its settings: switched off, frozen, at its own rate, shared."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from engine.graph.model import Node
from gui.canvas import metrics
from gui.canvas.items import text
from gui.canvas.items.ink import ink, pen
from gui.theme import paint_icon, theme

DIMMED = 0.4
"""How much is seen of a node that is switched off."""

SIGN, GAP, PADDING = 12, 5, 5
TALL, OVER = 16.0, 4.0
"""Height of the pill, and how much of it lies on the card."""


def signs(node: Node) -> list[tuple[str, str]]:
    """Icon and words of each sign that a node carries; one of the two may be empty."""
    found = []
    if node.same_as:
        found.append(("link", ""))
    if node.frozen:
        found.append(("snowflake", ""))
    if node.rate != 1.0:
        found.append(("", f"×{node.rate:g}"))
    return found


def paint_signs(painter: QPainter, node: Node, card: QRectF) -> None:
    """A pill on the lower left edge of a card with the signs in it."""
    found = signs(node)
    if not found:
        return
    tokens = theme.tokens
    widths = [SIGN if name else text.width("value", words) for name, words in found]
    wide = sum(widths) + GAP * (len(found) - 1) + 2 * PADDING
    pill = QRectF(card.left() + metrics.PADDING, card.bottom() - OVER, wide, TALL)
    painter.setPen(pen(tokens.border))
    painter.setBrush(ink(tokens.canvas))
    painter.drawRoundedRect(pill, TALL / 2, TALL / 2)
    left = pill.left() + PADDING
    for (name, words), width in zip(found, widths, strict=True):
        if name:
            square = QRect(round(left), round(pill.center().y() - SIGN / 2), SIGN, SIGN)
            paint_icon(painter, square, name, tokens.second)
        else:
            painter.setFont(text.font("value"))
            painter.setPen(ink(tokens.second))
            label = text.prepared("value", words)
            top = pill.center().y() - label.size().height() / 2
            painter.drawStaticText(QPointF(left, top), label)
        left += width + GAP


def paint_switch(painter: QPainter, node: Node, card: QRectF, line: float) -> None:
    """bypassed: a dashed line straight through, port to port. muted: a stroke across."""
    tokens = theme.tokens
    if node.switch == "bypassed":
        made = QPen(ink(tokens.accent), 2)
        made.setDashPattern([3, 2])
        painter.setPen(made)
        painter.drawLine(QPointF(card.left(), line), QPointF(card.right(), line))
    elif node.switch == "muted":
        made = QPen(ink(tokens.second), 2)
        made.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(made)
        painter.drawLine(card.bottomLeft() + QPointF(10, -10), card.topRight() + QPointF(-10, 10))
