"""The sheet that shows what is inside a node, seen from near. It hangs beside the node's card."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.canvas import metrics
from gui.canvas.items.ink import ink, pen
from gui.theme import theme

PADDING = 8.0
AWAY = 8.0
"""Between a card and its sheet."""


class Inside(Protocol):
    """Something that paints itself into a room; `height` is how tall it wants to be."""

    @property
    def height(self) -> float: ...
    @property
    def caption(self) -> str: ...
    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint it, in scene coordinates."""


class InsideItem(QGraphicsItem):
    """Painted once for a zoom and its numbers, then kept as a picture of the device."""

    def __init__(self) -> None:
        super().__init__()
        self._size = QRectF()
        self._inside: Inside | None = None
        self.setZValue(3)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    @property
    def caption(self) -> str:
        return self._inside.caption if self._inside else ""

    def show_inside(self, inside: Inside) -> None:
        self._inside = inside
        self.update()

    def stand(self, place: QRectF) -> None:
        """Fill this part of the scene."""
        size = QRectF(0, 0, place.width(), place.height())
        if size != self._size:
            self.prepareGeometryChange()
            self._size = size
        self.setPos(place.topLeft())

    def boundingRect(self) -> QRectF:
        return self._size

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = painter.worldTransform().m11()
        clear = (zoom - metrics.INSIDE) / (metrics.INSIDE_CLEAR - metrics.INSIDE)
        if clear <= 0 or self._inside is None:
            return
        tokens = theme.tokens
        painter.setOpacity(min(1.0, clear))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(tokens.border))
        painter.setBrush(ink(tokens.node))
        painter.drawRoundedRect(self._size.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        self._inside.paint(painter, self._size.adjusted(PADDING, 6, -PADDING, -PADDING))
        painter.setOpacity(1.0)


def tall(inside: Inside) -> float:
    """How tall a sheet is that shows this."""
    return inside.height + 6 + PADDING


def beside(card: QRectF, height: float, below: bool) -> QRectF:
    """Where a sheet hangs under a card, or stands on it: a little wider than the card."""
    wide = min(WIDEST, max(NARROWEST, card.width() + 2 * OVER))
    left = card.center().x() - wide / 2
    top = card.bottom() + AWAY if below else card.top() - AWAY - 4 - height
    return QRectF(QPointF(left, top), QPointF(left + wide, top + height))


OVER = 28.0
"""How far a sheet looks out at either side of its card; two neighbours' do not meet."""

NARROWEST, WIDEST = 184.0, 256.0
