"""The scene: one item per node and per wire, which follow the graph by its signals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QPainter

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
from gui.canvas.items.card_item import CardItem
from gui.canvas.items.dot_item import DotItem, is_dot
from gui.canvas.items.group_item import GroupItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.tile_item import TileItem, is_tile
from gui.canvas.items.wire_item import WireItem
from gui.canvas.lights import Lights
from gui.canvas.nesting import Shown
from gui.document.document import Document
from gui.document.wiring import leaving
from gui.theme import theme

WORST_FIRST = ("error", "warning", "hint")


class GraphScene(Lights):
    """A pure follower of the document: any change of it is reflected here.

    Nothing in here edits. `place` shows nodes elsewhere while they are dragged,
    until the document is told.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(document, parent)
        self._following = ExitStack()
        self._ringed: set[str] = set()
        self._new_wires: list[Wire] = []
        self._level = document.level
        document.graph_replaced.connect(self._rebuild)
        document.graph_changed.connect(self.settle)
        document.graph_changed.connect(self._show_new_values)
        document.graph_changed.connect(self.names.forget)
        document.level_changed.connect(self._show_level)
        document.inference_changed.connect(self._show_found)
        document.problems_changed.connect(self._show_problems)
        document.selection_changed.connect(self._show_selection)
        theme.changed.connect(self._repaint)
        self._rebuild()

    # Following the graph

    def _rebuild(self) -> None:
        self.clear()
        self.nodes, self.wires, self.boxes = Shown(self._instead), {}, {}
        self.annotations, self.tiles = {}, {}
        self.outside.forget()
        self.forget_far()
        self.insides.forget()
        self.selected_wires, self._ringed = frozenset(), set()
        self.hovered, self._lit, self._new_wires = None, [], []
        graph = self.document.graph
        self.restructure()
        self._level = self.document.level
        self._show_new_values()
        self._follow(graph)
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
            graph.drawing.group_changed.connected(self.group_changed),
        ):
            self._following.enter_context(followed)

    def _show_level(self) -> None:
        if self.document.level == self._level:
            return  # another project is shown at its first level already
        self._level = self.document.level
        self.restructure()
        self._show_new_values()
        self._show_selection()

    def restructure(self) -> None:
        """Draw what is seen of groups anew; new cards have the problems of what is in them."""
        super().restructure()
        self.names.forget()
        self._show_problems()

    def add_node_item(self, node: Node, found: NodeShapes | None) -> NodeItem:
        item = new_item(node, found)
        self.nodes[node.id] = item
        if isinstance(item, TileItem):
            self.tiles[node.id] = item
        self.addItem(item)
        return item

    def _node_added(self, event: NodeAdded) -> None:
        # What is known about it comes with inference_changed, once per edit.
        if self.holder(event.node.id) == event.node.id:
            self.add_node_item(event.node, None)
        else:
            self.touch(event.node.id)
        self.note_inside(event.node.id)

    def _node_removed(self, event: NodeRemoved) -> None:
        item = self.nodes.pop(event.node.id, None)
        if item is None:
            self.forget_structure()
            return
        self._ringed.discard(event.node.id)
        self.remove_item(item)

    def _node_changed(self, event: NodeChanged) -> None:
        item = self.get_item(event.after.id)
        if event.after.group != event.before.group:
            self.forget_structure()
        if item is None:
            self.touch(event.after.id)
            return
        if type(item) is item_type(event.after):
            item.show_node(event.after, item.found)
        else:
            self.remove_item(item)
            item = self.add_node_item(event.after, item.found)
            item.set_ringed(event.after.id in self._ringed)
        self._lay_wires(event.after.id)

    def _nodes_moved(self, event: NodesMoved) -> None:
        graph = self.document.graph
        for node_id in event.ids:
            if self.get_item(node_id) is None:
                self.touch(node_id)
        self._place({i: graph.node(i).position for i in event.ids if i in self.nodes})

    def _wire_added(self, event: WireAdded) -> None:
        if self.is_drawn(event.wire) and not self.changes_ports(event.wire):
            self.add_wire_item(event.wire)
        else:
            self.forget_structure()

    def add_wire_item(self, wire: Wire) -> None:
        item = WireItem(wire)
        item.set_from_afar(self.from_afar)
        self.wires[wire] = item
        self.addItem(item)
        self._new_wires.append(wire)
        self.lay_wire(item)

    def _wire_removed(self, event: WireRemoved) -> None:
        item = self.wires.pop(event.wire, None)
        if item is None or self.changes_ports(event.wire):
            self.forget_structure()
        if item is None:
            return
        self.remove_item(item)
        self.forget_far()
        self.selected_wires -= {event.wire}

    def _show_found(self, ids: Iterable[str]) -> None:
        inference = self.document.inference
        for node_id in ids:
            item, found = self.get_item(node_id), inference[node_id]
            self._show_values(self.document.graph.outgoing(node_id))
            if item is None:
                self.touch(node_id)
            elif item.found is not found:
                width, height = item.width, item.height
                item.show_node(found.node, found)
                if (item.width, item.height) != (width, height):
                    self._lay_wires(node_id)
        self.settle()

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
        count: Counter[str] = Counter()
        for problem in self.document.problems:
            if problem.node is not None:
                held = self.holder(problem.node)
                count[held] += 1
                before = worst.get(held, WORST_FIRST[-1])
                worst[held] = min(before, problem.severity, key=WORST_FIRST.index)
        for node_id, item in self.nodes.items():
            item.set_severity(worst.get(node_id, ""))
            if isinstance(item, GroupItem):
                item.set_problem_count(count[node_id])

    def _show_selection(self) -> None:
        selected = set(self.document.selection)
        for node_id in selected ^ self._ringed:
            if node_id in self.nodes or node_id in self.boxes:
                self.nodes[node_id].set_ringed(node_id in selected)
        self._ringed = selected
        if selected:
            self.select_wires(())

    def _repaint(self) -> None:
        for item in self.nodes.values():
            item.show_node(item.node, item.found)
        self.forget_far()
        self.update()

    # Placing

    def place(self, positions: Mapping[str, tuple[float, float]]) -> None:
        """Show nodes, groups, frames and notes elsewhere, and lead the wires there."""
        units = self.unit_positions(positions)
        self._place(units)
        self.place_annotations(positions)
        if self.boxes:
            self.lay_boxes(without={*units, *positions})

    def _place(self, positions: Mapping[str, tuple[float, float]]) -> None:
        self.names.forget()
        for key, position in positions.items():
            self.nodes[key].setPos(*position)
        for wire in dict.fromkeys(w for key in positions for w in self.wires_of(key)):
            self.lay_wire(self.wires[wire])

    def drawBackground(  # type: ignore[override]  # stubs ask QRect, too
        self, painter: QPainter, rect: QRectF
    ) -> None:
        """From afar, all wires in one go."""
        self.far.paint(painter, self.wires.values())


def item_type(node: Node) -> type[NodeItem]:
    """What shows a node: a dot on a wire, a tile for a single number, else a card."""
    if is_dot(node):
        return DotItem
    return TileItem if is_tile(node) else CardItem


def new_item(node: Node, found: NodeShapes | None) -> NodeItem:
    """The item that shows a node."""
    return item_type(node)(node, found)
