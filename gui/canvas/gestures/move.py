"""Moving nodes, and moving copies of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from engine.graph.groups import members
from engine.graph.model import Wire
from gui.canvas import metrics
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.shake import Shake
from gui.canvas.gestures.snapping import Snapping
from gui.canvas.items.box_item import BoxItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.wire_item import WireItem
from gui.document import rewiring

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

COPY = Qt.KeyboardModifier.AltModifier
SUSPEND = Qt.KeyboardModifier.AltModifier
OPACITY = 0.65


class MoveNodes(Gesture):
    """Drag nodes; they snap to lines of others near by, else to the grid.

    With Alt held at the start copies are dragged. A lone node without wires that
    is dropped on a wire goes into it, unless Alt is held by then.
    """

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, view: CanvasView, start: Pointer, item: NodeItem | BoxItem) -> None:
        super().__init__(view, start)
        self._item = item
        self._copies = start.has(COPY)
        self._moving = False
        self._ids: tuple[str, ...] = ()
        self._shown: dict[str, NodeItem] = {}
        self._from: dict[str, tuple[float, float]] = {}
        self._step = (0.0, 0.0)
        self._target: WireItem | None = None
        self._snapping: Snapping | None = None
        self._shake = Shake(start.screen.x()) if view.habits.shake else None
        self._loose: tuple[Wire, ...] = ()

    def move(self, pointer: Pointer) -> bool:
        if not self._moving:
            if not self.dragged(pointer):
                return True
            self._begin()
        assert self._snapping is not None  # since it began
        self._step = self._snapping.step(pointer.scene - self.start.scene, pointer)
        positions = {i: (x + self._step[0], y + self._step[1]) for i, (x, y) in self._from.items()}
        if self._copies:
            for key, position in self.scene.unit_positions(positions).items():
                self._shown[key].setPos(*position)
        else:
            self.scene.place(positions)
        self._aim(pointer)
        if self._shake is not None and self._shake.moved(pointer.screen.x(), pointer.time):
            self._shake_off()
        return True

    def _shake_off(self) -> None:
        """Mark the wires that go when the nodes are let go."""
        self._shake = None
        graph = self.document.graph
        inside = set(members(graph, self.document.selection or (self._item.key,)))
        wires = [w for i in inside for w in graph.wires_at(i)]
        self._loose = tuple(w for w in wires if not (w.source in inside and w.target in inside))
        self._mark_loose(True)

    def _mark_loose(self, loose: bool) -> None:
        for wire in self._loose:
            if wire in self.scene.wires:
                self.scene.wires[wire].set_doomed(loose)

    def _begin(self) -> None:
        self._moving = True
        self._ids = self.view.annotations.everything() or (self._item.key,)
        self._from = {key: self.document.position_of(key) for key in self._ids}
        self._snapping = Snapping(self.view, self._item, self._ids)
        if self._copies:
            for key in self.scene.unit_positions(self._from):
                item = self.scene.nodes[key]
                copy = type(item)(item.node, item.found)
                copy.setOpacity(OPACITY)
                copy.setZValue(5)
                self.scene.addItem(copy)
                self._shown[key] = copy

    def _aim(self, pointer: Pointer) -> None:
        """Light up the wire into which the node would go."""
        target = None
        if not pointer.has(SUSPEND) and self._may_go_into_a_wire():
            # By the node's own middle: the pointer may hold it by a corner.
            target = self.scene.wire_at(self._item.scene_card().center(), metrics.CARD_HEIGHT / 3)
        if target is not self._target:
            self._target = target
            self.scene.hover(target)

    def _may_go_into_a_wire(self) -> bool:
        graph = self.document.graph
        if self._item.key not in graph:
            return False
        node = graph.node(self._item.key)
        return (
            not self._copies
            and len(self._ids) == 1
            and bool(node.layer.input_ports and node.layer.output_ports)
            and not graph.incoming(node.id)
            and not graph.outgoing(node.id)
        )

    def release(self, pointer: Pointer) -> bool:
        if not self._moving:
            self.view.click_node(self._item, pointer)
            return False
        self._end()
        self._mark_loose(False)
        if self._copies:
            self.view.annotations.select_new(lambda: self.document.duplicate(self._ids, self._step))
        elif self._loose:
            with self.document.edit(self.view.tr("Shake off the wires")):
                nodes = [i for i in self._ids if not self.document.is_annotation(i)]
                rewiring.detach(self.document, nodes)
                self.document.move(self._positions())
        elif self._target is not None:
            self._insert(self._target.wire)
        else:
            self._drop()
        self.scene.hover(None)
        return False

    def _drop(self) -> None:
        """Place what was dragged, in the open group on which it was let go, or in none."""
        group = self.scene.group_at(self._item.scene_card().center(), without=self._ids)
        held = {*self.document.selection, self._item.key}
        before = self.document.group_of(self._item.key)
        elsewhere = [
            i
            for i in self._ids
            if self.document.group_of(i) != group
            and (i in held or self.document.group_of(i) == before)
        ]
        if not elsewhere:
            self.document.move(self._positions())
            return
        moved = self.document.called(self._ids)
        with self.document.edit(self.view.tr("Move {}").format(moved)):
            self.document.move(self._positions())
            self.document.put_into(elsewhere, group)

    def _insert(self, wire: Wire) -> None:
        card, line = self._item.scene_card(), self._item.pos().y() + self._item.port_line
        middle = QPointF(card.center().x(), line)
        self.view.refuse(self.view.adding.insert(wire, self._item.key, middle))

    def _positions(self) -> dict[str, tuple[float, float]]:
        return {i: (x + self._step[0], y + self._step[1]) for i, (x, y) in self._from.items()}

    def cancel(self) -> None:
        self._mark_loose(False)
        self._end()
        if self._moving and not self._copies:
            self.scene.place(self._from)
            self.scene.lay_boxes()
        self.scene.hover(None)

    def _end(self) -> None:
        """Take away what was shown only while dragging."""
        if self._snapping is not None:
            self._snapping.end()
        for copy in self._shown.values():
            self.scene.removeItem(copy)
        self._shown = {}
