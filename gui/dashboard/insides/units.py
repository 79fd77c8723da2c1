"""The units of a layer as bars, and the connections that count most for one example."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from engine.layers.base import Array
from gui.dashboard.insides.base import CAPTION, Inside, number, write
from gui.theme import theme

MOST_UNITS, MOST_INPUTS = 7, 6
ROW = 13.0
INPUT = 56.0
"""The room of a name and a number that arrives."""
LONGEST = 5
"""Letters of a name that has room there; others are called by their place."""
WIDEST = 2.2


def strongest(values: Array, most: int) -> Array:
    """The places of the largest numbers by size, in their own order."""
    found: Array = np.sort(np.argsort(-np.abs(values), kind="stable")[:most])
    return found


class Units(Inside):
    """At the left what arrives, at the right each unit with its activation.

    A line between is as wide as what it brings, weight times input, and has its sign's colour.
    """

    def __init__(
        self, caption: str, x: Array, weight: Array, activations: Array, names: Sequence[str] = ()
    ) -> None:
        """x: (D,); weight: (U, D); activations: (U,). names: of the inputs, where they have any."""
        brought = weight * x
        self._units = strongest(activations, MOST_UNITS)
        self._inputs = strongest(np.abs(brought[self._units]).sum(axis=0), MOST_INPUTS)
        self._brought = brought[np.ix_(self._units, self._inputs)]
        self._x, self._activations = x, activations
        self._names = names
        self.caption = caption
        self.height = CAPTION + 4 + ROW * max(len(self._units), len(self._inputs))

    def paint_body(self, painter: QPainter, room: QRectF) -> None:
        left = QRectF(room.left(), room.top(), INPUT, room.height())
        right = QRectF(left.right() + room.width() * 0.22, room.top(), 0, room.height())
        right.setRight(room.right())
        starts, ends = _rows(left, len(self._inputs)), _rows(right, len(self._units))
        self._paint_lines(painter, starts, ends)
        for row, place in zip(starts, self._inputs.tolist(), strict=True):
            name = self._names[place] if place < len(self._names) else ""
            name = name if 0 < len(name) <= LONGEST else f"x{place + 1}"
            half = row.width() * 0.4
            write(painter, QRectF(row.left(), row.top(), half, row.height()), name, "muted")
            value = QRectF(row.left() + half, row.top(), row.width() - half - 5, row.height())
            right_side = Qt.AlignmentFlag.AlignRight
            write(painter, value, number(float(self._x[place])), "text", right_side, mono=True)
            self._paint_dot(painter, QPointF(row.right(), row.center().y()))
        limit = float(np.max(np.abs(self._activations), initial=1e-9))
        for row, place in zip(ends, self._units.tolist(), strict=True):
            self._paint_unit(painter, row, place, limit)

    def _paint_lines(
        self, painter: QPainter, starts: Sequence[QRectF], ends: Sequence[QRectF]
    ) -> None:
        tokens = theme.tokens
        limit = float(np.max(np.abs(self._brought), initial=1e-9))
        for unit, end in enumerate(ends):
            for given, start in enumerate(starts):
                share = float(self._brought[unit, given]) / limit
                color = QColor(tokens.positive if share > 0 else tokens.negative)
                color.setAlphaF(0.08 + 0.9 * share * share)
                painter.setPen(QPen(color, 0.4 + WIDEST * abs(share)))
                painter.drawLine(
                    QPointF(start.right(), start.center().y()),
                    QPointF(end.left(), end.center().y()),
                )

    @staticmethod
    def _paint_dot(painter: QPainter, at: QPointF) -> None:
        tokens = theme.tokens
        painter.setPen(QPen(QColor(tokens.second), 1))
        painter.setBrush(QColor(tokens.node))
        painter.drawEllipse(at, 2.5, 2.5)

    def _paint_unit(self, painter: QPainter, row: QRectF, place: int, limit: float) -> None:
        tokens, value = theme.tokens, float(self._activations[place])
        self._paint_dot(painter, QPointF(row.left(), row.center().y()))
        label = QRectF(row.left() + 6, row.top(), 18, row.height())
        write(painter, label, f"{place + 1}", "muted", mono=True)
        digits = QRectF(row.right() - 27, row.top(), 27, row.height())
        write(painter, digits, number(value), "text", Qt.AlignmentFlag.AlignRight, mono=True)
        track = QRectF(label.right() + 2, row.top() + 4, 0, row.height() - 8)
        track.setRight(digits.left() - 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.field))
        painter.drawRect(track)
        painter.setBrush(QColor(tokens.positive if value >= 0 else tokens.negative))
        painter.drawRect(
            QRectF(track.left(), track.top(), track.width() * abs(value) / limit, track.height())
        )


def _rows(room: QRectF, count: int) -> list[QRectF]:
    """Rows in the middle of a room."""
    top = room.top() + (room.height() - count * ROW) / 2
    return [QRectF(room.left(), top + i * ROW, room.width(), ROW) for i in range(count)]


class Numbers(Inside):
    """A vector as bars with their numbers, the largest ones where there are many."""

    def __init__(self, caption: str, values: Array, names: Sequence[str] = ()) -> None:
        self._shown = strongest(values, 8)
        self._values, self._names = values, names
        self.caption = caption
        self.height = CAPTION + 4 + ROW * len(self._shown)

    def paint_body(self, painter: QPainter, room: QRectF) -> None:
        tokens = theme.tokens
        limit = float(np.max(np.abs(self._values), initial=1e-9))
        signed = bool((self._values < 0).any())
        for row, place in zip(_rows(room, len(self._shown)), self._shown.tolist(), strict=True):
            value = float(self._values[place])
            name = self._names[place] if place < len(self._names) else str(place + 1)
            write(painter, QRectF(row.left(), row.top(), 46, row.height()), name, "muted")
            digits = QRectF(row.right() - 34, row.top(), 34, row.height())
            write(painter, digits, number(value), "text", Qt.AlignmentFlag.AlignRight, mono=True)
            track = QRectF(row.left() + 50, row.top() + 4, 0, row.height() - 8)
            track.setRight(digits.left() - 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.field))
            painter.drawRect(track)
            zero = track.center().x() if signed else track.left()
            full = track.width() / 2 if signed else track.width()
            length = full * abs(value) / limit
            painter.setBrush(QColor(tokens.positive if value >= 0 else tokens.negative))
            left = zero if value >= 0 else zero - length
            painter.drawRect(QRectF(left, track.top(), length, track.height()))
