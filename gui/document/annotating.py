"""The verbs that change frames and notes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.graph.drawing import Annotation, Drawing
from engine.graph.model import Graph
from gui.document.structure_commands import Draw

translate = QCoreApplication.translate

SET_ANNOTATION = 20


def named(annotation: Annotation) -> str:
    """A frame or note as an undo text names it."""
    kind = annotation.kind
    noun = translate("Undo", "frame") if kind == "frame" else translate("Undo", "note")
    return f"{noun} “{annotation.text}”" if annotation.text and kind == "frame" else noun


def named_together(annotations: Sequence[Annotation]) -> str:
    """Frames and notes as an undo text names them: one by itself, several by their number."""
    if len(annotations) == 1:
        return named(annotations[0])
    kinds = {each.kind for each in annotations}
    text = translate("Undo", "{} frames and notes")
    if kinds == {"frame"}:
        text = translate("Undo", "{} frames")
    elif kinds == {"note"}:
        text = translate("Undo", "{} notes")
    return text.format(len(annotations))


class SetAnnotation(Draw):
    """Put a frame or note, in place of what it was; None stands for not being there.

    Edits of one `field` of one annotation in a row become one.
    """

    def __init__(
        self,
        drawing: Drawing,
        before: Annotation | None,
        after: Annotation | None,
        text: str,
        field: str = "",
    ) -> None:
        super().__init__(drawing, before, after, text)
        self.field = field

    def id(self) -> int:
        return SET_ANNOTATION

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, SetAnnotation)
        if not self.field or self.field != other.field or self.after != other.before:
            return False
        self.after = other.after
        self.setText(other.text())
        return True


class AnnotationEditing:
    """Undoable edits of frames and notes."""

    graph: Graph
    undo: QUndoStack

    def add_annotation(self, annotation: Annotation) -> str:
        """Add a frame or note, under a fresh id if it has none; its id."""
        drawing = self.graph.drawing
        if not annotation.id:
            annotation = replace(annotation, id=drawing.fresh_id(annotation.kind))
        text = translate("Undo", "Add {}").format(named(annotation))
        self.undo.push(SetAnnotation(drawing, None, annotation, text))
        return annotation.id

    def change_annotation(self, annotation: Annotation, text: str, field: str = "") -> None:
        """Replace the frame or note of this id. Raises UnknownNodeError.

        text: what the undo history calls it. field: what is being set, for edits in a row.
        """
        before = self.graph.drawing.annotation(annotation.id)
        if annotation != before:
            self.undo.push(SetAnnotation(self.graph.drawing, before, annotation, text, field))

    def remove_annotations(self, ids: Iterable[str]) -> None:
        """Remove frames and notes; the nodes inside stay. Raises UnknownNodeError."""
        for annotation in [self.graph.drawing.annotation(i) for i in dict.fromkeys(ids)]:
            text = translate("Undo", "Remove {}").format(named(annotation))
            self.undo.push(SetAnnotation(self.graph.drawing, annotation, None, text))
