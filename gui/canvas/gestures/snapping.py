"""Where what is dragged, or its corner, comes to stand: level with others near by, else on the
grid."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from gui.canvas import metrics
from gui.canvas.align import Box, snap, stretch
from gui.canvas.arranging import annotation_box, box_of
from gui.canvas.gestures.base import Pointer
from gui.canvas.items.annotation_item import AnnotationItem
from gui.canvas.items.box_item import BoxItem
from gui.canvas.items.guides_item import GuidesItem
from gui.canvas.items.node_item import NodeItem

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

COARSE = Qt.KeyboardModifier.ShiftModifier
REACH = 5
"""How near to a line, in pixels on screen, something is drawn to it."""

Held = NodeItem | BoxItem | AnnotationItem


class Snapping:
    """The steps of one drag. Lines show what the thing under the pointer is level with.

    Nodes are lined up with nodes, frames and notes with each other too. With Shift held
    there are no lines, and the grid is twice as wide.
    """

    def __init__(self, view: CanvasView, held: Held, moving: Collection[str]) -> None:
        self._reach = view.on_scene(REACH)
        self._box = _box(held)
        # What stands on the grid: a node by its port, a frame or a note by its top.
        self._line = self._box.y + (0.0 if isinstance(held, AnnotationItem) else self._box.line)
        others: list[Held] = [item for item in view.visible_nodes() if item.key not in moving]
        if isinstance(held, AnnotationItem):
            others += [
                item
                for key, item in view.annotations.items.items()
                if key not in moving and item.card().intersects(view.visible_rect())
            ]
        self._others = [_box(item) for item in others]
        self.guides = GuidesItem()
        view.graph_scene.addItem(self.guides)

    def step(self, wanted: QPointF, pointer: Pointer) -> tuple[float, float]:
        """How far to move for a pointer that has gone so far."""
        box = self._box
        step = self._on_grid((box.x, self._line), wanted, pointer)
        if pointer.has(COARSE):
            self.guides.show_guides(())
            return step
        there = box._replace(x=box.x + wanted.x(), y=box.y + wanted.y())
        shift, guides = snap(there, self._others, self._reach)
        # Across and down each go by a line or by equal gaps if there are any, else by the grid.
        across = wanted.x() + shift[0] if any(g.holds_across for g in guides) else step[0]
        down = wanted.y() + shift[1] if any(not g.holds_across for g in guides) else step[1]
        self.guides.show_guides(guides)
        return across, down

    def _on_grid(
        self, start: tuple[float, float], wanted: QPointF, pointer: Pointer
    ) -> tuple[float, float]:
        """How far to go from a start to end on the grid, or on the coarse one."""
        grid = metrics.COARSE_SNAP if pointer.has(COARSE) else metrics.SNAP
        return snapped(start[0], wanted.x(), grid), snapped(start[1], wanted.y(), grid)

    def stretch(self, wanted: QPointF, pointer: Pointer) -> tuple[float, float]:
        """How much larger to become for a pointer that holds the lower right corner."""
        box = self._box
        by = self._on_grid((box.width, box.height), wanted, pointer)
        if pointer.has(COARSE):
            self.guides.show_guides(())
            return by
        there = box._replace(width=box.width + wanted.x(), height=box.height + wanted.y())
        shift, guides = stretch(there, self._others, self._reach)
        self.guides.show_guides(guides)
        across = wanted.x() + shift[0] if any(g.upright for g in guides) else by[0]
        down = wanted.y() + shift[1] if any(not g.upright for g in guides) else by[1]
        return across, down

    def end(self) -> None:
        """Take the lines away."""
        scene = self.guides.scene()
        if scene is not None:
            scene.removeItem(self.guides)


def _box(held: Held) -> Box:
    return annotation_box(held) if isinstance(held, AnnotationItem) else box_of(held)


def snapped(start: float, step: float, grid: int) -> float:
    """A step that ends on the grid; less than half a field is none, also from off the grid."""
    return 0.0 if abs(step) < grid / 2 else round((start + step) / grid) * grid - start
