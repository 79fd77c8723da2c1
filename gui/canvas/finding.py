"""What stands where on the canvas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

from PySide6.QtCore import QLineF, QObject, QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from engine.graph.model import Wire
from gui.canvas import metrics
from gui.canvas.items.dot_item import DotItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.wire_item import WireItem
from gui.canvas.ports import PortEnd

DEPTH = 10
"""How often the scene is halved in the index of what stands where."""


class Findable(QGraphicsScene):
    """A scene whose nodes, ports and wires are found by where they are."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Deeper, and long wires lie in so many parts that the index takes most of the memory.
        self.setBspTreeDepth(DEPTH)
        self.nodes: dict[str, NodeItem] = {}
        self.tiles: dict[str, NodeItem] = {}
        self.wires: dict[Wire, WireItem] = {}

    def node_at(self, point: QPointF) -> NodeItem | None:
        """The uppermost node under a point."""
        for item in self.items(point):
            if self._is_inside(item) and item.scene_card().contains(point):
                return item
        return None

    def grasp(self, point: QPointF, pixel: float) -> tuple[NodeItem | None, PortEnd | None]:
        """The node and the port that a press takes hold of. pixel: one on screen, in the scene.

        Ports reach out of their node; inside of it they give way to it sooner. A
        point on a wire is so small that its middle goes before its ports.
        """
        for item in self.items(_around(point, metrics.DOT_REACH * pixel)):
            if isinstance(item, DotItem):
                away = item.scene_card().center() - point
                if QPointF.dotProduct(away, away) <= (metrics.DOT_REACH * pixel) ** 2:
                    return item, None
        node = self.node_at(point)
        reach = metrics.REACH if node is None else metrics.PORT_REACH
        return node, self.port_at(point, reach * pixel)

    def port_at(self, point: QPointF, reach: float) -> PortEnd | None:
        """The nearest port within reach of a point."""
        near = [
            (QPointF.dotProduct(place - point, place - point), end)
            for item in self.items(_around(point, reach))
            if isinstance(item, NodeItem)
            for end, place in item.port_ends()
        ]
        square, end = min(near, key=lambda found: found[0], default=(0.0, None))
        return end if square <= reach * reach else None

    def wire_at(self, point: QPointF, reach: float) -> WireItem | None:
        """The nearest wire within reach of a point."""
        near = [
            (item.distance_to(point), item)
            for item in self.items(_around(point, reach))
            if isinstance(item, WireItem)
        ]
        away, item = min(near, key=lambda found: found[0], default=(0.0, None))
        return item if away <= reach else None

    def wires_across(self, line: QLineF) -> dict[Wire, QPointF]:
        """The wires that a straight line crosses, and where."""
        rect = QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1)
        found: dict[Wire, QPointF] = {}
        for item in self.items(rect):
            if isinstance(item, WireItem) and item.isVisible():
                place = item.crossing(line)
                if place is not None:
                    found[item.wire] = place
        return found

    def nodes_in(self, rect: QRectF) -> list[NodeItem]:
        """The nodes whose cards are in a part of the scene, at least in part."""
        return [
            item
            for item in self.items(rect)
            if self._is_inside(item) and rect.intersects(item.scene_card())
        ]

    def _is_inside(self, item: QGraphicsItem) -> TypeGuard[NodeItem]:
        """Whether it stands for a node of the open level, not for a port at its edge."""
        return isinstance(item, NodeItem) and item.key in self.nodes

    def bounds(self, ids: Iterable[str] = ()) -> QRectF:
        """The rectangle around some nodes, or around all; labels beside them don't count."""
        rect = QRectF()
        for node_id in tuple(ids) or self.nodes:
            rect = rect.united(self.nodes[node_id].scene_card())
        return rect

    def reach(self, ids: Iterable[str] = ()) -> QRectF:
        """The rectangle around all that nodes show, labels, rings and badges too."""
        rect = QRectF()
        for node_id in tuple(ids) or self.nodes:
            rect = rect.united(self.nodes[node_id].sceneBoundingRect())
        return rect


def _around(point: QPointF, reach: float) -> QRectF:
    return QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
