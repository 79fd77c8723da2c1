"""What can be done to the canvas by command: the actions of the window call these."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from engine.errors import GlassboxError
from engine.graph.groups import members
from engine.graph.model import Graph
from engine.layers.base import Layer
from gui.canvas import metrics
from gui.canvas.annotations import Annotations
from gui.canvas.arranging import Arranging
from gui.canvas.grouping import Grouping
from gui.canvas.items.node_item import NodeItem
from gui.canvas.minimap import Minimap
from gui.canvas.note import Note
from gui.canvas.paper import FLOATING, Paper
from gui.canvas.place import Place, forget
from gui.canvas.placing import Adding
from gui.canvas.scene import GraphScene
from gui.canvas.spoken import describe
from gui.canvas.walking import downstream, nearest_towards, upstream
from gui.document import clipboard, rewiring
from gui.document.document import Document
from gui.theme import theme

if TYPE_CHECKING:
    from gui.canvas.rename_field import RenameField

ZOOM_STEP = 1.25


class CanvasCommands(Paper):
    """The canvas without the pointer: everything here a key, a menu or a script can do."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        self.graph_scene = GraphScene(document)
        super().__init__(self.graph_scene, parent)
        self.graph_scene.setParent(self)
        self.document = document
        self.adding = Adding(self.graph_scene)
        document.room = self.adding.asked_for_room()
        self.arranging = Arranging(self)
        self.note = Note(self.viewport())
        self.minimap = Minimap(self, self.graph_scene)
        self.annotations = Annotations(self)
        self.grouping = Grouping(self)
        self._pointer = QPoint(-1, -1)
        self._fitted = False
        self._opened_at: Place | None = None
        self.moved.connect(self._keep_place)
        self.moved.connect(self._keep_insides)
        document.graph_changed.connect(self.say_what_is_chosen)
        self.say_what_is_chosen()

    @cached_property
    def rename_field(self) -> RenameField:
        """Where a name is typed right on the node."""
        from gui.canvas.rename_field import RenameField

        return RenameField(self, self.document)

    # Where things happen

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What each action of the window that concerns the canvas does."""
        return {
            "edit.cut": self.cut,
            "edit.copy": self.copy,
            "edit.copy_weights": lambda: self.copy(weights=True),
            "edit.copy_picture": self.copy_picture,
            "edit.paste": self.paste,
            "edit.paste_wired": lambda: self.paste(wired=True),
            "edit.duplicate": self.duplicate,
            "edit.delete": self.delete,
            "edit.rename": self.rename,
            "edit.select_all": self.select_all,
            "edit.select_upstream": lambda: self.select_along(upstream),
            "edit.select_downstream": lambda: self.select_along(downstream),
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

    def copy(self, weights: bool = False) -> None:
        """Put what is selected on the clipboard."""
        if ids := (*self.document.selection, *self.annotations.chosen):
            clipboard.copy(self.document, ids, QGuiApplication.clipboard(), weights)
        else:
            self.refuse(self.tr("Nothing is selected to copy. Click a node first."))

    def copy_picture(self) -> None:
        """Put what is selected, or the whole network, on the clipboard as a picture."""
        from gui.canvas import picture  # not before the first frame

        options = picture.PictureOptions.colored(
            theme.tokens.name, ids=(*self.document.selection, *self.annotations.chosen)
        )
        self.attempt(
            lambda: QGuiApplication.clipboard().setImage(picture.image(self.graph_scene, options))
        )

    def cut(self) -> None:
        self.copy()
        rewiring.remove(self.document, (*self.document.selection, *self.annotations.chosen))

    def paste(self, wired: bool = False) -> None:
        """Insert what was copied: at the pointer, or beside the original if it is elsewhere.

        wired: with the wires that led to it.
        """
        at = None
        if self.pointer_inside:
            point = self.mapToScene(self._pointer)
            at = (_to_grid(point.x()), _to_grid(point.y()))
        self.attempt(
            lambda: self.annotations.select_new(
                lambda: clipboard.paste(self.document, QGuiApplication.clipboard(), at, wired)
            )
        )

    def duplicate(self) -> None:
        if ids := (*self.document.selection, *self.annotations.chosen):
            self.annotations.select_new(lambda: self.document.duplicate(ids))

    def delete(self) -> None:
        """Remove what is selected: nodes, wires, frames and notes."""
        rewiring.cut(self.document, self.graph_scene.selected_wires)
        rewiring.remove(self.document, (*self.document.selection, *self.annotations.chosen))

    def select_all(self) -> None:
        self.annotations.select(self.graph_scene.nodes, self.annotations.items)

    def select_along(self, follow: Callable[[Graph, Iterable[str]], set[str]]) -> None:
        """Select what the wires lead to as well, in one direction, as far as it is drawn."""
        graph, scene = self.document.graph, self.graph_scene
        ends = {end for w in scene.selected_wires for end in (w.source, w.target)}
        start = {*members(graph, self.document.selection), *ends}
        if not start:
            self.refuse(self.tr("Select a node first, then what it is wired to."))
            return
        found = follow(graph, start)
        drawn = dict.fromkeys(scene.holder(n.id) for n in graph.nodes if n.id in found)
        self.annotations.select([key for key in drawn if key], self.annotations.chosen)

    def rename(self) -> None:
        """Type a name over the selected node, or into the selected frame or note."""
        if self.annotations.edit():
            return
        if len(self.document.selection) == 1:
            item = self.graph_scene.nodes[self.document.selection[0]]
            self.bring_into_sight(item.scene_card())
            self.rename_field.open(item)

    def nudge(self, across: int, down: int) -> None:
        """Move what is selected by steps of the grid, frames with what stands in them."""
        step = metrics.SNAP
        positions = {i: self.document.position_of(i) for i in self.annotations.everything()}
        self.document.move(
            {i: (x + across * step, y + down * step) for i, (x, y) in positions.items()},
            nudge=True,
        )

    # Walking

    def walk(self, across: int, down: int) -> None:
        """Select the next node, frame or note in a direction."""
        places = {key: item.scene_card().center() for key, item in self.graph_scene.nodes.items()}
        places |= {key: item.grip().center() for key, item in self.annotations.items.items()}
        if not places:
            return
        keys, middles = list(places), list(places.values())
        if last := (*self.document.selection, *self.annotations.chosen)[-1:]:
            start = places.get(last[0]) or self.graph_scene.bounds(last).center()
            found = nearest_towards(start, middles, (across, down))
        else:
            found = min(range(len(keys)), key=lambda i: (middles[i].x(), middles[i].y()))
        if found is None:
            return
        if keys[found] in self.annotations.items:
            self.annotations.choose(keys[found])
            self.bring_into_sight(self.annotations.items[keys[found]].grip())
        else:
            self.go_to(keys[found])

    def say_what_is_chosen(self) -> None:
        """Tell a screen reader what is selected."""
        chosen = (*self.document.selection, *self.annotations.chosen)
        text = describe(self.document, chosen)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            if chosen:
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

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
        whole = self.content()
        self.frame(whole)
        if self.minimap.is_in_the_way():
            self.frame(whole, corner=self.minimap.corner())
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

    def _keep_insides(self) -> None:
        if self.graph_scene.insides.sheets:
            self.graph_scene.insides.keep_in(self.open_rect())

    def open_rect(self) -> QRectF:
        """What is in sight of the scene above what floats at the lower edge."""
        return self.visible_rect().adjusted(0, 0, 0, -self.on_scene(self.floor))

    def pan_by(self, across: int, down: int) -> None:
        self._fitted, self._opened_at = False, None
        super().pan_by(across, down)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.minimap.place()
        if self._fitted:
            self.fit()
        elif self._opened_at:
            self.open_place()

    def set_covered(self, pixels: int) -> None:
        """So much at the right lies under something that floats: fit the network beside it."""
        if pixels != self.covered:
            self.covered = pixels
            if self._fitted:
                self.fit()

    def fit_selection(self) -> None:
        """Show what is selected whole; from so near that its inside is seen, together with that."""
        scene, selection = self.graph_scene, self.document.selection
        inside = scene.insides.reach(selection)
        if inside.isEmpty():
            self.frame(scene.reach(selection), margin=128)
        else:
            whole = scene.bounds(selection).united(inside)
            self.frame(whole, margin=FLOATING + 4, nearest=self.zoom)
            # Farther off it would not be seen; it slides over the card instead.
            self.set_zoom(max(self.zoom, metrics.INSIDE_CLEAR))

    def zoom_in(self) -> None:
        self.set_zoom(self.zoom * ZOOM_STEP)

    def zoom_out(self) -> None:
        self.set_zoom(self.zoom / ZOOM_STEP)

    def actual_size(self) -> None:
        self.set_zoom(1.0)

    def set_minimap_shown(self, shown: bool) -> None:
        self.minimap.set_shown(shown)
        if self._fitted:
            self.fit()


def _to_grid(coordinate: float) -> float:
    return round(coordinate / metrics.SNAP) * metrics.SNAP
