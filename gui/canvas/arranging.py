"""Commands that put nodes in order: layout, alignment, equal gaps, straight wires."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication

from gui.canvas import metrics
from gui.canvas.align import Box, Corner, Edge, align, distribute, straighten
from gui.canvas.arrange import Block, arrange
from gui.canvas.glide import Glide
from gui.canvas.items.annotation_item import AnnotationItem
from gui.canvas.items.box_item import BoxItem
from gui.canvas.items.node_item import NodeItem

if TYPE_CHECKING:
    from gui.canvas.commands import CanvasCommands

translate = QCoreApplication.translate


class Arranging:
    """Puts the selected nodes in order, or all where that makes sense, as one edit each."""

    def __init__(self, canvas: CanvasCommands) -> None:
        self._canvas = canvas
        self.glide = Glide(canvas.graph_scene)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What each action of the window that puts nodes in order does."""
        return {
            "network.arrange": self.arrange,
            "network.straighten": self.straighten,
            "network.align_left": lambda: self.align("left"),
            "network.align_center": lambda: self.align("center"),
            "network.align_right": lambda: self.align("right"),
            "network.align_top": lambda: self.align("top"),
            "network.align_middle": lambda: self.align("middle"),
            "network.align_bottom": lambda: self.align("bottom"),
            "network.distribute_across": lambda: self.distribute("across"),
            "network.distribute_down": lambda: self.distribute("down"),
        }

    def arrange(self) -> None:
        """Lay out the selected nodes, or all of them, in columns from inputs to losses."""
        scene = self._canvas.graph_scene
        blocks = scene.blocks()
        chosen = [i for i in self._canvas.document.selection if i in blocks]
        items = {i: blocks[i] for i in chosen} if len(chosen) > 1 else blocks
        if not items:
            return
        corner = scene.bounds(items).topLeft()
        positions = arrange(
            {i: block_of(item) for i, item in items.items()},
            scene.block_wires(),
            (_to_grid(corner.x()), _to_grid(corner.y())),
        )
        self._put(scene.placed(positions), translate("Undo", "Arrange"), then=self._canvas.fit)

    def align(self, edge: Edge) -> None:
        """Bring one edge of the selected nodes to one line."""
        if boxes := self._chosen(2):
            self._put(align(boxes, edge), translate("Undo", "Align"))

    def distribute(self, axis: Literal["across", "down"]) -> None:
        """Make the gaps between the selected nodes equal."""
        if boxes := self._chosen(3):
            self._put(distribute(boxes, axis), translate("Undo", "Distribute"))

    def straighten(self) -> None:
        """Bring the selected nodes, or all, to where the wires into them run level."""
        boxes = self._boxes(2) or self._boxes(0)
        wires = self._canvas.graph_scene.block_wires()
        self._put(straighten(boxes, wires), translate("Undo", "Straighten"))

    def _chosen(self, least: int) -> dict[str, Box]:
        """The selected nodes, or a word to the user where they are too few."""
        boxes = self._boxes(least)
        if not boxes:
            text = translate("Canvas", "Select {} nodes or more, then try again.")
            self._canvas.refuse(text.format(least))
        return boxes

    def _boxes(self, least: int) -> dict[str, Box]:
        """The selected nodes if there are so many, else none; all nodes if `least` is 0."""
        scene, annotations = self._canvas.graph_scene, self._canvas.annotations
        if not least:
            return {i: box_of(item) for i, item in scene.nodes.items()}
        chosen = self._canvas.document.selection
        boxes = {i: box_of(scene.nodes[i]) for i in chosen if scene.shows(i)}
        boxes |= {i: annotation_box(annotations.items[i]) for i in annotations.chosen}
        return boxes if len(boxes) >= least else {}

    def _put(
        self,
        positions: Mapping[str, Corner],
        text: str,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """Move nodes in one edit; they glide to where they are to stand.

        then: what to do with the view once everything has its place.
        """
        self.glide.start(positions)
        with self._canvas.document.edit(text):
            self._canvas.document.move(positions)
        then()
        self.glide.go()


def box_of(item: NodeItem | BoxItem) -> Box:
    """Where a node is drawn."""
    return Box(item.x(), item.y(), item.width, item.height, item.port_line)


def annotation_box(item: AnnotationItem) -> Box:
    """Where a frame or a note is drawn; it has no wires, so its middle stands for them."""
    return Box(item.x(), item.y(), *item.size, item.size[1] / 2)


def block_of(item: NodeItem | BoxItem) -> Block:
    return Block(item.width, item.port_line, item.height - item.port_line)


def _to_grid(coordinate: float) -> float:
    return round(coordinate / metrics.SNAP) * metrics.SNAP
