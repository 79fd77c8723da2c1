"""Commands that put nodes in order: layout, alignment, equal gaps, straight wires."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, QPointF, QRectF

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
            {i: block_of(item, self._line(item)) for i, item in items.items()},
            scene.block_wires(),
            (_to_grid(corner.x()), _to_grid(corner.y())),
        )
        steps = {
            i: QPointF(*positions[i]) - item.scene_card().topLeft() for i, item in items.items()
        }
        frames = self._following(items, steps)
        moved = {**scene.placed(positions), **{i: _corner(rect) for i, rect in frames.items()}}
        self._put(moved, translate("Undo", "Arrange"), partial(self._show, items, blocks), frames)

    def _show(self, arranged: Collection[str], blocks: Collection[str]) -> None:
        """Show all of a network that was arranged; where only a part was, look on."""
        if len(arranged) == len(blocks):
            self._canvas.fit()
        else:
            self._canvas.bring_into_sight(self._canvas.graph_scene.bounds(arranged))

    def _line(self, item: NodeItem | BoxItem) -> float:
        """How far below the top of a block its wires run: in the middle of those of a box."""
        scene = self._canvas.graph_scene
        if not isinstance(item, BoxItem):
            return item.port_line
        heights = []
        for wire, drawn in scene.wires.items():
            ends = scene.block_of(wire.source), scene.block_of(wire.target)
            if ends[0] != ends[1] and item.key in ends:
                heights.append(drawn.point_at(ends.index(item.key)).y())
        middle = sum(heights) / len(heights) - item.scene_card().top() if heights else 0.0
        return middle or item.port_line

    def _following(
        self, items: Mapping[str, NodeItem | BoxItem], steps: Mapping[str, QPointF]
    ) -> dict[str, QRectF]:
        """Where frames go with the blocks in them, and notes with the block beside them."""
        annotations, level = self._canvas.annotations, self._canvas.document.level
        cards = {i: item.scene_card() for i, item in self._canvas.graph_scene.blocks().items()}
        found: dict[str, QRectF] = {}
        for key, drawn in annotations.items.items():
            card = drawn.card()
            if drawn.annotation.group != level:
                continue  # it goes with the box of its group
            inside = [i for i, rect in cards.items() if card.contains(rect)]
            if drawn.annotation.kind == "frame" and inside and all(i in items for i in inside):
                before, after = QRectF(), QRectF()
                for i in inside:
                    before = before.united(cards[i])
                    after = after.united(cards[i].translated(steps[i]))
                left, top = before.left() - card.left(), before.top() - card.top()
                right, bottom = card.right() - before.right(), card.bottom() - before.bottom()
                found[key] = after.adjusted(-left, -top, right, bottom)
            elif drawn.annotation.kind == "note":
                near = min(cards, key=lambda i: _apart(cards[i], card))
                if near in items:
                    found[key] = card.translated(steps[near])
        return found

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
        frames: Mapping[str, QRectF] | None = None,
    ) -> None:
        """Move nodes in one edit; they glide to where they are to stand.

        then: what to do with the view once everything has its place.
        frames: the new places of frames, which may get another size too.
        """
        document = self._canvas.document
        self.glide.start(positions)
        with document.edit(text):
            document.move(positions)
            for key, rect in (frames or {}).items():
                annotation = document.graph.drawing.annotation(key)
                size = (rect.width(), rect.height())
                document.change_annotation(replace(annotation, size=size), text)
        then()
        self.glide.go()


def box_of(item: NodeItem | BoxItem) -> Box:
    """Where a node is drawn."""
    return Box(item.x(), item.y(), item.width, item.height, item.port_line)


def annotation_box(item: AnnotationItem) -> Box:
    """Where a frame or a note is drawn; it has no wires, so its middle stands for them."""
    return Box(item.x(), item.y(), *item.size, item.size[1] / 2)


def block_of(item: NodeItem | BoxItem, line: float) -> Block:
    return Block(item.width, line, item.height - line)


def _corner(rect: QRectF) -> Corner:
    return (rect.left(), rect.top())


def _apart(one: QRectF, other: QRectF) -> float:
    """How far the middles of two rectangles are apart."""
    away = one.center() - other.center()
    return math.hypot(away.x(), away.y())


def _to_grid(coordinate: float) -> float:
    return round(coordinate / metrics.SNAP) * metrics.SNAP
