"""What of a graph is drawn: nodes, the cards of folded groups, boxes around open ones, wires."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from PySide6.QtCore import QObject, QPointF, QRectF

from engine.graph.drawing import GroupChanged
from engine.graph.groups import HIDDEN, OPEN, groups_among, open_groups, seen_groups
from engine.graph.infer import NodeShapes
from engine.graph.model import Node, Wire
from gui.canvas.finding import Findable
from gui.canvas.folded import stand_in
from gui.canvas.items.annotation_item import AnnotationItem
from gui.canvas.items.box_item import BoxItem
from gui.canvas.items.group_item import GroupItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.wire_item import WireItem
from gui.canvas.outside import Outside
from gui.canvas.ports import PortEnd
from gui.document.document import Document


class Shown(dict[str, NodeItem]):
    """What is drawn, by id. The id of a node in a folded group finds the group's card."""

    def __init__(self, instead: Callable[[str], NodeItem | None]) -> None:
        super().__init__()
        self._instead = instead

    def __missing__(self, key: str) -> NodeItem:
        item = self._instead(key)
        if item is None:
            raise KeyError(key)
        return item


class Nesting(Findable):
    """Keeps what is drawn in step with groups: which are folded, and whose inside is looked at.

    Nodes in folded groups, and all outside of the level, have no items and cost nothing.
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.boxes: dict[str, BoxItem] = {}
        self.annotations: dict[str, AnnotationItem] = {}
        self.nodes = Shown(self._instead)
        self.outside = Outside(self)
        self._seen: dict[str, str] = {}
        self._stale = True
        self._touched: set[str] = set()
        self._inside: dict[str, list[str]] = {}

    # What the scene adds to it

    def add_node_item(self, node: Node, found: NodeShapes | None) -> NodeItem:
        """Draw a node."""
        raise NotImplementedError  # the scene knows the kinds of items

    def add_wire_item(self, wire: Wire) -> None:
        """Draw a wire."""
        raise NotImplementedError  # the scene knows what wires show

    def remove_item(self, item: NodeItem | WireItem) -> None:
        """Draw it no more."""
        raise NotImplementedError  # the scene knows what else refers to it

    def lay_wire(self, item: WireItem) -> None:
        """Lead a wire from where its one end is now to the other."""
        raise NotImplementedError  # the scene knows what depends on it

    # Who stands for whom

    def holder(self, node_id: str) -> str:
        """Under which id a node is drawn; empty where it is not."""
        shown = self._seen.get(self.document.graph.node(node_id).group, HIDDEN)
        if shown is OPEN:
            return node_id
        return "" if shown is HIDDEN else shown

    def _instead(self, key: str) -> NodeItem | None:
        if key in self.boxes:
            return self.boxes[key]  # type: ignore[return-value]  # drawn like one
        held = self.holder(key) if key in self.document.graph else ""
        return self.get_item(held) or self.outside.of_node(key)

    def finds(self, end: PortEnd) -> bool:
        """Whether there is something that shows the end of a wire as of now."""
        held = self.holder(end.node)
        return self.get_item(held) is not None if held else end in self.outside.items

    def drawn_at(self, end: PortEnd) -> NodeItem:
        """What shows the end of a wire: a node, the card that it is in, or a port at the edge."""
        held = self.holder(end.node)
        return self.nodes[held] if held else self.outside.items[end]

    def get_item(self, key: str) -> NodeItem | None:
        """What is drawn under this very id."""
        return self.nodes.get(key)

    def wirable(self) -> list[NodeItem]:
        """What has ports: nodes, cards, and what stands outside."""
        return [*self.nodes.values(), *self.outside.items.values()]

    def shows(self, key: str) -> bool:
        """Whether a node or a group is seen as such."""
        return key in self.boxes or key in self.nodes

    def content(self) -> QRectF:
        """The rectangle around all that is drawn."""
        return self.reach().united(self.inner_content()).united(self.outside.reach())

    def inner_content(self) -> QRectF:
        """The rectangle around what lies at the open level."""
        rect = self.bounds()
        for box in self.boxes.values():
            rect = rect.united(box.sceneBoundingRect())
        return rect

    def blocks(self) -> dict[str, NodeItem | BoxItem]:
        """What a layout places as a whole: nodes, cards, and open groups with all in them."""
        within = {inner for key in self.boxes for inner in self._inside.get(key, ())}
        outer = {i: box for i, box in self.boxes.items() if box.drawn.parent not in self.boxes}
        return {**{i: item for i, item in self.nodes.items() if i not in within}, **outer}

    def block_of(self, node_id: str) -> str:
        """Under which id of `blocks` a node is placed; empty where it is not drawn."""
        held = self.holder(node_id)
        path = self.document.graph.drawing.path(self.document.group_of(held)) if held else ()
        return next((outer for outer in path if outer in self.boxes), held)

    def block_wires(self) -> list[tuple[str, str]]:
        """The wires without delay among the blocks, as pairs of source and target."""
        graph = self.document.graph
        pairs = [
            (self.block_of(w.source), self.block_of(w.target)) for w in graph.wires if not w.delay
        ]
        return [(a, b) for a, b in pairs if a and b and a != b]

    def placed(self, corners: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        """Positions of blocks for the document, from where their corners are to be drawn.

        An open group stands around its nodes, wherever its card would stand.
        """
        found = dict(corners)
        for key in corners.keys() & self.boxes.keys():
            corner, (x, y) = self.boxes[key].pos(), self.document.position_of(key)
            found[key] = (x + corners[key][0] - corner.x(), y + corners[key][1] - corner.y())
        return found

    def is_drawn(self, wire: Wire) -> bool:
        """Whether a wire is seen: an end is, and not both in one folded group.

        What is outside of the open group has a port at its edge.
        """
        source, target = self.holder(wire.source), self.holder(wire.target)
        return bool(source or target) and (source != target or source == wire.source)

    # Following

    def group_changed(self, event: GroupChanged) -> None:
        """A group came, went or is another; seen once the edit is whole."""
        before, after = event.before, event.after
        if (
            before is None
            or after is None
            or (before.parent, before.folded)
            != (
                after.parent,
                after.folded,
            )
        ):
            self._stale = True
        elif after.id in self.boxes:
            self.boxes[after.id].show_group(after)
        else:
            self._touched.add(after.id)

    def touch(self, node_id: str) -> None:
        """Something about a node is other than before; the card that it is in may show it."""
        if held := self.holder(node_id):
            self._touched.add(held)
        else:
            self._stale = True

    def forget_structure(self) -> None:
        """What is drawn depends on more than was told; it is found anew once the edit is whole."""
        self._stale = True

    def note_inside(self, node_id: str) -> None:
        """A new node is drawn in the open groups around it."""
        for outer in self.document.graph.drawing.path(self.document.group_of(node_id)):
            if outer in self._inside and self.holder(node_id) == node_id:
                self._inside[outer].append(node_id)

    def changes_ports(self, wire: Wire) -> bool:
        """Whether a wire leads to the card of a folded group, or outside: ports come and go."""
        held = [self.holder(i) for i in (wire.source, wire.target) if i in self.document.graph]
        return any(not key or isinstance(self.get_item(key), GroupItem) for key in held)

    def wires_of(self, key: str) -> list[Wire]:
        """The wires drawn at a node, or at the card of a folded group."""
        graph, item = self.document.graph, self.get_item(key)
        ids = dict.fromkeys(end.node for end, _ in item.port_ends()) if item else ()
        return [
            wire
            for node_id in ids or (key,)
            if node_id in graph
            for wire in graph.wires_at(node_id)
            if wire in self.wires
        ]

    def settle(self) -> None:
        """Show what has changed about groups, after an edit."""
        if self._stale:
            self.restructure()
        elif self._touched:
            cards = {i for i in self._touched if isinstance(self.get_item(i), GroupItem)}
            self._touched.clear()
            if cards:
                self._show_cards(self._held(), cards)
                for key in cards:
                    for wire in self.wires_of(key):
                        self.lay_wire(self.wires[wire])
        self.lay_boxes()
        self.outside.lay()

    def look_elsewhere(self) -> None:
        """Another level is looked at."""
        self.restructure()

    def restructure(self) -> None:
        """Draw what is to be seen, and nothing else."""
        document = self.document
        graph, inference = document.graph, document.inference
        self._seen = seen_groups(graph.drawing, document.level)
        self._stale = False
        self._touched.clear()
        held = self._held()
        wanted = dict.fromkeys(wire for wire in graph.wires if self.is_drawn(wire))
        for wire, drawn in list(self.wires.items()):
            if wire not in wanted:
                self.remove_item(drawn)
                del self.wires[wire]
        for key, item in list(self.nodes.items()):
            if key not in held:
                self.remove_item(item)
                del self.nodes[key]
        fresh = {key for key in held if self.get_item(key) is None}
        for key in fresh:
            if key in graph:
                self.add_node_item(graph.node(key), inference.get(key))
        cards = {key for key in held if key not in graph}
        self._show_cards(held, cards)
        self._rebuild_boxes(held)
        self.outside.show(wanted)
        moved = fresh | cards
        for wire in wanted:
            if wire not in self.wires:
                self.add_wire_item(wire)
            elif self.holder(wire.source) in moved or self.holder(wire.target) in moved:
                self.lay_wire(self.wires[wire])
        self.outside.lay()

    def _held(self) -> dict[str, list[Node]]:
        """The nodes that each thing drawn stands for."""
        held: dict[str, list[Node]] = {}
        for node in self.document.graph.nodes:
            if key := self.holder(node.id):
                held.setdefault(key, []).append(node)
        return held

    def _show_cards(self, held: Mapping[str, list[Node]], cards: Iterable[str]) -> None:
        graph, inference = self.document.graph, self.document.inference
        for key in cards:
            if key not in held:
                continue
            node, found = stand_in(graph, inference, graph.drawing.group(key), held[key])
            item = self.get_item(key)
            if item is None:
                item = GroupItem(node, found)
                self.nodes[key] = item
                self.addItem(item)
            else:
                item.show_node(node, found)
                item.setPos(*node.position)

    # Boxes

    def _rebuild_boxes(self, held: Mapping[str, list[Node]]) -> None:
        graph = self.document.graph
        wanted = open_groups(graph.drawing, self.document.level)
        for key in [key for key in self.boxes if key not in wanted]:
            self.removeItem(self.boxes.pop(key))
        self._inside = {key: [] for key in wanted}
        if not wanted:
            return
        for key in held:
            for outer in graph.drawing.path(self.document.group_of(key)):
                if outer in self._inside:
                    self._inside[outer].append(key)
        for key in wanted:
            group = graph.drawing.group(key)
            if key not in self.boxes:
                self.boxes[key] = BoxItem(group, len(graph.drawing.path(key)))
                self.addItem(self.boxes[key])
            self.boxes[key].show_group(group)
        self.lay_boxes()

    def lay_boxes(self, without: Collection[str] = ()) -> None:
        """Lead the boxes around what is in them, the inner ones first.

        without: what is dragged, perhaps out of its box, unless it is all that is in it.
        """
        around: dict[str, QRectF] = {}
        for key in reversed(self.boxes):
            rect = around.get(key, QRectF())
            all_inside = self._inside.get(key, [])
            for inner in [i for i in all_inside if i not in without] or all_inside:
                item = self.get_item(inner)
                if item is not None:
                    rect = rect.united(item.scene_card())
            for note in self.annotations.values():
                if note.annotation.group == key and note.annotation.id not in without:
                    rect = rect.united(note.card())
            self.boxes[key].show_around(rect)
            parent = self.document.graph.drawing.group(key).parent
            if parent in self.boxes:
                outer = around.get(parent, QRectF())
                around[parent] = outer.united(self.boxes[key].scene_card())

    def unit_positions(
        self, positions: Mapping[str, tuple[float, float]]
    ) -> dict[str, tuple[float, float]]:
        """Where all that is drawn comes to stand if these nodes and groups are moved."""
        found: dict[str, tuple[float, float]] = {}
        for key, (x, y) in positions.items():
            if key in self.boxes:
                left, top = self.document.position_of(key)
                for inner in self._inside[key]:
                    at = self.document.position_of(inner)
                    found[inner] = (at[0] + x - left, at[1] + y - top)
            elif self.get_item(key) is not None:
                found[key] = (x, y)
        return found

    def place_annotations(self, positions: Mapping[str, tuple[float, float]]) -> None:
        """Show frames and notes elsewhere, those of moved groups too."""
        document = self.document
        steps: dict[str, tuple[float, float]] = {}
        for key in positions.keys() & self.boxes.keys():
            (x, y), (left, top) = positions[key], document.position_of(key)
            steps |= dict.fromkeys(groups_among(document.graph.drawing, [key]), (x - left, y - top))
        for key, item in self.annotations.items():
            drawn = item.annotation
            if key in positions:
                item.show_at(positions[key], drawn.size)
            elif drawn.group in steps:
                across, down = steps[drawn.group]
                item.show_at((drawn.position[0] + across, drawn.position[1] + down), drawn.size)

    def box_at(self, point: QPointF) -> BoxItem | None:
        """The innermost open group whose title is under a point."""
        found = [box for box in self.boxes.values() if box.title_rect().contains(point)]
        return max(found, key=lambda box: box.zValue(), default=None)

    def group_at(self, point: QPointF, without: Collection[str] = ()) -> str:
        """The innermost open group around a point, but none of these; else the level."""
        moving = set(groups_among(self.document.graph.drawing, without))
        found = [
            box
            for key, box in self.boxes.items()
            if key not in moving and box.scene_card().contains(point)
        ]
        inner = max(found, key=lambda box: box.zValue(), default=None)
        return inner.drawn.id if inner else self.document.level
