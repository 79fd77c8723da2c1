"""Wiring with the keys alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from engine.errors import GlassboxError
from engine.graph.model import Wire
from gui.canvas import metrics
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.draw_wire import ABOVE
from gui.canvas.gestures.joining import Joining
from gui.canvas.items.pending_wire import PendingWire
from gui.canvas.ports import PortEnd
from gui.canvas.walking import ARROWS, nearest_towards

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


class KeyWire(Gesture):
    """A wire from a node; arrows choose among the ports that can take it.

    Tab goes to the next one, W begins at the next port of the node, A offers new
    nodes that can take it, Enter draws the wire, Escape does not. `taken` is a
    wire whose end goes elsewhere.
    """

    def __init__(
        self,
        view: CanvasView,
        start: Pointer,
        origins: Sequence[PortEnd],
        taken: Wire | None = None,
    ) -> None:
        super().__init__(view, start)
        self._origins = list(origins)
        self._taken = taken
        self._line = PendingWire()
        self.scene.addItem(self._line)
        if taken is not None:
            self.scene.wires[taken].setVisible(False)
        self._begin()

    def _begin(self) -> None:
        """Look for ports that can take a wire from the first of the ports."""
        self._origin = self._origins[0]
        self._joining = Joining(self.document, self.scene, self._origin, self._taken)
        self._ends = [
            end
            for item in self.scene.wirable()
            for end in self._joining.ends_of(item)
            if end.node != self._origin.node and self._is_free(end)
        ]
        self._ends.sort(key=self._order)
        self._at = 0
        self._joining.light_up(self.scene.wirable())
        self._show()

    @property
    def at(self) -> int:
        """Which of the choices it is at."""
        return self._at

    @property
    def choices(self) -> list[PortEnd]:
        """The ports that can take the wire, nearest first."""
        return self._ends

    def _is_free(self, end: PortEnd) -> bool:
        wire = self._joining.wire_to(end)
        return wire is not None and wire not in self._joining.replaced

    def _order(self, end: PortEnd) -> tuple[bool, bool, float]:
        """What closes a loop comes last; else what lies where wires lead, then what is near."""
        wire = self._joining.wire_to(end)
        away = self._joining.place(end) - self._joining.place(self._origin)
        behind = away.x() < 0 if self._origin.output else away.x() > 0
        return wire is not None and wire.delay > 0, behind, abs(away.x()) + abs(away.y())

    def _show(self) -> None:
        here = self._joining.place(self._origin)
        if not self._ends:
            self._line.lead(here, here, "loose")
            return
        end = self._ends[self._at]
        there = self._joining.place(end)
        start, stop = (here, there) if self._origin.output else (there, here)
        wire = self._joining.wire_to(end)
        said = self._joining.consequence(wire) if wire is not None else ""
        loops = wire is not None and wire.delay > 0
        self._line.lead(start, stop, "joined", returns=loops)
        self.view.bring_into_sight(self.scene.drawn_at(end).scene_card())
        self.scene.hover(self.scene.drawn_at(end))
        if said:
            self.view.note.show_at(self.view.mapFromScene(there) - ABOVE, said, "info")
        else:
            self.view.note.hide()

    def release(self, pointer: Pointer) -> bool:
        return True

    def key(self, event: QKeyEvent) -> bool | None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
            return False
        if key == Qt.Key.Key_A:
            self.cancel()
            place = self._joining.place(self._origin)
            away = QPointF(metrics.GAP if self._origin.output else -metrics.GAP, 0)
            at = self.view.mapFromScene(place + away)
            self.view.offer_nodes(Pointer(at, place + away), self._origin)
            return False
        if key == Qt.Key.Key_W and self._taken is None:
            self._origins.append(self._origins.pop(0))
            self._begin()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            step = 1 if key == Qt.Key.Key_Tab else -1
            self._at = (self._at + step) % max(1, len(self._ends))
        elif key in ARROWS and self._ends:
            places = [self._joining.place(end) for end in self._ends]
            found = nearest_towards(places[self._at], places, ARROWS[key])
            self._at = self._at if found is None else found
        self._show()
        return True

    def press(self, pointer: Pointer) -> bool:
        self.cancel()
        return False

    def _finish(self) -> None:
        self.cancel()
        wire = self._joining.wire_to(self._ends[self._at]) if self._ends else None
        if wire is None:
            return
        try:
            self._joining.draw(wire)
        except GlassboxError as error:
            self.view.refuse(str(error))

    def cancel(self) -> None:
        self._joining.put_out()
        self.scene.removeItem(self._line)
        self.scene.hover(None)
        self.view.note.hide()
        if self._taken is not None and self._taken in self.scene.wires:
            self.scene.wires[self._taken].setVisible(True)
