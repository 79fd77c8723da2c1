"""Wires by command: joined, healed, detached, led through points, walked along."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF

from engine.graph.groups import members
from engine.graph.model import Wire
from gui.canvas.adding import AddingCanvas
from gui.canvas.items.dot_item import corner
from gui.canvas.items.wire_item import WireItem
from gui.document import rewiring


class WiringCanvas(AddingCanvas):
    """What a key does to the wires of what is selected."""

    _wires_of = ""
    """The node whose wires are gone through by keys."""

    def handlers(self) -> dict[str, Callable[..., object]]:
        return {
            **super().handlers(),
            "edit.heal": self.heal,
            "network.join": self.join,
            "network.detach": self.detach,
            "network.point": self.add_points,
            "network.next_wire": self.next_wire,
        }

    def heal(self) -> None:
        """Remove the selected nodes and join what they stood between."""
        if self.document.selection:
            rewiring.heal(self.document, self.document.selection)
        else:
            self.refuse(self.tr("Select the nodes to delete; their wires are joined over them."))

    def detach(self) -> None:
        """Take the selected nodes out of their wires, which close behind them."""
        if self.document.selection:
            rewiring.detach(self.document, self.document.selection)
        else:
            self.refuse(self.tr("Select the nodes to take out of their wires."))

    def join(self) -> None:
        """Wire the selected nodes from left to right; what stands in a column side by side."""
        columns = self._columns()
        if len(columns) < 2:
            self.refuse(self.tr("Select two nodes or more that stand side by side."))
        else:
            self.attempt(lambda: rewiring.join(self.document, columns))

    def _columns(self) -> list[list[str]]:
        """The selected nodes by columns: those that stand over one another, left to right."""
        items = [self.graph_scene.nodes[node_id] for node_id in self.document.selection]
        columns: list[list[str]] = []
        right = float("-inf")
        for item in sorted(items, key=lambda i: (i.scene_card().left(), i.pos().y())):
            card = item.scene_card()
            if card.left() >= right:
                columns.append([])
                right = card.right()
            columns[-1].append(item.key)
            right = max(right, card.right())
        return columns

    # Points on wires

    def add_points(self) -> None:
        """Put a point into the selected wires, or into the one under the pointer."""
        wires = self.graph_scene.selected_wires
        hovered = self.graph_scene.hovered
        if not wires and isinstance(hovered, WireItem):
            wires = frozenset({hovered.wire})
        if not wires:
            self.refuse(self.tr("Select the wires that are to run through a point."))
            return
        in_order = [wire for wire in self.document.graph.wires if wire in wires]
        items = self.graph_scene.wires
        self._lead_through({wire: items[wire].point_at(0.5) for wire in in_order})

    def add_point(self, wire: Wire, place: QPointF) -> str:
        """Put a point into one wire, at a place; its id."""
        (node_id,) = self._lead_through({wire: place})
        return node_id

    def _lead_through(self, places: dict[Wire, QPointF]) -> tuple[str, ...]:
        corners = {wire: corner(place) for wire, place in places.items()}
        ids = rewiring.lead_through(self.document, corners)
        self.document.select(ids)
        return ids

    # Walking along wires

    def walk(self, across: int, down: int) -> None:
        """Go along the wires where one leads that way, else to what stands there.

        From a selected wire: to its ends, or to the next wire of the node.
        """
        wires = self.graph_scene.selected_wires
        if len(wires) == 1 and not self.document.selection:
            (wire,) = wires
            if across:
                self.go_to(wire.target if across > 0 else wire.source)
            else:
                self.next_wire(down)
            return
        if across and self.document.selection:
            here = self.document.selection[-1]
            graph = self.document.graph
            scene = self.graph_scene
            step = graph.successors if across > 0 else graph.predecessors
            inside = members(graph, [here])
            led = [scene.holder(i) for each in inside for i in step(each) if i not in inside]
            led = [key for key in led if key and key != here]
            if led:
                level = self._level(here)
                self.go_to(min(led, key=lambda node_id: abs(self._level(node_id) - level)))
                return
        super().walk(across, down)

    def _level(self, node_id: str) -> float:
        return self.graph_scene.nodes[node_id].scene_card().center().y()

    def next_wire(self, step: int = 1) -> None:
        """Select the next wire of the selected node, or of the node whose wire is selected."""
        scene = self.graph_scene
        selected = list(scene.selected_wires)
        if self.document.selection:
            self._wires_of, selected = self.document.selection[-1], []
        elif not self.document.has(self._wires_of) or not selected:
            self._wires_of = selected[0].source if selected else ""
        if not self._wires_of:
            self.refuse(self.tr("Select the node whose wires you want to go through."))
            return
        wires = list(dict.fromkeys(scene.wires_of(self._wires_of)))
        if not wires:
            title = scene.nodes[self._wires_of].own_title
            self.refuse(self.tr("{} has no wires. W draws one.").format(title))
            return
        at = wires.index(selected[0]) + step if selected and selected[0] in wires else 0
        self.document.select(())
        wire = wires[at % len(wires)]
        scene.select_wires((wire,))
        self.bring_into_sight(scene.bounds((wire.source, wire.target)))
