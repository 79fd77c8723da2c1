"""Taking all wires of a port to another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from engine.errors import GlassboxError
from engine.graph.model import Wire
from gui.canvas import metrics
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.joining import Joining
from gui.canvas.items.pending_wire import PendingWire
from gui.canvas.ports import PortEnd, wire_between, wires_of
from gui.document import rewiring

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class MoveLinks(Gesture):
    """Ctrl and a drag from a port: its wires follow, and end at the port where they are let go.

    What keeps one of them away keeps them all, with its reason. Let go in the
    empty they stay where they were.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(self, view: CanvasView, start: Pointer, end: PortEnd) -> None:
        super().__init__(view, start)
        self.scene.hover(None)
        self._end = end
        self._searches = {
            wire: Joining(self.document, self.scene, _far_end(wire, end), wire)
            for wire in wires_of(self.document.graph, end)
        }
        self._lines = {wire: PendingWire() for wire in self._searches}
        for wire, line in self._lines.items():
            self.scene.addItem(line)
            self.scene.wires[wire].setVisible(False)
        self._target: PortEnd | None = None
        self._follow(start)

    @property
    def _first(self) -> Joining:
        return next(iter(self._searches.values()))

    def move(self, pointer: Pointer) -> bool:
        self._follow(pointer)
        return True

    def _follow(self, pointer: Pointer) -> None:
        reach = self.view.on_scene(metrics.REACH)
        self._target = self._first.target_at(pointer.scene, reach)
        reason = self._reason(self._target) if self._target is not None else ""
        there = pointer.scene if self._target is None else self._first.place(self._target)
        state = "loose" if self._target is None else "refused" if reason else "joined"
        for wire, search in self._searches.items():
            fixed = search.place(search.origin)
            start, end = (there, fixed) if self._end.output else (fixed, there)
            self._lines[wire].lead(start, end, state)
        if reason:
            self.view.note.show_at(pointer.screen, reason)
        else:
            self.view.note.hide()

    def _reason(self, target: PortEnd) -> str:
        """Why not all wires can end there; empty if they can."""
        return next((r for s in self._searches.values() if (r := s.reason(target))), "")

    def release(self, pointer: Pointer) -> bool:
        self._follow(pointer)
        self.cancel()
        if self._target is None or self._target == self._end:
            return False
        reason = self._reason(self._target)
        if reason:
            self.view.refuse(reason)
            return False
        moves: dict[Wire, Wire] = {}
        for wire, search in self._searches.items():
            other = wire_between(search.origin, self._target)
            if other is not None:
                moves[wire] = search.wire_to(self._target) or other
        try:
            rewiring.move_ends(self.document, moves)
        except GlassboxError as error:
            self.view.refuse(str(error))
        return False

    def cancel(self) -> None:
        self.view.note.hide()
        for wire, line in self._lines.items():
            if line.scene() is not None:
                self.scene.removeItem(line)
            if wire in self.scene.wires:
                self.scene.wires[wire].setVisible(True)


def _far_end(wire: Wire, end: PortEnd) -> PortEnd:
    """The end of a wire that stays where it is."""
    if end.output:
        return PortEnd(wire.target, wire.target_port, False)
    return PortEnd(wire.source, wire.source_port, True)
