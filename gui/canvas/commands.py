"""What can be done to the canvas by command: the actions of the window call these."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.errors import GlassboxError
from engine.layers.base import Layer
from gui.canvas import metrics
from gui.canvas.annotations import Annotations
from gui.canvas.arranging import Arranging
from gui.canvas.grouping import Grouping
from gui.canvas.items.node_item import NodeItem
from gui.canvas.minimap import Minimap
from gui.canvas.note import Note
from gui.canvas.paper import Paper
from gui.canvas.place import Place, forget
from gui.canvas.placing import Adding
from gui.canvas.rename_field import RenameField
from gui.canvas.scene import GraphScene
from gui.canvas.walking import nearest_towards
from gui.document import clipboard, rewiring
from gui.document.document import Document

ZOOM_STEP = 1.25


class CanvasCommands(Paper):
    """The canvas without the pointer: everything here a key, a menu or a script can do."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        self.graph_scene = GraphScene(document)
        super().__init__(self.graph_scene, parent)
        self.document = document
        self.adding = Adding(self.graph_scene)
        self.arranging = Arranging(self)
        self.note = Note(self.viewport())
        self.minimap = Minimap(self, self.graph_scene)
        self.rename_field = RenameField(self, document)
        self.annotations = Annotations(self)
        self.grouping = Grouping(self)
        self._pointer = QPoint(-1, -1)
        self._fitted = False
        self._opened_at: Place | None = None
        self.moved.connect(self._keep_place)

    # Where things happen

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What each action of the window that concerns the canvas does."""
        return {
            "edit.cut": self.cut,
            "edit.copy": self.copy,
            "edit.paste": self.paste,
            "edit.duplicate": self.duplicate,
            "edit.delete": self.delete,
            "edit.rename": self.rename,
            "edit.select_all": self.select_all,
            "view.zoom_in": self.zoom_in,
            "view.zoom_out": self.zoom_out,
            "view.actual_size": self.actual_size,
            "view.fit": self.fit,
            "view.fit_selection": self.fit_selection,
            "view.minimap": self.set_minimap_shown,
            **self.arranging.handlers(),
            **self.annotations.handlers(),
            **self.grouping.handlers(),
        }

    @property
    def pointer_inside(self) -> bool:
        return self.viewport().rect().contains(self._pointer)

    def pointer_place(self) -> QPoint:
        """Where the pointer is on the viewport, or its middle if it is elsewhere."""
        return self._pointer if self.pointer_inside else self.viewport().rect().center()

    def refuse(self, sentence: str) -> None:
        """Say beside the pointer why something was not done."""
        if sentence:
            self.note.show_for_a_while(self.pointer_place(), sentence)

    def attempt(self, verb: Callable[[], object]) -> None:
        """Do something that may be refused, and say so if it is."""
        try:
            verb()
        except GlassboxError as error:
            self.refuse(str(error))

    def visible_nodes(self) -> list[NodeItem]:
        found = self.graph_scene.items(self.visible_rect())
        return [item for item in found if isinstance(item, NodeItem)]

    # Adding

    def add_layer(self, layer: Layer, point: QPointF | None = None) -> None:
        """Add a node: beside the only selected one and wired to it, else in the middle."""
        selection = self.document.selection
        if len(selection) == 1:
            refusal = self.adding.add_beside(layer, selection[0])
        else:
            point = point or self.visible_rect().center()
            refusal = self.adding.add_at(layer, point)
        self.bring_into_sight(self.graph_scene.bounds(self.document.selection))
        self.refuse(refusal)

    # Editing

    def copy(self) -> None:
        if self.document.selection:
            clipboard.copy(self.document, self.document.selection, QGuiApplication.clipboard())

    def cut(self) -> None:
        self.copy()
        rewiring.remove(self.document, self.document.selection)

    def paste(self) -> None:
        """Insert what was copied: at the pointer, or beside the original if it is elsewhere."""
        at = None
        if self.pointer_inside:
            point = self.mapToScene(self._pointer)
            at = (_to_grid(point.x()), _to_grid(point.y()))
        self.attempt(
            lambda: self.document.select(
                clipboard.paste(self.document, QGuiApplication.clipboard(), at)
            )
        )

    def duplicate(self) -> None:
        if self.document.selection:
            self.document.select(self.document.duplicate(self.document.selection))

    def delete(self) -> None:
        """Remove what is selected: nodes, wires, a frame or a note."""
        self.annotations.delete()
        rewiring.cut(self.document, self.graph_scene.selected_wires)
        rewiring.remove(self.document, self.document.selection)

    def select_all(self) -> None:
        self.document.select(self.graph_scene.nodes)

    def rename(self) -> None:
        """Type a name over the selected node, or into the selected frame or note."""
        if self.annotations.edit():
            return
        if len(self.document.selection) == 1:
            item = self.graph_scene.nodes[self.document.selection[0]]
            self.bring_into_sight(item.scene_card())
            self.rename_field.open(item)

    def nudge(self, across: int, down: int) -> None:
        """Move the selected nodes by steps of the grid."""
        step = metrics.SNAP
        positions = {i: self.document.position_of(i) for i in self.document.selection}
        self.document.move(
            {i: (x + across * step, y + down * step) for i, (x, y) in positions.items()},
            nudge=True,
        )

    # Walking

    def walk(self, across: int, down: int) -> None:
        """Select the next node in a direction."""
        items = list(self.graph_scene.nodes.values())
        if not items:
            return
        middles = [item.scene_card().center() for item in items]
        if self.document.selection:
            start = self.graph_scene.nodes[self.document.selection[-1]].scene_card().center()
            found = nearest_towards(start, middles, (across, down))
        else:
            found = min(range(len(items)), key=lambda i: (middles[i].x(), middles[i].y()))
        if found is not None:
            self.go_to(items[found].node.id)

    def go_to(self, node_id: str) -> None:
        """Select a node and bring it into view, inside its group if that is folded."""
        if self.document.has(node_id):
            if not self.graph_scene.shows(node_id):
                self.document.enter(self.document.group_of(node_id))
            self.document.select((node_id,))
            self.bring_into_sight(self.graph_scene.bounds((node_id,)))

    # Looking

    def content(self) -> QRectF:
        """All that is drawn of the network."""
        return self.graph_scene.content().united(self.annotations.reach())

    def fit(self) -> None:
        """Bring the whole network into view, and keep it there while the canvas is resized."""
        self.frame(self.content())
        self._fitted = True
        forget(self.document.view)

    def open_place(self) -> None:
        """Look where the project was looked at when it was saved, else at all of it."""
        place = Place.of(self.document.view)
        if place is None:
            self.fit()
            return
        self.set_zoom(place.zoom)
        self.centerOn(place.x, place.y)
        self._opened_at = place
        place.keep(self.document.view)

    def _keep_place(self) -> None:
        """Let the document know where one looks. That is no edit: nothing depends on it."""
        if self._fitted or self._opened_at:
            return
        middle = self.mapToScene(self.viewport().rect().center())
        Place(round(middle.x(), 1), round(middle.y(), 1), self.zoom).keep(self.document.view)

    def pan_by(self, across: int, down: int) -> None:
        self._fitted, self._opened_at = False, None
        super().pan_by(across, down)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        elif self._opened_at:
            self.open_place()
        self.minimap.place()

    def set_covered(self, pixels: int) -> None:
        """So much at the right lies under something that floats: fit the network beside it."""
        if pixels != self.covered:
            self.covered = pixels
            if self._fitted:
                self.fit()

    def fit_selection(self) -> None:
        self.frame(self.graph_scene.reach(self.document.selection), margin=128)

    def zoom_in(self) -> None:
        self.set_zoom(self.zoom * ZOOM_STEP)

    def zoom_out(self) -> None:
        self.set_zoom(self.zoom / ZOOM_STEP)

    def actual_size(self) -> None:
        self.set_zoom(1.0)

    def set_minimap_shown(self, shown: bool) -> None:
        self.minimap.set_shown(shown)


def _to_grid(coordinate: float) -> float:
    return round(coordinate / metrics.SNAP) * metrics.SNAP
