"""A reroute point: a small dot on a wire, by which the wire is led."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from engine.graph.model import Node
from gui.canvas.items.ink import ink, pen
from gui.canvas.items.node_item import RING, NodeItem
from gui.canvas.ports import PortEnd
from gui.canvas.values import value_color, value_kind
from gui.theme import theme

SIZE = 12.0
HANDLE = 14.0
"""How far beside its middle a wire can be drawn from it: on the middle itself it is moved."""


def is_dot(node: Node) -> bool:
    return node.layer.kind == "reroute"


def corner(middle: QPointF) -> tuple[float, float]:
    """The position of a point whose middle is there."""
    return round(middle.x() - SIZE / 2), round(middle.y() - SIZE / 2)


class DotItem(NodeItem):
    """A dot in the colour of what it carries. Both its wires end in its middle."""

    def lay_out(self) -> None:
        outputs = self.found.outputs if self.found else None
        self._shown = value_color(value_kind(outputs[0] if outputs else None))
        self.resize_to(SIZE, SIZE)

    @property
    def port_line(self) -> float:
        return SIZE / 2

    def _port_place(self, name: str, output: bool) -> QPointF:
        return QPointF(SIZE / 2, SIZE / 2)

    def port_ends(self) -> list[tuple[PortEnd, QPointF]]:
        """Where its ports are taken hold of: at its left and at its right."""
        middle = self.pos() + QPointF(SIZE / 2, SIZE / 2)
        return [
            (PortEnd(self.node.id, "in", False), middle - QPointF(HANDLE, 0)),
            (PortEnd(self.node.id, "out", True), middle + QPointF(HANDLE, 0)),
        ]

    def title_rect(self) -> QRectF:
        return QRectF()  # a point has no name to be changed

    def paint_body(self, painter: QPainter, zoom: float) -> None:
        tokens = theme.tokens
        middle, radius = QPointF(SIZE / 2, SIZE / 2), SIZE / 2 - 2
        if self.hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink(tokens.second, 60))
            painter.drawEllipse(middle, SIZE - 1, SIZE - 1)
        painter.setPen(pen(tokens.canvas, 2))
        painter.setBrush(ink(self._shown))
        painter.drawEllipse(middle, radius + 1, radius + 1)

    def _paint_far(self, painter: QPainter, zoom: float) -> None:
        painter.fillRect(self._card, ink(self._shown))
        if self.ringed:
            painter.setPen(pen(theme.tokens.accent, 2, cosmetic=True))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._ring)

    def _paint_ring(self, painter: QPainter, zoom: float) -> None:
        painter.setPen(pen(theme.tokens.accent, 2 / min(zoom, 1.0)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(self._card.adjusted(-RING, -RING, RING, RING))

    def paint_ports(self, painter: QPainter, zoom: float) -> None:
        """Its ports show only while it is pointed at, or while they may be wired."""
        if self.joinable is None:
            if self.hovered:
                painter.setPen(pen(theme.tokens.second, 1.5))
                painter.setBrush(ink(theme.tokens.canvas))
                painter.drawEllipse(QPointF(SIZE / 2 + HANDLE, SIZE / 2), 3.0, 3.0)
            return
        if self.joinable:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink(theme.tokens.accent, 70))
            painter.drawEllipse(QPointF(SIZE / 2, SIZE / 2), SIZE, SIZE)
