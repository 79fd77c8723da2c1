"""What stands outside of an open group, shown at its edges by the ports that wires lead to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from engine.graph.model import Wire
from gui.canvas import metrics
from gui.canvas.items.outside_item import HEIGHT, OutsideItem
from gui.canvas.ports import PortEnd

if TYPE_CHECKING:
    from gui.canvas.nesting import Nesting

STEP = HEIGHT + 8
"""From one port at an edge to the next, at least."""


class Outside:
    """The ports at the edges of the open level. Those that feed it stand at its left."""

    def __init__(self, scene: Nesting) -> None:
        self._scene = scene
        self.items: dict[PortEnd, OutsideItem] = {}

    def forget(self) -> None:
        """The scene was cleared."""
        self.items = {}

    def of_node(self, node_id: str) -> OutsideItem | None:
        """One of the ports of a node."""
        return next((item for end, item in self.items.items() if end.node == node_id), None)

    def at(self, point: QPointF) -> OutsideItem | None:
        """The one under a point."""
        found = (item for item in self.items.values() if item.scene_card().contains(point))
        return next(found, None)

    def reach(self) -> QRectF:
        """The rectangle around all of them."""
        rect = QRectF()
        for item in self.items.values():
            rect = rect.united(item.sceneBoundingRect())
        return rect

    def show(self, wires: Collection[Wire]) -> None:
        """Have a port for each end of these wires that is outside, and no others."""
        document = self._scene.document
        wanted = dict.fromkeys(self._ends(wires))
        for end in [end for end in self.items if end not in wanted]:
            self._scene.remove_item(self.items.pop(end))
        for end in wanted:
            node, found = document.graph.node(end.node), document.inference.get(end.node)
            if end in self.items:
                self.items[end].show_node(node, found)
            else:
                self.items[end] = OutsideItem(node, found, end)
                self._scene.addItem(self.items[end])

    def _ends(self, wires: Iterable[Wire]) -> Iterable[PortEnd]:
        for wire in wires:
            if not self._scene.holder(wire.source):
                yield PortEnd(wire.source, wire.source_port, True)
            if not self._scene.holder(wire.target):
                yield PortEnd(wire.target, wire.target_port, False)

    def lay(self) -> None:
        """Stand beside what is seen, each level with what it is wired to, none on another."""
        if not self.items:
            return
        scene = self._scene
        within = scene.inner_content()
        wishes: dict[PortEnd, list[float]] = {end: [] for end in self.items}
        for wire in scene.wires:
            source = PortEnd(wire.source, wire.source_port, True)
            target = PortEnd(wire.target, wire.target_port, False)
            for there, here in ((source, target), (target, source)):
                if there in wishes and scene.holder(here.node):
                    wishes[there].append(scene.drawn_at(here).place_of(here).y())
        for output in (True, False):
            lowest = float("-inf")
            side = [end for end in self.items if end.output is output]
            for end in sorted(side, key=lambda end: _mean(wishes[end])):
                item = self.items[end]
                top = max(_mean(wishes[end]) - item.port_line, lowest)
                left = within.left() - metrics.GAP - item.width
                item.setPos(left if output else within.right() + metrics.GAP, top)
                lowest = top + STEP
        for wire, drawn in scene.wires.items():
            if not (scene.holder(wire.source) and scene.holder(wire.target)):
                scene.lay_wire(drawn)


def _mean(numbers: Collection[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else 0.0
