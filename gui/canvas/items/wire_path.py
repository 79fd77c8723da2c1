"""The line that a wire takes from an output port to an input port."""

from __future__ import annotations

import math
from itertools import pairwise

from PySide6.QtCore import QPointF
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


def distance(points: list[QPointF], to: QPointF) -> float:
    """From a point to a line of straight pieces."""
    return min(_to_piece(a, b, to) for a, b in pairwise(points))


def _to_piece(a: QPointF, b: QPointF, point: QPointF) -> float:
    along, away = b - a, point - a
    length = QPointF.dotProduct(along, along)
    share = min(1.0, max(0.0, QPointF.dotProduct(away, along) / length)) if length else 0.0
    rest = away - along * share
    return math.hypot(rest.x(), rest.y())
