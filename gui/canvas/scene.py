"""The scene: one item per node and per wire, which follow the graph by its signals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QImage, QPainter

from engine.diagnosis.health import Health
from engine.graph.events import (
    NodeAdded,
    NodeChanged,
    NodeRemoved,
    NodesMoved,
    WireAdded,
    WireRemoved,
)
from engine.graph.infer import NodeShapes
from engine.graph.model import Graph, Node, Wire
from gui.canvas import metrics
from gui.canvas.far_wires import FarWires
from gui.canvas.finding import Findable
from gui.canvas.items.card_item import CardItem
from gui.canvas.items.dot_item import DotItem, is_dot
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.tile_item import TileItem, is_tile
from gui.canvas.items.wire_item import WireItem
from gui.document.document import Document
from gui.document.wiring import leaving
from gui.theme import theme

WORST_FIRST = ("error", "warning", "hint")


class GraphScene(Findable):
    """A pure follower of the document: any change of it is reflected here.

    Nothing in here edits. `place` shows nodes elsewhere while they are dragged,
    until the document is told.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.selected_wires: frozenset[Wire] = frozenset()
        self._following = ExitStack()
        self._ringed: set[str] = set()
        self.hovered: NodeItem | WireItem | None = None
        self._lit: list[NodeItem | WireItem] = []
        self._new_wires: list[Wire] = []
        self._far = FarWires()
        document.graph_replaced.connect(self._rebuild)
        document.graph_changed.connect(self._show_new_values)
        document.inference_changed.connect(self._show_found)
        document.problems_changed.connect(self._show_problems)
        document.selection_changed.connect(self._show_selection)
        theme.changed.connect(self._repaint)
        self._rebuild()

    # Following the graph

    def _rebuild(self) -> None:
        self.clear()
        self.nodes, self.wires = {}, {}
        self._far.forget()
        self.selected_wires, self._ringed = frozenset(), set()
        self.hovered, self._lit, self._new_wires = None, [], []
        graph = self.document.graph
        for node in graph.nodes:
            self._add_item(node, self.document.inference.get(node.id))
        for wire in graph.wires:
            self._wire_added(WireAdded(wire, 0))
        self._show_new_values()
        self._follow(graph)
        self._show_problems()
        self._show_selection()

    def _follow(self, graph: Graph) -> None:
        self._following.close()
        for followed in (
            graph.node_added.connected(self._node_added),
            graph.node_removed.connected(self._node_removed),
            graph.node_changed.connected(self._node_changed),
            graph.nodes_moved.connected(self._nodes_moved),
            graph.wire_added.connected(self._wire_added),
            graph.wire_removed.connected(self._wire_removed),
        ):
            self._following.enter_context(followed)

    def _add_item(self, node: Node, found: NodeShapes | None) -> NodeItem:
        item = new_item(node, found)
        self.nodes[node.id] = item
        self.addItem(item)
        return item

    def _node_added(self, event: NodeAdded) -> None:
        # What is known about it comes with inference_changed, once per edit.
        self._add_item(event.node, None)

    def _node_removed(self, event: NodeRemoved) -> None:
        item = self.nodes.pop(event.node.id)
        self._ringed.discard(event.node.id)
        self._remove(item)

    def _node_changed(self, event: NodeChanged) -> None:
        item = self.nodes[event.after.id]
        if is_tile(event.after) == is_tile(event.before):
            item.show_node(event.after, item.found)
        else:
            self._remove(item)
            item = self._add_item(event.after, item.found)
            item.set_ringed(event.after.id in self._ringed)
        self._lay_wires(event.after.id)

    def _nodes_moved(self, event: NodesMoved) -> None:
        self.place({i: self.document.graph.node(i).position for i in event.ids})

    def _wire_added(self, event: WireAdded) -> None:
        item = WireItem(event.wire)
        self.wires[event.wire] = item
        self.addItem(item)
        self._new_wires.append(event.wire)
        self._lay(item)

    def _wire_removed(self, event: WireRemoved) -> None:
        self._remove(self.wires.pop(event.wire))
        self._far.forget()
        self.selected_wires -= {event.wire}

    def _remove(self, item: NodeItem | WireItem) -> None:
        if item is self.hovered:
            self.hovered = None
        if item in self._lit:
            self._lit.remove(item)
        self.removeItem(item)

    def _show_found(self, ids: Iterable[str]) -> None:
        inference = self.document.inference
        for node_id in ids:
            item, found = self.nodes[node_id], inference[node_id]
            if item.found is found:
                continue
            width, height = item.width, item.height
            item.show_node(found.node, found)
            self._show_values(self.document.graph.outgoing(node_id))
            if (item.width, item.height) != (width, height):
                self._lay_wires(node_id)

    def _show_values(self, wires: Iterable[Wire]) -> None:
        graph, inference = self.document.graph, self.document.inference
        for wire in wires:
            if wire in self.wires:
                self.wires[wire].set_value(leaving(graph, inference, wire))

    def _show_new_values(self) -> None:
        """What new wires carry is known once the edit is whole."""
        self._show_values(self._new_wires)
        self._new_wires = []

    def _show_problems(self) -> None:
        worst: dict[str, str] = {}
        for problem in self.document.problems:
            if problem.node is not None:
                before = worst.get(problem.node, WORST_FIRST[-1])
                worst[problem.node] = min(before, problem.severity, key=WORST_FIRST.index)
        for node_id, item in self.nodes.items():
            item.set_severity(worst.get(node_id, ""))

    def _show_selection(self) -> None:
        selected = set(self.document.selection)
        for node_id in selected ^ self._ringed:
            if node_id in self.nodes:
                self.nodes[node_id].set_ringed(node_id in selected)
        self._ringed = selected
        if selected:
            self.select_wires(())

    def _repaint(self) -> None:
        for item in self.nodes.values():
            item.show_node(item.node, item.found)
        self._far.forget()
        self.update()

    # Placing

    def place(self, positions: Mapping[str, tuple[float, float]]) -> None:
        """Show nodes elsewhere, and lead their wires there."""
        touched: dict[Wire, None] = {}
        graph = self.document.graph
        for node_id, position in positions.items():
            self.nodes[node_id].setPos(*position)
            touched.update(dict.fromkeys(graph.incoming(node_id)))
            touched.update(dict.fromkeys(graph.outgoing(node_id)))
        for wire in touched:
            self._lay(self.wires[wire])

    def _lay_wires(self, node_id: str) -> None:
        graph = self.document.graph
        for wire in (*graph.incoming(node_id), *graph.outgoing(node_id)):
            if wire in self.wires:
                self._lay(self.wires[wire])

    def _lay(self, item: WireItem) -> None:
        wire = item.wire
        start = self.nodes[wire.source].port_point(wire.source_port, output=True)
        end = self.nodes[wire.target].port_point(wire.target_port, output=False)
        item.run(start, end)
        self._far.forget()

    def drawBackground(  # type: ignore[override]
        self, painter: QPainter, rect: QRectF
    ) -> None:
        """From afar, all wires in one go."""
        self._far.paint(painter, self.wires.values())

    # Looks

    def hover(self, item: NodeItem | WireItem | None, wires: Iterable[Wire] = ()) -> None:
        """Light up what the pointer is on, with wires that belong to it."""
        lit: list[NodeItem | WireItem] = [self.wires[wire] for wire in wires]
        if item is not None:
            lit.append(item)
        for before in self._lit:
            if before not in lit:
                before.set_hovered(False)
        self._lit, self.hovered = lit, item
        for each in lit:
            each.set_hovered(True)

    def select_wires(self, wires: Iterable[Wire]) -> None:
        """Ring these wires and no others. Nodes that are selected stay so."""
        selected = frozenset(wires)
        for wire in selected ^ self.selected_wires:
            if wire in self.wires:
                self.wires[wire].set_ringed(wire in selected)
        self.selected_wires = selected

    def set_weights(self, weights: Mapping[Wire, float]) -> None:
        """Paint wires as wide and as coloured as the weights they carry; the others plain."""
        limit = max((abs(weight) for weight in weights.values()), default=0.0)
        few = len(weights) <= metrics.FEW_WIRES
        for wire, item in self.wires.items():
            item.set_weight(weights.get(wire), limit, few)
        self._far.forget()

    def set_preview(self, node_id: str, image: QImage | None) -> None:
        """Show a picture inside a node, or none."""
        item = self.nodes.get(node_id)
        if item is None:
            return
        size = (item.width, item.height)
        item.set_preview(image)
        if size != (item.width, item.height):
            self._lay_wires(node_id)

    def set_health(self, health: Mapping[str, Health]) -> None:
        """Show by node id how well it learns; no sign on the others."""
        for node_id, item in self.nodes.items():
            item.set_health(health.get(node_id))


def new_item(node: Node, found: NodeShapes | None) -> NodeItem:
    """The item that shows a node: a dot on a wire, a tile for a single number, else a card."""
    if is_dot(node):
        return DotItem(node, found)
    return TileItem(node, found) if is_tile(node) else CardItem(node, found)
