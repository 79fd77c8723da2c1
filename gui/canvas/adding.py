"""Adding nodes on the canvas: typed, dropped, or where a wire is let go."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from gui.canvas import metrics
from gui.canvas.add_popup import AddPopup
from gui.canvas.commands import CanvasCommands
from gui.canvas.items.wire_item import WireItem
from gui.canvas.offering import fitting
from gui.canvas.ports import PortEnd
from gui.canvas.reshaping import ReshapingCommands
from gui.document.blocks import BlockOffer
from gui.document.catalog import MIME, Offer, dropped_key, dropped_layer
from gui.document.document import Document
from gui.document.habits import Habits

if TYPE_CHECKING:
    from gui.canvas.gestures.base import Pointer

SHARE = Qt.KeyboardModifier.ShiftModifier
"""Held while a block is dropped, it lets it share the weights of the one that is there."""

SUSPEND = Qt.KeyboardModifier.AltModifier
"""Held over a wire, it keeps a node from going into it."""


class AddingCanvas(CanvasCommands):
    """A canvas with the list that one types into, and a place to drop nodes on.

    habits: what the user adds often; it decides what the list offers first.
    """

    def __init__(
        self, document: Document, habits: Habits | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(document, parent)
        self.habits = habits or Habits(parent=self)
        self.popup = AddPopup(self.viewport(), self, self.habits)
        self.reshaping = ReshapingCommands(self)
        self.setAcceptDrops(True)

    def quick_add(self) -> None:
        """Type to add: into the selected wire, beside the only selected node, or at the pointer."""
        selection, wires = self.document.selection, self.graph_scene.selected_wires
        if len(wires) == 1 and not selection:
            self._offer_into(self.graph_scene.wires[next(iter(wires))])
        elif len(selection) == 1:
            card = self.graph_scene.bounds(selection)
            self.bring_into_sight(card)
            place = self.mapFromScene(card.topRight()) + QPoint(16, 0)
            node = self.mapFromScene(card).boundingRect()
            self.popup.open(place, self.add_offer, blocks=True, beside=node)
        else:
            self._offer(self.pointer_place(), None)

    def add_here(self) -> None:
        """Type to add at the pointer; wired to the only selected node, if one is."""
        if not self.pointer_inside:
            self.quick_add()
            return
        selection, place = self.document.selection, self.pointer_place()
        point = self.mapToScene(place)
        origin = self.adding.end_of(selection[0]) if len(selection) == 1 else None

        self.popup.open(place, lambda offer: self._add_at(offer, point, origin), blocks=True)

    def add_offer(self, offer: Offer) -> None:
        """Add a node, or a block of the user's, where the canvas finds fit."""
        if not isinstance(offer, BlockOffer):
            self.add_layer(offer.layer())
            return
        point = self.visible_rect().center()
        if self.document.selection:
            card = self.graph_scene.bounds(self.document.selection)
            point = card.topRight() + QPointF(metrics.GAP, 0)
        self.attempt(lambda: self.reshaping.insert(offer, point))

    def _add_at(self, offer: Offer, point: QPointF, origin: PortEnd | None) -> None:
        if isinstance(offer, BlockOffer):
            self.attempt(lambda: self.reshaping.insert(offer, point))
        else:
            self.refuse(self.adding.add_at(offer.layer(), point, origin))

    def offer_nodes(self, pointer: Pointer, origin: PortEnd) -> None:
        """A wire was let go over nothing: offer the nodes that can take it."""
        self._offer(pointer.screen, origin)

    def _offer(self, place: QPoint, origin: PortEnd | None) -> None:
        point = self.mapToScene(place)
        self.popup.open(
            place,
            lambda offer: self._add_at(offer, point, origin),
            fitting(self.document, origin),
            self._prompt(origin),
            blocks=origin is None,
        )

    def _prompt(self, origin: PortEnd | None) -> str:
        if origin is None:
            return ""
        title = self.document.graph.node(origin.node).title
        return (self.tr("After {}") if origin.output else self.tr("Before {}")).format(title)

    def _offer_into(self, item: WireItem) -> None:
        """Offer what can stand inside a wire."""
        wire, middle = item.wire, item.point_at(0.5)

        def add(offer: Offer) -> None:
            self.refuse(self.adding.insert(wire, offer.layer(), middle))

        def between(offer: Offer) -> bool:
            layer = offer.layer()
            return bool(layer.output_ports) and takes(offer)

        takes: Callable[[Offer], bool] = fitting(
            self.document, PortEnd(wire.source, wire.source_port, True)
        )
        self.popup.open(self.mapFromScene(middle), add, between, self.tr("Into this wire"))

    # Dropping

    def wire_at(self, point: QPointF) -> WireItem | None:
        return self.graph_scene.wire_at(point, self.on_scene(metrics.WIRE_REACH))

    def _wire_for_drop(self, event: QDropEvent) -> WireItem | None:
        """The wire into which a node would go if it were let go now."""
        if event.modifiers() & SUSPEND:
            return None
        layer = dropped_layer(event.mimeData())
        if layer is None or not (layer.input_ports and layer.output_ports):
            return None
        point = self.mapToScene(event.position().toPoint())
        return self.graph_scene.wire_at(point, self.on_scene(2 * metrics.WIRE_REACH))

    def _dropped_block(self, event: QDropEvent) -> BlockOffer | None:
        key = dropped_key(event.mimeData())
        offers = self.habits.blocks.offers() if event.mimeData().hasFormat(MIME) else []
        found = [o for o in offers if o.key == key and isinstance(o, BlockOffer)]
        return found[0] if found else None

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # Anything else, such as files, is left to the window.
        event.acceptProposedAction() if event.mimeData().hasFormat(MIME) else event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if not event.mimeData().hasFormat(MIME):
            event.ignore()
            return
        self.graph_scene.hover(self._wire_for_drop(event))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.graph_scene.hover(None)

    def dropEvent(self, event: QDropEvent) -> None:
        layer, wire = dropped_layer(event.mimeData()), self._wire_for_drop(event)
        self.graph_scene.hover(None)
        block = self._dropped_block(event)
        if block is not None:
            point = self.mapToScene(event.position().toPoint())
            shared = bool(event.modifiers() & SHARE)
            event.acceptProposedAction()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.attempt(lambda: self.reshaping.insert(block, point, shared=shared))
            return
        if layer is None:
            event.ignore()
            return
        point = self.mapToScene(event.position().toPoint())
        event.acceptProposedAction()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.habits.note_use(dropped_key(event.mimeData()))
        if wire is not None:
            self.refuse(self.adding.insert(wire.wire, layer, point))
        else:
            self.refuse(self.adding.drop(layer, point))

    def handlers(self) -> dict[str, Callable[..., object]]:
        return {
            **super().handlers(),
            "network.add": self.quick_add,
            "network.add_here": self.add_here,
            **self.reshaping.handlers(),
        }
