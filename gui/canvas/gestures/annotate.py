"""Moving frames and notes, and making them larger."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from gui.canvas import metrics
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.snapping import snapped
from gui.canvas.items.annotation_item import LEAST, AnnotationItem

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

ALONE = Qt.KeyboardModifier.AltModifier


class MoveAnnotation(Gesture):
    """Drag a frame with all that stands in it, or a note. With Alt a frame moves alone."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(self, view: CanvasView, start: Pointer, item: AnnotationItem) -> None:
        super().__init__(view, start)
        self._item = item
        view.annotations.choose(item.annotation.id)
        takes_along = item.annotation.kind == "frame" and not start.has(ALONE)
        nodes, others = view.annotations.inside(item) if takes_along else ((), ())
        self._nodes = {i: self.document.position_of(i) for i in nodes}
        self._others = [view.annotations.items[i] for i in (item.annotation.id, *others)]
        self._step = (0.0, 0.0)

    def move(self, pointer: Pointer) -> bool:
        if self._step == (0.0, 0.0) and not self.dragged(pointer):
            return True
        wanted = pointer.scene - self.start.scene
        left, top = self._item.annotation.position
        self._show(
            (snapped(left, wanted.x(), metrics.SNAP), snapped(top, wanted.y(), metrics.SNAP))
        )
        return True

    def _show(self, step: tuple[float, float]) -> None:
        self._step = step
        self.scene.place(self._moved(self._nodes))
        for item in self._others:
            item.show_at(self._shifted(item.annotation.position), item.annotation.size)

    def _shifted(self, position: tuple[float, float]) -> tuple[float, float]:
        return (position[0] + self._step[0], position[1] + self._step[1])

    def _moved(self, positions: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        return {i: self._shifted(position) for i, position in positions.items()}

    def release(self, pointer: Pointer) -> bool:
        if self._step != (0.0, 0.0):
            text = (
                self.view.tr("Move frame")
                if self._item.annotation.kind == "frame"
                else self.view.tr("Move note")
            )
            changed = [
                replace(item.annotation, position=self._shifted(item.annotation.position))
                for item in self._others
            ]
            with self.document.edit(text):
                for annotation in changed:
                    self.document.change_annotation(annotation, text)
                self.document.move(self._moved(self._nodes))
        return False

    def cancel(self) -> None:
        self._show((0.0, 0.0))


class ResizeAnnotation(Gesture):
    """Drag the lower right corner of a frame or note."""

    cursor = Qt.CursorShape.SizeFDiagCursor

    def __init__(self, view: CanvasView, start: Pointer, item: AnnotationItem) -> None:
        super().__init__(view, start)
        self._item = item
        self._size = item.annotation.size
        view.annotations.choose(item.annotation.id)

    def move(self, pointer: Pointer) -> bool:
        wanted = pointer.scene - self.start.scene
        width, height = self._item.annotation.size
        least = LEAST[self._item.annotation.kind]
        self._size = (
            max(least[0], width + snapped(width, wanted.x(), metrics.SNAP)),
            max(least[1], height + snapped(height, wanted.y(), metrics.SNAP)),
        )
        self._item.show_at(self._item.annotation.position, self._size)
        return True

    def release(self, pointer: Pointer) -> bool:
        annotation = replace(self._item.annotation, size=self._size)
        self.document.change_annotation(annotation, self.view.tr("Resize"))
        return False

    def cancel(self) -> None:
        self._item.show_annotation(self._item.annotation)
