"""Which ports can take the wire that is being drawn, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QPointF

from engine.errors import CycleError, GlassboxError, SelfLoopError
from engine.graph.model import Wire
from gui.canvas.items.node_item import NodeItem
from gui.canvas.ports import PortEnd, wire_between
from gui.canvas.scene import GraphScene
from gui.document.document import Document


class Joining:
    """The search for the other end of a wire that starts at `origin`.

    taken: a wire that the new one would replace.
    """

    def __init__(
        self, document: Document, scene: GraphScene, origin: PortEnd, taken: Wire | None = None
    ) -> None:
        self.document = document
        self.scene = scene
        self.origin = origin
        self.taken = taken
        self._found: dict[PortEnd, Wire | str] = {}

    def reason(self, end: PortEnd) -> str:
        """Why a port cannot take the wire; empty if it can."""
        found = self._find(end)
        return found if isinstance(found, str) else ""

    def wire_to(self, end: PortEnd) -> Wire | None:
        """The wire that would be drawn to a port; with a delay where it closes a loop."""
        found = self._find(end)
        return None if isinstance(found, str) else found

    def _find(self, end: PortEnd) -> Wire | str:
        if end not in self._found:
            self._found[end] = self._try(end)
        return self._found[end]

    def _try(self, end: PortEnd) -> Wire | str:
        wire = wire_between(self.origin, end)
        if wire is None:
            return self.scene.tr("A wire leads from an output to an input.")
        try:
            self.document.check_connect(wire, instead_of=self.taken)
            return wire
        except (CycleError, SelfLoopError):
            delayed = replace(wire, delay=1)
        except GlassboxError as error:
            return str(error)
        try:
            self.document.check_connect(delayed, instead_of=self.taken)
        except GlassboxError as error:
            return str(error)
        return delayed

    def ends_of(self, item: NodeItem) -> list[PortEnd]:
        """The ports of a node on the side where the wire would end."""
        output = not self.origin.output
        return [PortEnd(item.node.id, port.name, output) for port in item.ports(output)]

    def target_at(self, point: QPointF, reach: float) -> PortEnd | None:
        """The port meant by a point: one within reach, else that of the node under it
        which can take the wire, else the node's first."""
        near = self.scene.port_at(point, reach)
        if near is not None and near != self.origin and near.output != self.origin.output:
            return near
        item = self.scene.node_at(point)
        if item is None or item.node.id == self.origin.node:
            return None
        ends = self.ends_of(item)
        return next((end for end in ends if not self.reason(end)), ends[0] if ends else None)

    def place(self, end: PortEnd) -> QPointF:
        return self.scene.port_point(end)

    def light_up(self, items: Iterable[NodeItem]) -> None:
        """Make the ports glow that can take the wire, and dim all others."""
        for item in items:
            open_ends = {end for end in self.ends_of(item) if not self.reason(end)}
            if self.origin in item.ends(self.origin.output):
                open_ends.add(self.origin)
            item.set_joinable(frozenset(open_ends))

    def put_out(self) -> None:
        for item in self.scene.nodes.values():
            item.set_joinable(None)
