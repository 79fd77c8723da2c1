"""The card of a layer: stripe, name, the line that matters, shape, parameter count, preview."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from engine import shapes
from engine.graph.model import Node
from gui.canvas import metrics
from gui.canvas.items import text
from gui.canvas.items.ink import ink, pen
from gui.canvas.items.marks import heat
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.stripe import stripe_path
from gui.theme import theme

LEFT = metrics.STRIPE + metrics.PADDING - 2
NAME_TOP = 7
LONE_TOP = 16
LINE_TOP = 26
SPACE = 10
"""Between a text at the left and a number at the right."""

shape_text = lru_cache(maxsize=1024)(shapes.text)


@lru_cache(maxsize=1024)
def _fit(name_width: float, line_width: float, shape: str, count: str) -> tuple[float, int, int]:
    """A card's width, and what of it the name and the line have; many cards are alike."""
    shape_room, count_room = _room_for(shape), _room_for(count)
    needed = LEFT + metrics.PADDING + max(name_width + shape_room, line_width + count_room)
    low, high = metrics.CARD_WIDTHS
    width = min(high, max(low, math.ceil(needed / 8) * 8))
    room = width - LEFT - metrics.PADDING
    return width, math.ceil(room - shape_room), math.ceil(room - count_room)


def _room_for(number: str) -> float:
    return text.width("shape", number) + SPACE if number else 0.0


class CardItem(NodeItem):
    """A node as a card, as wide as its texts need."""

    _read: Node | None = None
    _slot = QRectF()

    def lay_out(self) -> None:
        node, found = self.node, self.found
        if node is not self._read:
            self._read_texts()
        outputs = found.outputs if found else None
        self._shape = shape_text(outputs[0]) if outputs else ""
        count = found.parameter_count if found and found.parameters else 0
        self._count = f"{count:,}" if count else ""
        width, self._name_room, self._line_room = _fit(
            self._name_width, self._line_width, self._shape, self._count
        )
        # A lone row of text stands beside the ports.
        self._name_top = NAME_TOP if self._line or self._count else LONE_TOP
        height = self._head
        if self.preview is not None:
            self._slot = self._preview_slot(width)
            height = math.ceil((self._slot.bottom() + metrics.PADDING - 2) / 8) * 8
        self.resize_to(width, height)

    def _read_texts(self) -> None:
        """What depends on the node alone; edits elsewhere change only what is found for it."""
        node = self._read = self.node
        self._name, self._line = node.title, node.layer.line()
        self._name_width = text.width("name", self._name)
        self._line_width = text.width("line", self._line)
        ports = max(1, len(node.layer.input_ports), len(node.layer.output_ports))
        self._head = metrics.CARD_HEIGHT + max(0, ports - 2) * metrics.PORT_STEP

    def _preview_slot(self, width: float) -> QRectF:
        """Where the preview goes: as wide as the card allows, its proportions kept."""
        assert self.preview is not None
        room = width - LEFT - metrics.PADDING
        low, high = metrics.PREVIEW_HEIGHTS
        share = self.preview.height() / max(1, self.preview.width())
        tall = min(max(room * share, low), high)
        wide = min(room, tall / share) if share else room
        return QRectF(LEFT, self._head - 2, wide, tall)

    @property
    def port_line(self) -> float:
        return metrics.CARD_HEIGHT / 2

    def title_rect(self) -> QRectF:
        return QRectF(self.pos().x(), self.pos().y(), self.width, LINE_TOP)

    def paint_body(self, painter: QPainter, zoom: float) -> None:
        tokens = theme.tokens
        painter.setPen(pen(tokens.muted if self.hovered else tokens.border))
        painter.setBrush(ink(tokens.node))
        painter.drawRoundedRect(self.card(), metrics.RADIUS, metrics.RADIUS)
        if self.cost is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(heat(self.cost[0]))
            painter.drawRoundedRect(self.card(), metrics.RADIUS, metrics.RADIUS)
        painter.fillPath(stripe_path(self.height), self.color)
        if self.preview is not None:
            smooth = self.preview.width() > self._slot.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            painter.drawPixmap(self._slot, self.preview, QRectF(self.preview.rect()))
        clear = text.clearness(zoom)
        if not clear:
            self._paint_name_alone(painter, zoom)
            return
        name, line = self._name_room, self._line_room
        self._paint_left(painter, "name", self._name, self._name_top, name, ink(tokens.text))
        self._paint_left(painter, "line", self._line, LINE_TOP, line, ink(tokens.second, clear))
        self._paint_right(painter, self._shape, self._name_top + 2, ink(tokens.second, clear))
        self._paint_right(painter, self._count, LINE_TOP + 1, ink(tokens.muted, clear))

    def _paint_name_alone(self, painter: QPainter, zoom: float) -> None:
        """From afar, larger than life: as much of it as fits."""
        growth = text.growth("name", zoom)
        height = growth * text.metrics("name").height()
        head = min(self.height, metrics.CARD_HEIGHT)
        left = metrics.STRIPE + 6
        label = text.prepared("name", self._name, int((self.width - left - 2) / growth))
        painter.setFont(text.font("name"))
        painter.setPen(ink(theme.tokens.text))
        painter.save()
        painter.translate(left, (head - height) / 2)
        painter.scale(growth, growth)
        painter.drawStaticText(QPointF(), label)
        painter.restore()

    def _paint_left(
        self, painter: QPainter, style: str, words: str, top: float, room: int, color: QColor
    ) -> None:
        if words:
            painter.setFont(text.font(style))
            painter.setPen(color)
            painter.drawStaticText(QPointF(LEFT, top), text.prepared(style, words, room))

    def _paint_right(self, painter: QPainter, number: str, top: float, color: QColor) -> None:
        if number:
            painter.setFont(text.font("shape"))
            painter.setPen(color)
            left = self.width - metrics.PADDING - text.width("shape", number)
            painter.drawStaticText(QPointF(left, top), text.prepared("shape", number))
