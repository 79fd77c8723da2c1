"""Wiring with the keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from engine.errors import GlassboxError
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.joining import Joining
from gui.canvas.items.pending_wire import PendingWire
from gui.canvas.ports import PortEnd, wire_between
from gui.canvas.walking import nearest_towards

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class KeyWire(Gesture):
    """A wire from the selected node; arrows choose among the ports that can take it.

    Tab goes to the next one, Enter draws the wire, Escape does not.
    """

    def __init__(self, view: CanvasView, start: Pointer, origin: PortEnd) -> None:
        super().__init__(view, start)
        self._origin = origin
        self._joining = Joining(self.document, self.scene, origin)
        self._ends = [
            end
            for item in self.scene.nodes.values()
            if item.node.id != origin.node
            for end in self._joining.ends_of(item)
            if not self._joining.reason(end)
        ]
        self._ends.sort(key=lambda end: self._distance(end))
        self._at = 0
        self._line = PendingWire()
        self.scene.addItem(self._line)
        self._joining.light_up(self.scene.nodes.values())
        self._show()

    @property
    def at(self) -> int:
        """Which of the choices it is at."""
        return self._at

    @property
    def choices(self) -> list[PortEnd]:
        """The ports that can take the wire, nearest first."""
        return self._ends

    def _distance(self, end: PortEnd) -> tuple[bool, float]:
        """What lies where wires lead comes first, then what is near."""
        away = self._joining.place(end) - self._joining.place(self._origin)
        behind = away.x() < 0 if self._origin.output else away.x() > 0
        return behind, abs(away.x()) + abs(away.y())

    def _show(self) -> None:
        if not self._ends:
            return
        end = self._ends[self._at]
        here, there = self._joining.place(self._origin), self._joining.place(end)
        start, stop = (here, there) if self._origin.output else (there, here)
        self._line.lead(start, stop, "joined")
        self.view.bring_into_sight(self.scene.nodes[end.node].scene_card())
        self.scene.hover(self.scene.nodes[end.node])

    def release(self, pointer: Pointer) -> bool:
        return True

    def key(self, event: QKeyEvent) -> bool | None:
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
            return False
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
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
        if not self._ends:
            return
        wire = wire_between(self._origin, self._ends[self._at])
        assert wire is not None  # the choices have the other direction
        try:
            self.document.connect(wire)
        except GlassboxError as error:
            self.view.refuse(str(error))

    def cancel(self) -> None:
        self._joining.put_out()
        self.scene.removeItem(self._line)
        self.scene.hover(None)
