"""Where dragged nodes come to stand: level with others near by, else on the grid."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from gui.canvas import metrics
from gui.canvas.align import snap
from gui.canvas.arranging import box_of
from gui.canvas.gestures.base import Pointer
from gui.canvas.items.box_item import BoxItem
from gui.canvas.items.guides_item import GuidesItem
from gui.canvas.items.node_item import NodeItem

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

COARSE = Qt.KeyboardModifier.ShiftModifier
REACH = 5
"""How near to a line, in pixels on screen, a node is drawn to it."""


class Snapping:
    """The steps of one drag. Lines show what the node under the pointer is level with.

    With Shift held there are no lines, and the grid is twice as wide.
    """

    def __init__(self, view: CanvasView, held: NodeItem | BoxItem, moving: Collection[str]) -> None:
        self._reach = view.on_scene(REACH)
        self._box = box_of(held)
        self._others = [box_of(item) for item in view.visible_nodes() if item.key not in moving]
        self.guides = GuidesItem()
        view.graph_scene.addItem(self.guides)

    def step(self, wanted: QPointF, pointer: Pointer) -> tuple[float, float]:
        """How far to move for a pointer that has gone so far."""
        box = self._box
        coarse = pointer.has(COARSE)
        grid = metrics.COARSE_SNAP if coarse else metrics.SNAP
        step = (snapped(box.x, wanted.x(), grid), snapped(box.y + box.line, wanted.y(), grid))
        if coarse:
            self.guides.show_guides(())
            return step
        there = box._replace(x=box.x + wanted.x(), y=box.y + wanted.y())
        shift, guides = snap(there, self._others, self._reach)
        # Across and down each go by a line or by equal gaps if there are any, else by the grid.
        across = wanted.x() + shift[0] if any(g.holds_across for g in guides) else step[0]
        down = wanted.y() + shift[1] if any(not g.holds_across for g in guides) else step[1]
        self.guides.show_guides(guides)
        return across, down

    def end(self) -> None:
        """Take the lines away."""
        scene = self.guides.scene()
        if scene is not None:
            scene.removeItem(self.guides)


def snapped(start: float, step: float, grid: int) -> float:
    """A step that ends on the grid; less than half a field is none, also from off the grid."""
    return 0.0 if abs(step) < grid / 2 else round((start + step) / grid) * grid - start
