"""Moving frames and notes, and making them larger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.snapping import Snapping
from gui.canvas.items.annotation_item import LEAST, AnnotationItem

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

ALONE = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class MoveAnnotation(Gesture):
    """Drag what is selected by a frame or a note; frames with all that stands in them.

    It snaps to lines of nodes, frames and notes in sight, else to the grid.
    With Alt a frame leaves behind what stands in it. What is let go in an open group lies in it.
    """

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, view: CanvasView, start: Pointer, item: AnnotationItem) -> None:
        super().__init__(view, start)
        self._item = item
        alone = (*self.document.selection, *view.annotations.chosen)
        self._ids = alone if start.has(ALONE) else view.annotations.everything()
        self._from = {i: self.document.position_of(i) for i in self._ids}
        self._step = (0.0, 0.0)
        self._snapping: Snapping | None = None

    def move(self, pointer: Pointer) -> bool:
        if self._snapping is None:
            if not self.dragged(pointer):
                return True
            self._snapping = Snapping(self.view, self._item, self._ids)
        self._show(self._snapping.step(pointer.scene - self.start.scene, pointer))
        return True

    def _show(self, step: tuple[float, float]) -> None:
        self._step = step
        self.scene.place(self._positions())

    def _positions(self) -> dict[str, tuple[float, float]]:
        return {i: (x + self._step[0], y + self._step[1]) for i, (x, y) in self._from.items()}

    def _end(self) -> None:
        """Take away what was shown only while dragging."""
        if self._snapping is not None:
            self._snapping.end()

    def release(self, pointer: Pointer) -> bool:
        self._end()
        document, key = self.document, self._item.annotation.id
        if self._step != (0.0, 0.0):
            group = self.scene.group_at(self._item.grip().center(), without=self._ids)
            with document.edit(self.view.tr("Move {}").format(document.called([key]))):
                document.move(self._positions())
                # What lies in a deeper group and is only drawn over stays in it.
                before = document.group_of(key)
                document.put_into([i for i in self._ids if document.group_of(i) == before], group)
        elif not (pointer.has(SHIFT) or pointer.has(CTRL)):
            self.view.annotations.choose(key)
        return False

    def cancel(self) -> None:
        self._end()
        self._show((0.0, 0.0))


class ResizeAnnotation(Gesture):
    """Drag the lower right corner of a frame or note.

    It snaps to edges of nodes, frames and notes in sight, else the size to the grid.
    """

    cursor = Qt.CursorShape.SizeFDiagCursor

    def __init__(self, view: CanvasView, start: Pointer, item: AnnotationItem) -> None:
        super().__init__(view, start)
        self._item = item
        self._size = item.annotation.size
        self._snapping: Snapping | None = None
        if item.annotation.id not in view.annotations.chosen:
            view.annotations.choose(item.annotation.id)

    def move(self, pointer: Pointer) -> bool:
        if self._snapping is None:
            if not self.dragged(pointer):
                return True
            self._snapping = Snapping(self.view, self._item, [self._item.annotation.id])
        across, down = self._snapping.stretch(pointer.scene - self.start.scene, pointer)
        width, height = self._item.annotation.size
        least = LEAST[self._item.annotation.kind]
        self._size = (max(least[0], width + across), max(least[1], height + down))
        self._item.show_at(self._item.annotation.position, self._size)
        return True

    def _end(self) -> None:
        """Take away what was shown only while dragging."""
        if self._snapping is not None:
            self._snapping.end()

    def release(self, pointer: Pointer) -> bool:
        self._end()
        annotation = replace(self._item.annotation, size=self._size)
        self.document.change_annotation(annotation, self.view.tr("Resize"))
        return False

    def cancel(self) -> None:
        self._end()
        self._item.show_annotation(self._item.annotation)
