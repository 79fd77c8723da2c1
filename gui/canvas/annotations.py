"""The frames and notes on the canvas: their items, which are chosen, and their commands."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF

from engine.graph.drawing import Annotation, AnnotationChanged
from engine.graph.groups import OPEN, seen_groups
from gui.canvas import metrics
from gui.canvas.items.annotation_item import HEADER, AnnotationItem

if TYPE_CHECKING:
    from gui.canvas.annotation_editor import AnnotationEditor
    from gui.canvas.commands import CanvasCommands

MARGIN = 24.0
"""Room between a new frame and the nodes that it is drawn around."""

FRAME, NOTE = (320.0, 200.0), (208.0, 96.0)
"""Sizes of new ones."""


class Annotations(QObject):
    """Follows the drawing of the graph. Those in folded groups and on other levels have no items.

    chosen: the ids of the frames and notes that are selected. Whoever selects nodes alone
    lets go of them; `select` chooses both.
    """

    def __init__(self, canvas: CanvasCommands) -> None:
        super().__init__(canvas)
        self._canvas, self.document = canvas, canvas.document
        self.chosen: tuple[str, ...] = ()
        self._with_nodes = False
        self._following = ExitStack()
        self.document.graph_replaced.connect(self._rebuild)
        self.document.graph_changed.connect(self._settle)
        self.document.level_changed.connect(self._settle)
        self.document.selection_changed.connect(self._selection_changed)
        self._rebuild()

    @cached_property
    def editor(self) -> AnnotationEditor:
        """Where the words of a frame or note are typed."""
        from gui.canvas.annotation_editor import AnnotationEditor

        return AnnotationEditor(self._canvas, self.document)

    @property
    def items(self) -> dict[str, AnnotationItem]:
        """Those that are seen, by their ids."""
        return self._canvas.graph_scene.annotations

    def _rebuild(self) -> None:
        self.chosen = ()
        self._following.close()
        drawing = self.document.graph.drawing
        self._following.enter_context(drawing.annotation_changed.connected(self._changed))
        self._settle()

    def _settle(self) -> None:
        """Draw those that are seen at this level, and no others."""
        drawing = self.document.graph.drawing
        if not (drawing.annotations or self.items):
            return
        seen = seen_groups(drawing, self.document.level)
        wanted = {a.id: a for a in drawing.annotations if seen.get(a.group) is OPEN}
        if wanted.keys() == self.items.keys():
            return
        for key in self.items.keys() - wanted.keys():
            self._hide(key)
        for key, annotation in wanted.items():
            if key not in self.items:
                self._show(annotation)
        self._canvas.graph_scene.lay_boxes()

    def _changed(self, event: AnnotationChanged) -> None:
        """A new one is drawn once the edit is whole."""
        if event.after is None:
            assert event.before is not None  # something was removed
            self._hide(event.before.id)
        elif event.after.id in self.items:
            self.items[event.after.id].show_annotation(event.after)

    def _show(self, annotation: Annotation) -> None:
        item = AnnotationItem(annotation)
        self.items[annotation.id] = item
        self._canvas.graph_scene.addItem(item)

    def _hide(self, annotation_id: str) -> None:
        item = self.items.pop(annotation_id, None)
        if item is not None:
            self._canvas.graph_scene.removeItem(item)
            self.chosen = tuple(i for i in self.chosen if i != annotation_id)

    # Choosing

    def _selection_changed(self) -> None:
        if self.document.selection and not self._with_nodes:
            self._choose(())
        self._canvas.say_what_is_chosen()

    def choose(self, *ids: str) -> None:
        """Select these frames and notes and nothing else; with no id, none of them."""
        if ids:
            self.select((), ids)
        else:
            self._choose(())

    def select(self, nodes: Iterable[str], ids: Iterable[str]) -> None:
        """Select nodes and groups, and frames and notes, at once."""
        self._with_nodes = True
        self.document.select(nodes)
        self._with_nodes = False
        self._choose(tuple(dict.fromkeys(i for i in ids if i in self.items)))
        if self.chosen:
            self._canvas.graph_scene.select_wires(())

    def _choose(self, ids: tuple[str, ...]) -> None:
        self.chosen = ids
        for key, item in self.items.items():
            item.set_ringed(key in ids)
        self._canvas.say_what_is_chosen()

    def select_new(self, add: Callable[[], Iterable[str]]) -> None:
        """Select what a verb adds: the nodes that it answers, and the frames and notes it made."""
        before = set(self.items)
        nodes = add()
        self.select(nodes, [i for i in self.items if i not in before])

    def everything(self) -> tuple[str, ...]:
        """The ids of all that is selected and of what stands in selected frames, each once."""
        found = dict.fromkeys((*self.document.selection, *self.chosen))
        for each in self.chosen:
            if self.items[each].annotation.kind == "frame":
                nodes, others = self.inside(self.items[each])
                found |= dict.fromkeys((*nodes, *others))
        return tuple(found)

    def around(self, ids: Collection[str]) -> tuple[str, ...]:
        """Frames that hold some of these nodes and groups and no others, with what is in them."""
        found: dict[str, None] = {}
        for key, item in self.items.items():
            nodes, others = self.inside(item) if item.annotation.kind == "frame" else ((), ())
            if nodes and set(nodes) <= set(ids):
                found |= dict.fromkeys((key, *others))
        return tuple(found)

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
        scene = self._canvas.graph_scene
        in_sight = scene.nodes_in(card)
        within = tuple(node.key for node in in_sight if card.contains(node.scene_card()))
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
        group = self.document.common_group(selection) if selection else self.document.level
        self._add(Annotation("", "frame", self.tr("Frame"), position, size, group=group))

    def add_note(self) -> None:
        """Stick a note at the pointer, or in the middle, and ask for its words."""
        level = self.document.level
        self._add(Annotation("", "note", "", self._free_place(NOTE), NOTE, "amber", level))

    def _free_place(self, size: tuple[float, float]) -> tuple[float, float]:
        point = self._canvas.mapToScene(self._canvas.pointer_place())
        step = metrics.SNAP
        x, y = point.x() - size[0] / 2, point.y() - size[1] / 2
        x, y = round(x / step) * step, round(y / step) * step
        if not self._canvas.pointer_inside:
            while under := self._canvas.graph_scene.nodes_in(QRectF(x, y, *size)):
                lowest = max(node.scene_card().bottom() for node in under)
                y = math.ceil((lowest + MARGIN) / step) * step
        return (x, y)

    def _add(self, annotation: Annotation) -> None:
        annotation_id = self.document.add_annotation(annotation)
        self.choose(annotation_id)
        self._canvas.bring_into_sight(self.items[annotation_id].grip())
        self.editor.open(self.items[annotation_id])

    def edit(self) -> bool:
        """Type into the only one that is chosen; whether it is."""
        alone = len(self.chosen) == 1 and not self.document.selection
        if alone:
            item = self.items[self.chosen[0]]
            self._canvas.bring_into_sight(item.grip())
            self.editor.open(item)
        return alone
