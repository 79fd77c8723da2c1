"""Commands on groups: group, dissolve, fold, look inside, and what is done to all in one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QPointF, QRectF, QSizeF

from engine.errors import GraphError
from engine.graph.drawing import Group
from engine.graph.groups import groups_among, inside, members
from engine.graph.model import Node, Switch
from gui.canvas import metrics
from gui.canvas.breadcrumbs import Breadcrumbs
from gui.canvas.folded import stand_in
from gui.canvas.items.box_item import HEADER, MARGIN
from gui.canvas.items.group_item import GroupItem
from gui.canvas.room import Room, places, steps_aside

if TYPE_CHECKING:
    from gui.canvas.commands import CanvasCommands

translate = QCoreApplication.translate


class Grouping(QObject):
    """What a key or a click does to groups and to the nodes in them."""

    def __init__(self, canvas: CanvasCommands) -> None:
        super().__init__(canvas)
        self._canvas, self.document = canvas, canvas.document
        self._places: dict[str, tuple[float, QPointF]] = {}
        self._level = self.document.level
        self._rooms: dict[str, Room] = {}
        self.breadcrumbs = Breadcrumbs(canvas.viewport(), self.document)
        self.document.graph_replaced.connect(self._forget)
        self.document.level_changed.connect(self._show_level)

    def handlers(self) -> dict[str, Callable[..., object]]:
        """What each action of the window that concerns groups does."""
        return {
            "network.group": self.group,
            "network.ungroup": self.ungroup,
            "network.fold": self.fold,
            "network.enter": self.enter,
            "network.leave": self.leave,
            "network.mute": lambda: self.switch("muted"),
            "network.bypass": lambda: self.switch("bypassed"),
            "network.freeze": self.freeze,
            "network.freeze_features": self.freeze_features,
        }

    # Groups

    def group(self) -> None:
        """Draw what is selected as one card."""
        document, scene = self.document, self._canvas.graph_scene
        selection = document.selection
        if not selection:
            self._canvas.refuse(translate("Canvas", "Select the nodes that are to be one group."))
            return
        ids = members(document.graph, selection)
        size = self.card_size([node for node in document.graph.nodes if node.id in set(ids)])
        corner = _centred(scene.bounds(selection), size)
        annotations = self._canvas.annotations
        drawn = (*annotations.chosen, *annotations.around(selection))
        document.select((document.group((*selection, *drawn), corner),))

    def ungroup(self) -> None:
        """Dissolve the selected groups, or the one around what is selected."""
        groups = self._groups()
        if groups:
            self.document.select(self.document.ungroup([group.id for group in groups]))

    def fold(self) -> None:
        """Fold the selected groups, or the open one around what is selected, or unfold them."""
        for group in self._groups():
            self.set_folded(group.id, not group.folded)

    def set_folded(self, group_id: str, folded: bool) -> None:
        """Draw a group as one card, in the middle of where its nodes are, or its nodes."""
        document = self.document
        nodes = inside(document.graph, group_id)
        around = self._around(group_id, nodes)
        if folded:
            name = document.called([group_id])
            corner = _centred(around, self.card_size(nodes, name))
            room = self._rooms.get(group_id)
            given_back = room is not None and room.is_as_made(document, group_id)
            with document.edit(self._fold_text(group_id, folded)):
                document.place_group(group_id, room.card if room and given_back else corner)
                document.fold(group_id, True, room.before if room and given_back else None)
        else:
            moved = self._making_room(group_id, around)
            before = {each: document.position_of(each) for each in moved}
            card = document.position_of(group_id)
            document.fold(group_id, False, moved)
            self._rooms[group_id] = Room(card, before, places(document))
        document.select((group_id,))

    def _fold_text(self, group_id: str, folded: bool) -> str:
        group = self.document.graph.drawing.group(group_id)
        text = translate("Undo", "Fold {}") if folded else translate("Undo", "Unfold {}")
        return text.format(group.name or group.id)

    def _groups(self) -> list[Group]:
        """The selected groups; else the innermost one that all of the selection lies in."""
        document, drawing = self.document, self.document.graph.drawing
        chosen = [drawing.group(i) for i in document.selection if document.is_group(i)]
        if chosen:
            return chosen
        around = {document.group_of(i) for i in document.selection}
        if len(around) == 1 and (group_id := around.pop()) and group_id != document.level:
            return [drawing.group(group_id)]
        self._canvas.refuse(translate("Canvas", "Select a group, or a node in an open one."))
        return []

    def card_size(self, nodes: Sequence[Node], name: str = "Block") -> QSizeF:
        """How large the card of a group of these nodes is."""
        graph, inference = self.document.graph, self.document.inference
        item = GroupItem(*stand_in(graph, inference, Group("", name), nodes))
        return QSizeF(item.width, item.height)

    def _around(self, group_id: str, nodes: tuple[Node, ...]) -> QRectF:
        """The rectangle around all that lies in a group, drawn or not."""
        rect, drawing = QRectF(), self.document.graph.drawing
        within = groups_among(drawing, [group_id])
        for note in drawing.annotations:
            if note.group in within:
                rect = rect.united(QRectF(QPointF(*note.position), QSizeF(*note.size)))
        for node in nodes:
            item = self._canvas.graph_scene.get_item(node.id)
            tile = metrics.TILE if node.layer.category == "neuron" else 0
            size = (
                QSizeF(item.width, item.height)
                if item is not None
                else QSizeF(tile or metrics.CARD_WIDTHS[1], tile or metrics.CARD_HEIGHT)
            )
            rect = rect.united(QRectF(QPointF(*node.position), size))
        return rect

    def _making_room(self, group_id: str, around: QRectF) -> dict[str, tuple[float, float]]:
        """Where what stands beside a group goes when it is unfolded to this size."""
        scene = self._canvas.graph_scene
        box = around.adjusted(-MARGIN, -MARGIN - HEADER, MARGIN, MARGIN)
        card = scene.nodes[group_id].scene_card()
        others = {key: item.scene_card() for key, item in scene.nodes.items() if key != group_id}
        others |= {
            key: item.card()
            for key, item in self._canvas.annotations.items.items()
            if not item.card().contains(card)
        }
        return {
            key: (x + across, y + down)
            for key, (across, down) in steps_aside(box, card, others).items()
            for x, y in (self.document.position_of(key),)
        }

    # Levels

    def enter(self) -> None:
        """Look at the inside of the selected group."""
        chosen = [i for i in self.document.selection if self.document.is_group(i)]
        if len(chosen) == 1:
            self.document.enter(chosen[0])
        else:
            self._canvas.refuse(translate("Canvas", "Select one group to look inside."))

    def leave(self) -> None:
        """Go back to what the open group is a part of."""
        level, drawing = self.document.level, self.document.graph.drawing
        if level:
            self.document.enter(drawing.group(level).parent)

    def _show_level(self) -> None:
        """Look where this level was looked at before; at all of it, the first time."""
        canvas, before, now = self._canvas, self._level, self.document.level
        if now == before:
            return
        middle = canvas.mapToScene(canvas.viewport().rect().center())
        self._places[before] = (canvas.zoom, middle)
        self._level = now
        drawing = self.document.graph.drawing
        if now in self._places:
            zoom, middle = self._places[now]
            canvas.set_zoom(zoom)
            canvas.centerOn(middle)
        else:
            canvas.fit()
        if drawing.has_group(before) and now in ("", *drawing.path(before)):
            came_from = [i for i in drawing.path(before) if drawing.group(i).parent == now]
            self.document.select(came_from)

    def _forget(self) -> None:
        self._places, self._rooms, self._level = {}, {}, self.document.level

    # Switches

    def switch(self, switch: Switch) -> None:
        """Mute or bypass what is selected, or turn it on again."""
        ids = self._nodes()
        if ids:
            graph = self.document.graph
            already = all(graph.node(i).switch == switch for i in ids)
            self.document.set_switch(ids, "on" if already else switch)

    def freeze(self) -> None:
        """Keep what is selected from learning, or let it learn again."""
        ids = self._nodes()
        if ids:
            graph = self.document.graph
            self.document.set_frozen(ids, not all(graph.node(i).frozen for i in ids))

    def freeze_features(self) -> None:
        """Keep all but the last layer from learning, so that it learns something else."""
        try:
            self.document.freeze_features()
        except GraphError as error:
            self._canvas.refuse(str(error))

    def _nodes(self) -> tuple[str, ...]:
        ids = members(self.document.graph, self.document.selection)
        if not ids:
            self._canvas.refuse(translate("Canvas", "Select a node first."))
        return ids


def _centred(around: QRectF, size: QSizeF) -> tuple[float, float]:
    """The top left corner of a card in the middle of a rectangle, on the grid."""
    grid = metrics.SNAP
    left = around.center().x() - size.width() / 2
    top = around.center().y() - size.height() / 2
    return round(left / grid) * grid, round(top / grid) * grid
