"""The card of a folded group: a sheet on another, with a small picture of what is inside."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from engine.layers.base import Port
from gui.canvas import metrics
from gui.canvas.folded import Folded, port_name
from gui.canvas.items import text
from gui.canvas.items.card_item import LEFT, CardItem
from gui.canvas.items.ink import ink, pen
from gui.canvas.items.marks import severity_color
from gui.canvas.ports import PortEnd
from gui.theme import category_color, theme

SHEET = 4.0
"""How far the sheet beneath looks out."""

MOST_SPREAD = 8
"""Of more ports on a side, all stand closer together."""

LEAST_STEP = 4.0
PICTURE = 32.0
ARROW = 20.0
"""Room for the arrow that unfolds."""


class GroupItem(CardItem):
    """A group as one card. Its ports are those of the nodes inside that wires lead to."""

    @property
    def folded(self) -> Folded:
        layer = self.node.layer
        assert isinstance(layer, Folded)  # what a group's stand-in has
        return layer

    problem_count = 0
    """How many problems there are inside."""

    def set_problem_count(self, count: int) -> None:
        if count != self.problem_count:
            self.problem_count = count
            self.update()

    @property
    def pictured(self) -> str:
        """The node whose values it shows: the one inside that gives its last output."""
        return self.folded.last

    # Ports

    def end_of(self, port: Port, output: bool) -> PortEnd:
        return self.folded.end(port.name)

    def place_of(self, end: PortEnd) -> QPointF:
        return self.port_point(port_name(end.node, end.port, end.output), end.output)

    def _port_place(self, name: str, output: bool) -> QPointF:
        ports = self.ports(output)
        number = next((i for i, port in enumerate(ports) if port.name == name), 0)
        step = max(LEAST_STEP, metrics.PORT_STEP * min(1.0, MOST_SPREAD / max(1, len(ports))))
        return QPointF(self.width if output else 0.0, self.port_line + number * step)

    # Size

    def lay_out(self) -> None:
        super().lay_out()
        self.resize_to(max(self.width, 144), self.height)

    def _read_texts(self) -> None:
        super()._read_texts()
        most = max(len(self.ports(False)), len(self.ports(True)))
        ports = metrics.CARD_HEIGHT + min(max(0, most - 2), MOST_SPREAD) * metrics.PORT_STEP
        tall = metrics.CARD_HEIGHT - 4 + PICTURE + metrics.PADDING
        self._head = math.ceil(max(ports, tall) / 8) * 8

    def fold_rect(self) -> QRectF:
        """Where a click unfolds it, in the scene: on the arrow beside its picture."""
        room = self._picture()
        return QRectF(room.left() - 4, room.top(), ARROW, room.height()).translated(self.pos())

    def _picture(self) -> QRectF:
        top = metrics.CARD_HEIGHT - 4
        wide = self.width - LEFT - metrics.PADDING
        return QRectF(LEFT, top, wide, self._head - top - metrics.PADDING)

    # Painting

    def paint_body(self, painter: QPainter, zoom: float) -> None:
        tokens = theme.tokens
        painter.setPen(pen(tokens.border))
        painter.setBrush(ink(tokens.surface))
        beneath = self.card().translated(SHEET, SHEET)
        painter.drawRoundedRect(beneath, metrics.RADIUS, metrics.RADIUS)
        super().paint_body(painter, zoom)
        self._paint_picture(painter)
        if self.severity and self.problem_count > 1:
            self._paint_count(painter)

    def _paint_count(self, painter: QPainter) -> None:
        """The number of problems inside, before their sign."""
        words = f"{self.problem_count}"
        wide = text.width("badge", words) + 10
        room = QRectF(self.badge_place() - QPointF(wide + 7, 7.5), QSizeF(wide, 15))
        painter.setPen(pen(theme.tokens.canvas, 2))
        painter.setBrush(ink(severity_color(self.severity)))
        painter.drawRoundedRect(room, 7.5, 7.5)
        painter.setFont(text.font("badge"))
        painter.setPen(ink(theme.tokens.canvas))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_picture(self, painter: QPainter) -> None:
        room = self._picture()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(theme.tokens.field))
        painter.drawRoundedRect(room, 4, 4)
        painter.setBrush(ink(theme.tokens.second))
        middle = QPointF(room.left() + ARROW / 2 - 2, room.center().y())
        corners = [QPointF(-2.5, -4), QPointF(3, 0), QPointF(-2.5, 4)]
        painter.drawPolygon(QPolygonF([middle + corner for corner in corners]))
        inner = room.adjusted(ARROW, 6, -6, -6)
        share = self.folded.share
        wide = min(inner.width(), inner.height() / share) if share else inner.width()
        tall = wide * share
        left, top = inner.center().x() - wide / 2, inner.center().y() - tall / 2
        for tiny in self.folded.picture:
            block = QRectF(
                left + tiny.left * wide,
                top + tiny.top * tall,
                max(2.0, tiny.width * wide),
                max(2.0, tiny.height * tall),
            )
            painter.setBrush(ink(category_color(tiny.category), 200))
            painter.drawRoundedRect(block, 1.5, 1.5)
