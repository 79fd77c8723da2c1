"""The frames and notes on the canvas: their items, which one is chosen, and their commands."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF

from engine.graph.drawing import Annotation, AnnotationChanged
from gui.canvas import metrics
from gui.canvas.annotation_editor import AnnotationEditor
from gui.canvas.items.annotation_item import HEADER, AnnotationItem

if TYPE_CHECKING:
    from gui.canvas.commands import CanvasCommands

MARGIN = 24.0
"""Room between a new frame and the nodes that it is drawn around."""

FRAME, NOTE = (320.0, 200.0), (208.0, 96.0)
"""Sizes of new ones."""


class Annotations(QObject):
    """Follows the drawing of the graph.

    chosen: the id of the frame or note that is selected; empty for none. Choosing one
    lets go of the nodes, and choosing nodes lets go of it.
    """

    def __init__(self, canvas: CanvasCommands) -> None:
        super().__init__(canvas)
        self._canvas, self.document = canvas, canvas.document
        self.items: dict[str, AnnotationItem] = {}
        self.chosen = ""
        self.editor = AnnotationEditor(canvas, canvas.document)
        self._following = ExitStack()
        self.document.graph_replaced.connect(self._rebuild)
        self.document.selection_changed.connect(self._selection_changed)
        self._rebuild()

    def _rebuild(self) -> None:
        self.items, self.chosen = {}, ""
        self._following.close()
        drawing = self.document.graph.drawing
        for annotation in drawing.annotations:
            self._changed(AnnotationChanged(None, annotation))
        self._following.enter_context(drawing.annotation_changed.connected(self._changed))

    def _changed(self, event: AnnotationChanged) -> None:
        scene = self._canvas.graph_scene
        if event.after is None:
            assert event.before is not None  # something was removed
            scene.removeItem(self.items.pop(event.before.id))
            if self.chosen == event.before.id:
                self.chosen = ""
        elif event.before is None:
            item = AnnotationItem(event.after)
            self.items[event.after.id] = item
            scene.addItem(item)
        else:
            self.items[event.after.id].show_annotation(event.after)

    def _selection_changed(self) -> None:
        if self.document.selection:
            self.choose("")

    def choose(self, annotation_id: str) -> None:
        """Select a frame or note, and no node; or, with an empty id, none."""
        if annotation_id == self.chosen:
            return
        if self.chosen in self.items:
            self.items[self.chosen].set_ringed(False)
        self.chosen = annotation_id
        if annotation_id:
            self.document.select(())
            self._canvas.graph_scene.select_wires(())
            self.items[annotation_id].set_ringed(True)

    # Finding

    def grip_at(self, point: QPointF) -> AnnotationItem | None:
        """The uppermost frame title or note under a point."""
        return self._uppermost(lambda item: item.grip().contains(point))

    def handle_at(self, point: QPointF) -> AnnotationItem | None:
        """The frame or note whose corner is under a point."""
        return self._uppermost(lambda item: item.handle().contains(point))

    def _uppermost(self, hit: Callable[[AnnotationItem], bool]) -> AnnotationItem | None:
        found = [item for item in self.items.values() if hit(item)]
        return max(found, key=lambda item: item.zValue(), default=None)

    def inside(self, item: AnnotationItem) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids of the nodes that stand wholly in a frame, and of the annotations."""
        card = item.card()
        nodes = self._canvas.graph_scene.nodes
        within = tuple(i for i, node in nodes.items() if card.contains(node.scene_card()))
        others = tuple(
            i
            for i, other in self.items.items()
            if other is not item and card.contains(other.card())
        )
        return within, others

    def reach(self) -> QRectF:
        """The rectangle around all of them."""
        rect = QRectF()
        for item in self.items.values():
            rect = rect.united(item.sceneBoundingRect())
        return rect

    # Commands

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What each action of the window that concerns frames and notes does."""
        return {"network.add_frame": self.add_frame, "network.add_note": self.add_note}

    def add_frame(self) -> None:
        """Draw a frame around the selected nodes, or an empty one, and ask for its title."""
        selection = self.document.selection
        if selection:
            rect = self._canvas.graph_scene.bounds(selection)
            rect.adjust(-MARGIN, -MARGIN - HEADER, MARGIN, MARGIN)
            position, size = (rect.left(), rect.top()), (rect.width(), rect.height())
        else:
            position, size = self._free_place(FRAME), FRAME
        self._add(Annotation("", "frame", self.tr("Frame"), position, size))

    def add_note(self) -> None:
        """Stick a note at the pointer, or in the middle, and ask for its words."""
        self._add(Annotation("", "note", "", self._free_place(NOTE), NOTE, "amber"))

    def _free_place(self, size: tuple[float, float]) -> tuple[float, float]:
        point = self._canvas.mapToScene(self._canvas.pointer_place())
        step = metrics.SNAP
        x, y = point.x() - size[0] / 2, point.y() - size[1] / 2
        return (round(x / step) * step, round(y / step) * step)

    def _add(self, annotation: Annotation) -> None:
        annotation_id = self.document.add_annotation(annotation)
        self.choose(annotation_id)
        self._canvas.bring_into_sight(self.items[annotation_id].grip())
        self.editor.open(self.items[annotation_id])

    def edit(self) -> bool:
        """Type into the chosen one; whether there is one."""
        if self.chosen:
            self.editor.open(self.items[self.chosen])
        return bool(self.chosen)

    def delete(self) -> bool:
        """Remove the chosen one; whether there was one."""
        if not self.chosen:
            return False
        self.document.remove_annotations((self.chosen,))
        return True
