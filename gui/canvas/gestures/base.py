"""What all gestures share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

STARTS_AFTER = 4
"""Pixels on screen by which a press becomes a drag."""


@dataclass(frozen=True)
class Pointer:
    """Where the pointer is: on the viewport and in the scene. time: of the event, in ms."""

    screen: QPoint
    scene: QPointF
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    time: int = 0

    def has(self, modifier: Qt.KeyboardModifier) -> bool:
        return bool(self.modifiers & modifier)


class Gesture:
    """One thing done with the pointer or the keys, from its start to its end.

    The methods answer whether the gesture goes on; when one says no, the view
    drops it. `cancel` must leave everything as before.
    """

    cursor: Qt.CursorShape | None = None

    def __init__(self, view: CanvasView, start: Pointer) -> None:
        self.view = view
        self.scene = view.graph_scene
        self.document = view.document
        self.start = start

    def press(self, pointer: Pointer) -> bool:
        return True

    def move(self, pointer: Pointer) -> bool:
        return True

    def release(self, pointer: Pointer) -> bool:
        return False

    def key(self, event: QKeyEvent) -> bool | None:
        """None leaves the key to others."""
        return None

    def cancel(self) -> None:
        """Leave everything as it was before."""

    def dragged(self, pointer: Pointer) -> bool:
        return (pointer.screen - self.start.screen).manhattanLength() >= STARTS_AFTER
