"""The line that a wire takes from an output port to an input port."""

from __future__ import annotations

import math
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QPainterPath

STEPS = 16


def wire_path(start: QPointF, end: QPointF) -> QPainterPath:
    """A curve that leaves to the right and arrives from the left.

    Where the target stands behind the source, the line turns back between the two rows.
    """
    path = QPainterPath(start)
    across, down = end.x() - start.x(), end.y() - start.y()
    if across < -16 and abs(down) > 40:
        bend = min(max(abs(down) * 0.35, 24.0), 56.0)
        middle = start.y() + down / 2
        path.cubicTo(
            QPointF(start.x() + bend, start.y()),
            QPointF(start.x() + bend, middle),
            QPointF(start.x(), middle),
        )
        path.lineTo(end.x(), middle)
        path.cubicTo(QPointF(end.x() - bend, middle), QPointF(end.x() - bend, end.y()), end)
        return path
    bend = max(across / 2, min(48.0, abs(across) + abs(down) * 0.5), 0.0)
    path.cubicTo(QPointF(start.x() + bend, start.y()), QPointF(end.x() - bend, end.y()), end)
    return path


ROUND, BELOW = 40.0, 56.0
"""How far a return curve reaches out beside its ends, and how far it runs beneath them."""


def return_path(start: QPointF, end: QPointF) -> QPainterPath:
    """A curve that comes back beneath both ends: the way of a value that arrives a step later."""
    path = QPainterPath(start)
    low = max(start.y(), end.y()) + BELOW
    right, left = max(start.x(), end.x()) + ROUND, min(start.x(), end.x()) - ROUND
    if start.x() < end.x():
        # The target lies ahead: the curve still turns back, so that it reads as a loop.
        right, left = start.x() + ROUND, end.x() - ROUND
    middle = (start.x() + end.x()) / 2
    path.cubicTo(QPointF(right, start.y()), QPointF(right, low), QPointF(middle, low))
    path.cubicTo(QPointF(left, low), QPointF(left, end.y()), end)
    return path


def crossing(points: list[QPointF], line: QLineF) -> QPointF | None:
    """Where a straight line first meets a line of straight pieces; None if it does not."""
    for a, b in pairwise(points):
        kind, place = line.intersects(QLineF(a, b))
        if kind == QLineF.IntersectionType.BoundedIntersection:
            return place
    return None


def distance(points: list[QPointF], to: QPointF) -> float:
    """From a point to a line of straight pieces."""
    return min(_to_piece(a, b, to) for a, b in pairwise(points))


def _to_piece(a: QPointF, b: QPointF, point: QPointF) -> float:
    along, away = b - a, point - a
    length = QPointF.dotProduct(along, along)
    share = min(1.0, max(0.0, QPointF.dotProduct(away, along) / length)) if length else 0.0
    rest = away - along * share
    return math.hypot(rest.x(), rest.y())
