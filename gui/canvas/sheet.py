"""The network as a sheet of its own: without selection, handles, badges and what floats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem

from engine.graph.groups import groups_among, members
from gui.canvas.captions import captions, paint_captions
from gui.canvas.far_wires import FarWires
from gui.canvas.items.annotation_item import AnnotationItem
from gui.canvas.items.box_item import BoxItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene import GraphScene

MARGIN = 12.0
"""Room around the network, beside the room that nodes keep around themselves."""

QUIET = {
    "ringed": False,
    "hovered": False,
    "doomed": False,
    "handled": False,
    "fine": False,
    "joinable": None,
    "severity": "",
    "health": None,
}
"""What items show while somebody edits, and how they are without it."""


class Sheet:
    """What of a scene is painted, and where.

    ids: nodes and groups to which it is limited, with the wires between them; all if empty.
    """

    def __init__(self, scene: GraphScene, ids: Iterable[str] = ()) -> None:
        self._scene = scene
        graph, ids = scene.document.graph, tuple(ids)
        drawing = graph.drawing
        whole = not ids
        drawn = {each.id for each in drawing.annotations}
        inside = () if whole else members(graph, [i for i in ids if i not in drawn])
        keys = set(scene.nodes) if whole else {scene.holder(i) for i in inside}
        boxes = set(scene.boxes if whole else groups_among(drawing, ids))
        self.items: list[QGraphicsItem] = []
        for item in scene.items(Qt.SortOrder.AscendingOrder):
            if isinstance(item, WireItem):
                ends = {scene.holder(item.wire.source), scene.holder(item.wire.target)}
                wanted = item.isVisible() and ends <= keys
            elif isinstance(item, NodeItem):
                wanted = item.key in keys
            elif isinstance(item, BoxItem):
                wanted = item.key in boxes
            else:
                wanted = isinstance(item, AnnotationItem) and (whole or item.annotation.id in ids)
            if wanted:
                self.items.append(item)
        self._captions = captions(graph, keys)
        self.rect = self._reach().adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN)

    def _reach(self) -> QRectF:
        rect = QRectF()
        for item in self.items:
            # Only a wire that leads backward leaves the rectangle of its ends.
            if not isinstance(item, WireItem) or item.wire.delay:
                rect = rect.united(item.sceneBoundingRect())
        for caption in self._captions:
            rect = rect.united(caption.rect())
        return rect

    def paint(self, painter: QPainter) -> None:
        """Paint it with the top left corner at the painter's origin."""
        painter.save()
        painter.translate(-self.rect.topLeft())
        wires = [item for item in self.items if isinstance(item, WireItem)]
        FarWires().paint(painter, wires)
        paint_captions(painter, self._captions)
        option = QStyleOptionGraphicsItem()
        for item in self.items:
            painter.save()
            painter.translate(item.pos())
            with quiet(item):
                item.paint(painter, option, None)
            painter.restore()
        painter.restore()


@contextmanager
def quiet(item: QGraphicsItem) -> Iterator[None]:
    """Let an item be as nobody edits it, without a word to the screen."""
    before = {name: getattr(item, name) for name in QUIET if hasattr(item, name)}
    for name in before:
        setattr(item, name, QUIET[name])
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(item, name, value)
