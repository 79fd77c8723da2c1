"""The lines that show what a dragged node is level with."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas.align import Guide
from gui.canvas.items.ink import pen
from gui.theme import theme

BEYOND = 12.0
"""How far a line runs beyond the nodes that it joins."""

TICK = 5.0
"""Half the length of the lines that end a gap."""


class GuidesItem(QGraphicsItem):
    """Thin lines over everything else; none until some are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(6)
        self._lines: list[QLineF] = []
        self._bounds = QRectF()

    def show_guides(self, guides: Sequence[Guide]) -> None:
        self.prepareGeometryChange()
        self._lines = [line for guide in guides for line in _lines(guide)]
        self._bounds = QRectF()
        for line in self._lines:
            rect = QRectF(line.p1(), line.p2()).normalized()
            self._bounds = self._bounds.united(rect.adjusted(-1, -1, 1, 1))

    @property
    def lines(self) -> Sequence[QLineF]:
        """What is shown now."""
        return self._lines

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setPen(pen(theme.tokens.accent, cosmetic=True))
        painter.drawLines(list(self._lines))


def _lines(guide: Guide) -> list[QLineF]:
    """A line that runs on beyond what it joins, or the length of a gap between two ticks."""
    start, end, place = guide.start, guide.end, guide.place
    if not guide.gap:
        return [_line(guide.upright, place, start - BEYOND, end + BEYOND)]
    ticks = [_line(not guide.upright, at, place - TICK, place + TICK) for at in (start, end)]
    return [_line(guide.upright, place, start, end), *ticks]


def _line(upright: bool, place: float, start: float, end: float) -> QLineF:
    if upright:
        return QLineF(place, start, place, end)
    return QLineF(start, place, end, place)
