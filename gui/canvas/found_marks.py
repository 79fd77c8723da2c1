"""Marks around the nodes that a search has found."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas import metrics
from gui.canvas.items.ink import ink, pen
from gui.theme import theme

ROOM = 7.0


class FoundMarks(QGraphicsItem):
    """One item for all hits: a tinted edge around each card."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(3)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.cards: list[QRectF] = []
        self._bounds = QRectF()

    def show_around(self, cards: Iterable[QRectF]) -> None:
        """Mark these rectangles of the scene and no others."""
        self.prepareGeometryChange()
        self.cards = [card.adjusted(-ROOM, -ROOM, ROOM, ROOM) for card in cards]
        self._bounds = QRectF()
        for card in self.cards:
            self._bounds = self._bounds.united(card.adjusted(-2, -2, 2, 2))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(theme.tokens.warning, 1.5, cosmetic=True))
        painter.setBrush(ink(theme.tokens.warning, 26))
        radius = metrics.RADIUS + ROOM
        for card in self.cards:
            painter.drawRoundedRect(card, radius, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
