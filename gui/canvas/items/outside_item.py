"""A port of a node that stands outside of the open group, at the edge of what is seen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from engine.graph.infer import NodeShapes
from engine.graph.model import Node
from engine.layers.base import Port
from gui.canvas.items import text
from gui.canvas.items.ink import ink, pen
from gui.canvas.items.node_item import NodeItem
from gui.canvas.ports import PortEnd
from gui.theme import theme

HEIGHT = 28.0
PADDING = 12.0
MOST_ROOM = 144
"""Of a longer name only so much is written."""


class OutsideItem(NodeItem):
    """A tab with the name of what stands outside, and the one port that a wire leads to."""

    def __init__(self, node: Node, found: NodeShapes | None, end: PortEnd) -> None:
        self.end = end
        super().__init__(node, found)
        self.setZValue(0.5)

    @property
    def key(self) -> str:
        """None of the ids of what is drawn: it is neither selected nor moved."""
        return f"{self.end.node} {self.end.port} {'out' if self.end.output else 'in'}"

    @property
    def label(self) -> str:
        """The name of the node; with that of the port, where it has several."""
        layer = self.node.layer
        ports = layer.output_ports if self.end.output else layer.input_ports
        title = self.node.title
        return f"{title} · {self.end.port}" if len(ports) > 1 else title

    def lay_out(self) -> None:
        self._room = min(MOST_ROOM, round(text.width("label", self.label)) + 1)
        self.resize_to(self._room + 2 * PADDING, HEIGHT)

    @property
    def port_line(self) -> float:
        return HEIGHT / 2

    def ports(self, output: bool) -> Sequence[Port]:
        if output != self.end.output:
            return ()
        return [port for port in super().ports(output) if port.name == self.end.port]

    def paint_body(self, painter: QPainter, zoom: float) -> None:
        tokens = theme.tokens
        # A pen of its own: those of `ink` are shared by all items.
        edge = QPen(pen(tokens.second if self.hovered else tokens.muted))
        edge.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(edge)
        painter.setBrush(ink(tokens.field))
        painter.drawRoundedRect(self.card(), HEIGHT / 2, HEIGHT / 2)
        painter.setFont(text.font("label"))
        painter.setPen(ink(tokens.second))
        label = text.prepared("label", self.label, self._room)
        top = (HEIGHT - text.metrics("label").height()) / 2
        painter.drawStaticText(QPointF(PADDING, top), label)

    def _paint_far(self, painter: QPainter, zoom: float) -> None:
        painter.fillRect(QRectF(self.card()), ink(theme.tokens.muted, 90))
