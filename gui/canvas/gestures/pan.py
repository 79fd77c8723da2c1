"""Moving the view: the paper under the hand."""

from __future__ import annotations

from PySide6.QtCore import Qt

from gui.canvas.gestures.base import Gesture, Pointer


class Pan(Gesture):
    """Drag the canvas with the middle or the right button, or with Space held."""

    cursor = Qt.CursorShape.ClosedHandCursor

    moved = False

    def move(self, pointer: Pointer) -> bool:
        step = pointer.screen - self.start.screen
        self.moved = self.moved or self.dragged(pointer)
        if not self.moved:
            return True
        self.start = pointer
        self.view.pan_by(-step.x(), -step.y())
        return True
