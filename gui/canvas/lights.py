"""What lights up on the canvas: what is pointed at, chosen wires, weights, pictures, health."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from engine.graph.model import Wire
from gui.canvas import metrics
from gui.canvas.far_names import FarNames
from gui.canvas.far_wires import FarWires
from gui.canvas.insides import Insides
from gui.canvas.items.inside_item import Inside
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.wire_item import WireItem
from gui.canvas.nesting import Nesting
from gui.canvas.ports import PortEnd
from gui.document.document import Document

if TYPE_CHECKING:
    from engine.diagnosis.health import Health

BEST_FIRST = {"ok": 0, "warning": 1, "bad": 2}


class Lights(Nesting):
    """A scene that is told what to light up."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(document, parent)
        self.selected_wires: frozenset[Wire] = frozenset()
        self.hovered: NodeItem | WireItem | None = None
        self._lit: list[NodeItem | WireItem] = []
        self._weighted = self._judged = False
        self.far = FarWires()
        self.from_afar = False
        self.names = FarNames(self)
        self.insides = Insides(self)

    def see_from(self, zoom: float) -> None:
        """Tell the wires from how far one looks."""
        if (zoom < metrics.FAR) != self.from_afar:
            self.from_afar = zoom < metrics.FAR
            for item in self.wires.values():
                item.set_from_afar(self.from_afar)

    def forget_far(self) -> None:
        """Paint all plain wires anew: one came, went, carries something else or runs elsewhere."""
        self.far.forget()
        if self.from_afar:  # what has no contents of its own does not ask for it
            self.update()

    def hover(self, item: NodeItem | WireItem | None, wires: Iterable[Wire] = ()) -> None:
        """Light up what the pointer is on, with wires that belong to it."""
        lit: list[NodeItem | WireItem] = [self.wires[wire] for wire in wires if wire in self.wires]
        if item is not None:
            lit.append(item)
        for before in self._lit:
            if before not in lit:
                before.set_hovered(False)
        self._lit, self.hovered = lit, item
        for each in lit:
            each.set_hovered(True)

    def drawForeground(  # type: ignore[override]  # stubs ask QRect, too
        self, painter: QPainter, rect: QRectF
    ) -> None:
        """What the wires carry that are lit up, so that no card covers it."""
        lit = [item for item in self._lit if isinstance(item, WireItem)]
        chosen = [self.wires[wire] for wire in self.selected_wires if wire in self.wires]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for item in dict.fromkeys((*lit, *chosen)):
            if item.boundingRect().intersects(rect):
                item.paint_words(painter)

    def select_wires(self, wires: Iterable[Wire]) -> None:
        """Ring these wires and no others. Nodes that are selected stay so."""
        selected = frozenset(wires)
        for wire in selected ^ self.selected_wires:
            if wire in self.wires:
                self.wires[wire].set_ringed(wire in selected)
        self.selected_wires = selected

    def set_weights(self, weights: Mapping[Wire, float]) -> None:
        """Paint wires as wide and as coloured as the weights they carry; the others plain."""
        if not weights and not self._weighted:
            return
        self._weighted = bool(weights)
        limit = max((abs(weight) for weight in weights.values()), default=0.0)
        few = len(weights) <= metrics.FEW_WIRES
        for wire, item in self.wires.items():
            item.set_weight(weights.get(wire), limit, few)
        self.forget_far()

    def set_preview(self, node_id: str, image: QImage | None) -> None:
        """Show a picture inside a node, or none."""
        item = self.nodes.get(node_id)
        if item is None:
            return
        size = (item.width, item.height)
        item.set_preview(image)
        if size != (item.width, item.height):
            self._lay_wires(node_id)
            self.names.forget()

    def set_insides(self, insides: Mapping[str, Inside], sight: QRectF) -> None:
        """Show what is inside of these nodes beside them, where there is room.

        sight: what of the scene one sees.
        """
        self.insides.show(insides, sight, self.document.selection)

    def set_health(self, health: Mapping[str, Health]) -> None:
        """Show by node id how well it learns, no sign on the others; on the card of a folded
        group, how the worst in it does."""
        if health or self._judged:
            self._judged = bool(health)
            shown = (
                {**health, **self._worst(health)} if self.document.graph.drawing.groups else health
            )
            for key, item in self.nodes.items():
                item.set_health(shown.get(key))

    def _worst(self, health: Mapping[str, Health]) -> dict[str, Health]:
        """By folded group, how the worst of its nodes learns, and which that is."""
        graph = self.document.graph
        found: dict[str, Health] = {}
        if not graph.drawing.groups:
            return found
        for node_id, of_node in health.items():
            held = self.holder(node_id) if node_id in graph else ""
            if not held or held == node_id:
                continue
            if held not in found or BEST_FIRST[of_node.level] > BEST_FIRST[found[held].level]:
                title = graph.node(node_id).title
                found[held] = replace(of_node, sentence=f"{title}: {of_node.sentence}")
        return found

    def remove_item(self, item: NodeItem | WireItem) -> None:
        if item is self.hovered:
            self.hovered = None
        if item in self._lit:
            self._lit.remove(item)
        if isinstance(item, NodeItem):
            self.tiles.pop(item.key, None)
        self.removeItem(item)

    def _lay_wires(self, key: str) -> None:
        for wire in self.wires_of(key):
            self.lay_wire(self.wires[wire])

    def lay_wire(self, item: WireItem) -> None:
        wire = item.wire
        start = PortEnd(wire.source, wire.source_port, True)
        end = PortEnd(wire.target, wire.target_port, False)
        if not (self.finds(start) and self.finds(end)):
            self.forget_structure()  # in the middle of an edit, an end may not be drawn yet
            return
        item.run(self.port_point(start), self.port_point(end))
        self.forget_far()

    def port_point(self, end: PortEnd) -> QPointF:
        """Where a port is drawn: at its node, the card of a folded group, or the edge."""
        return self.drawn_at(end).place_of(end)
