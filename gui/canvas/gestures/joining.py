"""Which ports can take the wire that is being drawn, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QPointF

from engine.errors import CycleError, GlassboxError, OccupiedPortError, SelfLoopError
from engine.graph.model import Wire
from gui.canvas.items.node_item import NodeItem
from gui.canvas.ports import PortEnd, wire_between
from gui.canvas.scene import GraphScene
from gui.document.document import Document


class Joining:
    """The search for the other end of a wire that starts at `origin`.

    taken: a wire whose end is in the hand.
    replaced: by wires that could be drawn, those whose port they would take.
    """

    def __init__(
        self, document: Document, scene: GraphScene, origin: PortEnd, taken: Wire | None = None
    ) -> None:
        self.document = document
        self.scene = scene
        self.origin = origin
        self.taken = taken
        self.replaced: dict[Wire, Wire] = {}
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
            return self._checked(wire)
        except GlassboxError as error:
            return str(error)

    def _checked(self, wire: Wire) -> Wire:
        """The wire, or what can be drawn in its stead. Raises ConnectError."""
        try:
            self.document.check_connect(wire, instead_of=self.taken)
        except OccupiedPortError:
            if self.taken is not None:
                raise  # one wire goes elsewhere; that two do would be a surprise
            (there,) = self.document.graph.incoming(wire.target, wire.target_port)
            self.document.check_connect(wire, instead_of=there)
            self.replaced[wire] = there
        except (CycleError, SelfLoopError):
            wire = replace(wire, delay=1)
            self.document.check_connect(wire, instead_of=self.taken)
        return wire

    def consequence(self, wire: Wire) -> str:
        """What drawing a wire does beside joining two ports; nothing for most."""
        if wire.delay:
            return self.scene.tr("Closes a loop: arrives one step later.")
        if wire in self.replaced:
            source = self.document.graph.node(self.replaced[wire].source)
            return self.scene.tr("Takes the place of the wire from {}.").format(source.title)
        return ""

    def draw(self, wire: Wire) -> None:
        """Draw a wire in the place of the one that it takes, if there is one.

        Raises ConnectError.
        """
        before = self.taken or self.replaced.get(wire)
        if before is None:
            self.document.connect(wire)
        else:
            self.document.rewire(before, wire)

    def ends_of(self, item: NodeItem) -> list[PortEnd]:
        """The ports of a node on the side where the wire would end."""
        output = not self.origin.output
        return item.ends(output)

    def target_at(self, point: QPointF, reach: float) -> PortEnd | None:
        """The port meant by a point: one within reach, else that of the node under it
        which can take the wire, else the node's first."""
        near = self.scene.port_at(point, reach)
        if near is not None and near != self.origin and near.output != self.origin.output:
            return near
        item = self.scene.node_at(point) or self.scene.outside.at(point)
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
        for item in self.scene.wirable():
            item.set_joinable(None)
