"""Drawing a wire from a port, or taking the end of one elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt

from engine.errors import GlassboxError
from engine.graph.model import Wire
from gui.canvas import metrics
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.joining import Joining
from gui.canvas.items.pending_wire import PendingWire
from gui.canvas.items.wire_item import WireItem
from gui.canvas.ports import PortEnd

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView


ABOVE = QPoint(0, 84)
"""From the pointer to a note over it."""


class DrawWire(Gesture):
    """Drag from port to port, or click one and then the other.

    Ports that can take the wire glow; over one that cannot, the reason stands
    beside the pointer. Let go over an empty place and a list offers what fits.
    `taken` is a wire whose end is in the hand: let go in the empty, it is gone.
    """

    cursor = Qt.CursorShape.CrossCursor

    def __init__(
        self, view: CanvasView, start: Pointer, origin: PortEnd, taken: Wire | None = None
    ) -> None:
        super().__init__(view, start)
        self.scene.hover(None)
        self._origin = origin
        self._taken = taken
        self._joining = Joining(self.document, self.scene, origin, taken)
        self._lit = QRectF()
        self._line = PendingWire()
        self.scene.addItem(self._line)
        self._target: PortEnd | None = None
        self._on_its_way = False
        if taken is not None:
            self.scene.wires[taken].setVisible(False)
        self._follow(start)

    def move(self, pointer: Pointer) -> bool:
        self._on_its_way = self._on_its_way or self.dragged(pointer)
        self._follow(pointer)
        return True

    def press(self, pointer: Pointer) -> bool:
        self._follow(pointer)
        return self._finish(pointer)

    def release(self, pointer: Pointer) -> bool:
        # Let go where it was pressed: the wire hangs on the pointer until the next click.
        if not self._on_its_way:
            return True
        self._follow(pointer)
        return self._finish(pointer)

    def _follow(self, pointer: Pointer) -> None:
        if self.view.visible_rect() != self._lit:
            # At first, and when the canvas was moved under the wire.
            self._lit = self.view.visible_rect()
            self._joining.light_up(self.view.visible_nodes())
        self._target = self._joining.target_at(pointer.scene, self.view.on_scene(metrics.REACH))
        here = self._joining.place(self._origin)
        there, state, reason = pointer.scene, "loose", ""
        if self._target is not None:
            there = self._joining.place(self._target)
            reason = self._joining.reason(self._target)
            state = "refused" if reason else "joined"
        wire = self._joining.wire_to(self._target) if self._target is not None else None
        start, end = (here, there) if self._origin.output else (there, here)
        self._line.lead(start, end, state, returns=wire is not None and wire.delay > 0)
        if reason:
            self.view.note.show_at(pointer.screen, reason)
        elif wire is not None and (said := self._joining.consequence(wire)):
            # What comes back beneath the nodes is not to be covered.
            place = pointer.screen - ABOVE if wire.delay else pointer.screen
            self.view.note.show_at(place, said, "info")
        else:
            self.view.note.hide()

    def _finish(self, pointer: Pointer) -> bool:
        target = self._target
        self._clear()
        if target is not None:
            self._join(target)
        elif self._taken is not None:
            self.document.disconnect(self._taken)
        else:
            self.view.offer_nodes(pointer, self._origin)
        return False

    def _join(self, target: PortEnd) -> None:
        wire = self._joining.wire_to(target)
        if wire is None:
            self.view.refuse(self._joining.reason(target))
            return
        try:
            self._joining.draw(wire)
        except GlassboxError as error:
            self.view.refuse(str(error))

    def cancel(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self._joining.put_out()
        self.scene.removeItem(self._line)
        self.view.note.hide()
        if self._taken is not None and self._taken in self.scene.wires:
            self.scene.wires[self._taken].setVisible(True)


class TakeWire(Gesture):
    """A press on a wire: let go selects it, a drag takes its nearer end off."""

    def __init__(self, view: CanvasView, start: Pointer, item: WireItem) -> None:
        super().__init__(view, start)
        self._wire = item.wire
        self._at_target = _length(item.point_at(1) - start.scene) <= _length(
            item.point_at(0) - start.scene
        )

    def move(self, pointer: Pointer) -> bool:
        if not self.dragged(pointer):
            return True
        wire = self._wire
        origin = (
            PortEnd(wire.source, wire.source_port, True)
            if self._at_target
            else PortEnd(wire.target, wire.target_port, False)
        )
        self.view.begin(DrawWire(self.view, self.start, origin, wire))
        return True

    def release(self, pointer: Pointer) -> bool:
        chosen = {self._wire}
        if pointer.has(Qt.KeyboardModifier.ShiftModifier):
            chosen |= self.scene.selected_wires
        elif pointer.has(Qt.KeyboardModifier.ControlModifier):
            chosen = set(self.scene.selected_wires) ^ chosen
        else:
            self.document.select(())
        self.scene.select_wires(chosen)
        return False


def _length(vector: QPointF) -> float:
    return float(QPointF.dotProduct(vector, vector))
