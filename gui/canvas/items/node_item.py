"""A node on the canvas: one graphics item that paints its ports, its badge and itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.graph.infer import NodeShapes
from engine.graph.model import Node
from engine.layers.base import Port
from gui.canvas import metrics
from gui.canvas.items.ink import blended, ink, pen
from gui.canvas.items.marks import heat, paint_cost, paint_health, paint_problem, severity_color
from gui.canvas.items.states import DIMMED, paint_signs, paint_switch
from gui.canvas.ports import PortEnd
from gui.canvas.values import draw_port, value_kind
from gui.theme import category_color, theme

if TYPE_CHECKING:
    from engine.diagnosis.health import Health

MARGIN = 12.0
"""Room around a node for its ring, its ports and its badge."""

COST_ROOM = 48.0
"""Room above a node that says what it costs."""

RING = 3.0
BLOCK = 0.18
"""How much of the colour of its category a node has from afar."""
OUT_OF_REACH = 0.4
"""How much is seen of a node that cannot take the wire being drawn."""


class NodeItem(QGraphicsItem):
    """What cards and tiles have in common. It shows what it is told and changes nothing.

    `show_node` tells the node and what inference found for it; the scene sets
    the rest: selected, hovered, severity of its worst problem, health, preview,
    and, while a wire is drawn, which of its ports can take it.
    """

    filled: ClassVar[bool] = False
    """Whether a preview fills the node from edge to edge."""

    def __init__(self, node: Node, found: NodeShapes | None) -> None:
        super().__init__()
        self.setZValue(1)
        self.ringed = False
        self.hovered = False
        self.severity = ""
        self.health: Health | None = None
        self.cost: tuple[float, str, str] | None = None
        self.preview: QPixmap | None = None
        self.joinable: frozenset[PortEnd] | None = None
        self.width = self.height = 0.0
        self._card = self._bounds = self._ring = QRectF()
        self._take(node)
        self.show_node(node, found)
        self.setPos(*node.position)

    # What it shows

    def show_node(self, node: Node, found: NodeShapes | None) -> None:
        if node is not self.node:
            self._take(node)
        self.found = found
        self._kinds = _kinds(node, found)
        self.lay_out()
        self.update()

    def _take(self, node: Node) -> None:
        self.node = node
        self._color = category_color(node.layer.category)
        self.color = ink(self._color)

    def set_preview(self, image: QImage | None) -> None:
        had = self.preview
        self.preview = QPixmap.fromImage(image) if image is not None else None
        if (had is None) != (self.preview is None) or (
            had is not None and self.preview is not None and had.size() != self.preview.size()
        ):
            self.lay_out()
        self.update()

    def set_ringed(self, ringed: bool) -> None:
        if ringed != self.ringed:
            self.ringed = ringed
            self.setZValue(2 if ringed else 1)
            self.update()

    def set_hovered(self, hovered: bool) -> None:
        if hovered != self.hovered:
            self.hovered = hovered
            self.update()

    def set_severity(self, severity: str) -> None:
        if severity != self.severity:
            self.severity = severity
            self.update()

    def set_health(self, health: Health | None) -> None:
        before = self.health.level if self.health else ""
        self.health = health
        if before != (health.level if health else ""):
            self.update()

    def set_cost(self, cost: tuple[float, str, str] | None) -> None:
        """Its share of all that the network costs, what is said of it, and the same in short."""
        if cost != self.cost:
            self.prepareGeometryChange()
            self.cost = cost
            self._bound()
            self.update()

    def _bound(self) -> None:
        above = MARGIN if self.cost is None else COST_ROOM
        self._bounds = self._card.adjusted(-MARGIN, -above, MARGIN, MARGIN)

    def set_joinable(self, joinable: frozenset[PortEnd] | None) -> None:
        """The ports that could take the wire being drawn; None when none is."""
        if joinable != self.joinable:
            self.joinable = joinable
            self.update()

    @property
    def key(self) -> str:
        """Under which id it is drawn."""
        return self.node.id

    @property
    def pictured(self) -> str:
        """The id of the node whose values it shows."""
        return self.node.id

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def own_title(self) -> str:
        """What it is called when it has no name."""
        return self.node.layer.title()

    # Where it is

    def lay_out(self) -> None:
        """Work out width, height and texts anew, ending in `resize_to`."""
        raise NotImplementedError  # a card and a tile differ in it

    def resize_to(self, width: float, height: float) -> None:
        if (width, height) != (self.width, self.height):
            self.prepareGeometryChange()
            self.width, self.height = width, height
            self._card = QRectF(0, 0, width, height)
            self._bound()
            self._ring = self._card.adjusted(-RING, -RING, RING, RING)

    @property
    def port_line(self) -> float:
        """How far below the top edge the first port stands, and the wires of most nodes run."""
        raise NotImplementedError  # a card and a tile differ in it

    def port_point(self, name: str, output: bool) -> QPointF:
        """Where a port is, in the scene."""
        return self.pos() + self._port_place(name, output)

    def _port_place(self, name: str, output: bool) -> QPointF:
        ports = self.ports(output)
        number = next((i for i, port in enumerate(ports) if port.name == name), 0)
        below = number * metrics.PORT_STEP
        return QPointF(self.width if output else 0.0, self.port_line + below)

    def ports(self, output: bool) -> Sequence[Port]:
        return self.node.layer.output_ports if output else self.node.layer.input_ports

    def end_of(self, port: Port, output: bool) -> PortEnd:
        """Which port of which node one of its ports is."""
        return PortEnd(self.node.id, port.name, output)

    def ends(self, output: bool) -> list[PortEnd]:
        """Its ports on one side."""
        return [self.end_of(port, output) for port in self.ports(output)]

    def place_of(self, end: PortEnd) -> QPointF:
        """Where one of its ports is, in the scene."""
        return self.port_point(end.port, end.output)

    def port_ends(self) -> list[tuple[PortEnd, QPointF]]:
        """Every port with its place in the scene."""
        return [(end, self.place_of(end)) for out in (False, True) for end in self.ends(out)]

    def card(self) -> QRectF:
        """The node without ring, ports and badge, in its own coordinates."""
        return self._card

    def scene_card(self) -> QRectF:
        return self.card().translated(self.pos())

    def title_rect(self) -> QRectF:
        """Where a double-click renames, in the scene."""
        return self.scene_card()

    def boundingRect(self) -> QRectF:
        return self._bounds

    # Painting

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = painter.worldTransform().m11()
        if zoom < metrics.FAR:
            self._paint_far(painter, zoom)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dimmed = self.joinable is not None and not self.joinable
        if dimmed:
            painter.setOpacity(OUT_OF_REACH)
        elif self.node.switch != "on":
            painter.setOpacity(DIMMED)
        self.paint_body(painter, zoom)
        if self.ringed:
            self._paint_ring(painter, zoom)
        self.paint_ports(painter, zoom)
        if dimmed:
            painter.setOpacity(1.0)
        paint_switch(painter, self.node, self._card, self.port_line)
        if zoom >= metrics.NEAR:
            paint_signs(painter, self.node, self._card)
        if self.cost is not None:
            paint_cost(painter, *self.cost)
        if self.severity:
            paint_problem(painter, self.badge_place(), self.severity)
        elif self.health:
            paint_health(painter, self.health_place(), self.health.level)

    def paint_body(self, painter: QPainter, zoom: float) -> None:
        """The node itself, within `card()`."""
        raise NotImplementedError  # a card and a tile differ in it

    def badge_place(self) -> QPointF:
        """The middle of the sign of a problem."""
        return QPointF(self.width - 2, 0)

    def health_place(self) -> QPointF:
        return self.badge_place()

    def _paint_far(self, painter: QPainter, zoom: float) -> None:
        tokens = theme.tokens
        if self.preview is not None and self.filled:
            painter.drawPixmap(self.card().toRect(), self.preview)
        else:
            stripe = self.width * 0.12 if self.width > 80 else self.width
            painter.fillRect(self._card, blended(self._color, tokens.node, BLOCK))
            if stripe * zoom >= 1:  # pixels
                painter.fillRect(QRectF(0, 0, stripe, self.height), self.color)
            if self.cost is not None:
                painter.fillRect(self._card, heat(self.cost[0]))
        if self.ringed or self.severity:
            color = tokens.accent if self.ringed else severity_color(self.severity)
            painter.setPen(pen(color, 2, cosmetic=True))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._ring)

    def _paint_ring(self, painter: QPainter, zoom: float) -> None:
        painter.setPen(pen(theme.tokens.accent, 2 / min(zoom, 1.0)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(self._ring, metrics.RADIUS + RING, metrics.RADIUS + RING)

    def paint_ports(self, painter: QPainter, zoom: float) -> None:
        for output in (False, True):
            for port in self.ports(output):
                self._paint_port(painter, port, output)

    def _paint_port(self, painter: QPainter, port: Port, output: bool) -> None:
        tokens = theme.tokens
        place = self._port_place(port.name, output)
        color, radius, fill = self._color, metrics.PORT_RADIUS, tokens.canvas
        if self.joinable is not None:
            if self.end_of(port, output) in self.joinable:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ink(tokens.accent, 70))
                painter.drawEllipse(place, radius + 5, radius + 5)
                color = fill = tokens.accent
            else:
                color = tokens.muted
                radius -= 1
        elif not port.required and not output:
            color = tokens.muted
        painter.setPen(pen(color, 2))
        painter.setBrush(ink(fill))
        draw_port(painter, self._kinds.get((port.name, output), ""), place, radius)


def _kinds(node: Node, found: NodeShapes | None) -> dict[tuple[str, bool], str]:
    """The kind of value that goes through each port, by its name and whether it is an output."""
    kinds: dict[tuple[str, bool], str] = {}
    if found is not None and found.arriving is not None:
        for name, arriving in found.arriving.by_port.items():
            kinds[name, False] = value_kind(arriving[0] if arriving else None)
    if found is not None and found.outputs is not None:
        for port, shape in zip(node.layer.output_ports, found.outputs, strict=False):
            kinds[port.name, True] = value_kind(shape)
    return kinds
