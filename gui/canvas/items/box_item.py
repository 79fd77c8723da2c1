"""An open group: a titled box around its nodes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.graph.drawing import Group
from gui.canvas import metrics
from gui.canvas.items import text
from gui.canvas.items.ink import ink, pen
from gui.theme import theme

HEADER = 32.0
MARGIN = 16.0
"""Room between the box and its nodes."""

ARROW = 24.0
"""The square at the left of the title that folds the group."""

RING = 3.0
LEAST_ROOM = 24
"""Less than this, in pixels of the title's font, is no room for a title."""


class BoxItem(QGraphicsItem):
    """A box with a title, by which it is held. It lies beneath wires and nodes."""

    def __init__(self, group: Group, depth: int) -> None:
        super().__init__()
        self.drawn = group
        self.ringed = self.hovered = False
        self.severity = ""
        self.setZValue(-1 + depth / 100)
        self._card = QRectF()

    # What it shows

    def show_group(self, group: Group) -> None:
        self.drawn = group
        self.update()

    def show_around(self, inside: QRectF) -> None:
        """Lie around this part of the scene."""
        card = inside.adjusted(-MARGIN, -MARGIN - HEADER, MARGIN, MARGIN)
        if card != self.scene_card():
            self.prepareGeometryChange()
            self._card = QRectF(0, 0, card.width(), card.height())
            self.setPos(card.topLeft())

    def set_ringed(self, ringed: bool) -> None:
        if ringed != self.ringed:
            self.ringed = ringed
            self.update()

    @property
    def key(self) -> str:
        """Under which id it is drawn."""
        return self.drawn.id

    @property
    def name(self) -> str:
        return self.drawn.name

    @property
    def own_title(self) -> str:
        return self.drawn.id

    # Where it is

    @property
    def width(self) -> float:
        return self._card.width()

    @property
    def height(self) -> float:
        return self._card.height()

    @property
    def port_line(self) -> float:
        return HEADER / 2

    def scene_card(self) -> QRectF:
        return self._card.translated(self.pos())

    def title_rect(self) -> QRectF:
        """Where it is held and, by a double-click, renamed, in the scene."""
        return QRectF(self.pos().x(), self.pos().y(), self.width, HEADER)

    def fold_rect(self) -> QRectF:
        """Where a click folds it, in the scene."""
        return QRectF(self.pos().x(), self.pos().y(), ARROW + 4, HEADER)

    def boundingRect(self) -> QRectF:
        return self._card.adjusted(-RING - 1, -RING - 1, RING + 1, RING + 1)

    # Painting

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        tokens, zoom = theme.tokens, painter.worldTransform().m11()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen(tokens.muted if self.hovered else tokens.border, 1, cosmetic=True))
        painter.setBrush(ink(tokens.surface, 150))
        painter.drawRoundedRect(self._card, metrics.RADIUS, metrics.RADIUS)
        if self.ringed:
            painter.setPen(pen(tokens.accent, 2 / min(zoom, 1.0)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = self._card.adjusted(-RING, -RING, RING, RING)
            painter.drawRoundedRect(ring, metrics.RADIUS + RING, metrics.RADIUS + RING)
        if zoom < metrics.FAR:
            # The view keeps no painter state from item to item.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            return
        if zoom < metrics.NEAR:
            self._paint_title_from_afar(painter, zoom)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(tokens.second))
        middle = QPointF(16, HEADER / 2 + 1)
        painter.drawPolygon(
            QPolygonF(
                [
                    middle + QPointF(-4, -2.5),
                    middle + QPointF(4, -2.5),
                    middle + QPointF(0, 3),
                ]
            )
        )
        title = text.prepared("name", self.drawn.name or self.drawn.id, int(self.width - 48))
        painter.setFont(text.font("name"))
        painter.setPen(ink(tokens.second))
        top = (HEADER - title.size().height()) / 2
        painter.drawStaticText(QPointF(28, top), title)

    def _paint_title_from_afar(self, painter: QPainter, zoom: float) -> None:
        """As large as can be read."""
        growth = metrics.LEGIBLE / (text.STYLES["name"][1] * zoom)
        room = int((self.width - 16) / growth)
        if room < LEAST_ROOM:
            return
        title = text.prepared("name", self.drawn.name or self.drawn.id, room)
        painter.setFont(text.font("name"))
        painter.setPen(ink(theme.tokens.second))
        painter.save()
        painter.translate(8, max(2.0, (HEADER - growth * title.size().height()) / 2))
        painter.scale(growth, growth)
        painter.drawStaticText(QPointF(), title)
        painter.restore()
