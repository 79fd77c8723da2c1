"""The menu under the right button: the actions that make sense for what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from engine.graph.groups import members

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

NODES = (
    "edit.cut",
    "edit.copy",
    "edit.copy_weights",
    "edit.copy_picture",
    "edit.duplicate",
    "edit.delete",
    "edit.heal",
    "network.detach",
    "edit.rename",
    "",
    "edit.select_upstream",
    "edit.select_downstream",
    "",
    "network.mute",
    "network.bypass",
    "network.freeze",
    "network.share_copy",
    "network.replace",
    "",
    "network.group",
    "network.repeat",
)
ORDER = (
    "network.align_left",
    "network.align_center",
    "network.align_right",
    "network.align_top",
    "network.align_middle",
    "network.align_bottom",
    "",
    "network.distribute_across",
    "network.distribute_down",
    "",
    "network.straighten",
    "network.arrange",
)
ANNOTATION = ("edit.rename", "", "edit.cut", "edit.copy", "edit.duplicate", "edit.delete")
WIRE = ("network.add", "network.point", "", "edit.delete")
GROUP = ("network.enter", "network.fold", "network.ungroup", "network.save_block")
EMPTY = (
    "network.add_here",
    "edit.paste",
    "edit.paste_wired",
    "edit.copy_picture",
    "edit.select_all",
    "",
    "network.add_frame",
    "network.add_note",
    "",
    "network.arrange",
    "view.fit",
    "network.leave",
)


class ContextMenu(QObject):
    """Made anew each time it opens, from the actions that the window has put on the canvas."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self.menu = QMenu(view)

    def open(self, place: QPoint) -> None:
        """Select what is at a place on the viewport, and offer what can be done to it."""
        view, document = self._view, self._view.document
        point = view.mapToScene(place)
        item = view.graph_scene.node_at(point) or view.graph_scene.box_at(point)
        note = view.annotations.grip_at(point) if item is None else None
        if item is not None and item.key not in document.selection:
            document.select((item.key,))
        if note is not None and note.annotation.id not in view.annotations.chosen:
            view.annotations.choose(note.annotation.id)
        wire = view.wire_at(point) if item is None and note is None else None
        if wire is not None:
            view.annotations.select((), ())
            view.graph_scene.select_wires({wire.wire})
        self.menu.clear()
        if item is not None and document.selection:
            self._add(self._ids())
        elif note is not None:
            self._add(ANNOTATION)
        else:
            self._add(EMPTY if wire is None else WIRE)
        if len(document.selection) + len(view.annotations.chosen) > 1 and (item or note):
            self.menu.addSeparator()
            self._add(ORDER, self.menu.addMenu(self.tr("Align and arrange")))
        if not self.menu.isEmpty():
            self.menu.popup(view.viewport().mapToGlobal(place))

    def _ids(self) -> tuple[str, ...]:
        document = self._view.document
        ids: tuple[str, ...] = NODES
        if any(document.is_group(each) for each in document.selection):
            ids = (*GROUP, "", *NODES)
        nodes = [document.graph.node(i) for i in members(document.graph, document.selection)]
        extra: list[str] = []
        if any(node.same_as for node in nodes):
            extra.append("network.independent")
        if nodes and all(node.layer.kind == "neuron" for node in nodes):
            extra.append("network.collapse")
        if len(nodes) == 1 and nodes[0].layer.kind == "dense":
            extra.append("network.expand")
        return (*ids, *extra)

    def _add(self, ids: tuple[str, ...], menu: QMenu | None = None) -> None:
        menu = menu or self.menu
        known: dict[str, QAction] = {a.objectName(): a for a in self._view.actions()}
        for action_id in ids:
            if not action_id:
                menu.addSeparator()
            elif action_id == "network.leave" and not self._view.document.level:
                continue
            elif action_id in known:
                menu.addAction(known[action_id])
