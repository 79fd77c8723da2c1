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


class GuidesItem(QGraphicsItem):
    """Thin lines over everything else; none until some are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(6)
        self._lines: list[QLineF] = []
        self._bounds = QRectF()

    def show_guides(self, guides: Sequence[Guide]) -> None:
        self.prepareGeometryChange()
        self._lines = [_line(guide) for guide in guides]
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


def _line(guide: Guide) -> QLineF:
    start, end = guide.start - BEYOND, guide.end + BEYOND
    if guide.upright:
        return QLineF(guide.place, start, guide.place, end)
    return QLineF(start, guide.place, end, guide.place)
