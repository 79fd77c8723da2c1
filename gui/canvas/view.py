"""The canvas: where pointer and keys meet the graph, and what floats over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from engine.diagnosis.health import Health
from engine.diagnosis.reading import WeightReading
from engine.graph.model import Wire
from gui.canvas import metrics
from gui.canvas.add_popup import AddPopup
from gui.canvas.captions import captions, paint_captions
from gui.canvas.commands import CanvasCommands
from gui.canvas.empty_state import EmptyState
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.choose import gesture_for
from gui.canvas.gestures.key_wire import ARROWS, KeyWire
from gui.canvas.gestures.pan import Pan
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.wire_item import WireItem
from gui.canvas.legend import Legend
from gui.canvas.offering import fitting
from gui.canvas.ports import PortEnd
from gui.canvas.wire_card import WireCard
from gui.document.catalog import MIME, dropped_layer
from gui.document.document import Document

NOTCH = 1.15
"""How much a notch of the wheel zooms."""

BIG_STEP = 8
"""By how many steps Shift and an arrow move."""


class CanvasView(CanvasCommands):
    """The graph as a picture that is edited with the pointer and the keys.

    xray: whether nodes show how well they learn, once they are told by `show_health`.
    reading: what is known about the weight on a wire, for the card beside the pointer.

    Emits
        template_chosen(str): the id of a template, clicked on the empty canvas.
    """

    template_chosen = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(document, parent)
        self.gesture: Gesture | None = None
        self._under_pan: Gesture | None = None
        self._space = False
        self.xray = False
        self.reading: Callable[[Wire], WeightReading] = lambda wire: WeightReading()
        self.wire_card = WireCard(self.viewport())
        self.legend = Legend(self.viewport())
        self.empty = EmptyState(self.viewport())
        self.empty.chosen.connect(self.template_chosen)
        self.popup = AddPopup(self.viewport(), self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("Canvas"))
        self.captions = captions(document.graph)
        document.graph_changed.connect(self._show_emptiness)
        document.graph_changed.connect(self._caption)
        document.graph_replaced.connect(self._graph_replaced)
        self._show_emptiness()

    def _show_emptiness(self) -> None:
        self.empty.setVisible(len(self.document.graph) == 0)

    def _graph_replaced(self) -> None:
        self.gesture = self._under_pan = None
        self.note.hide()
        self.popup.leave()
        self._caption()
        self.open_place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.empty.place()

    # Gestures

    def begin(self, gesture: Gesture | None) -> None:
        """Make this the gesture under way."""
        self.gesture = gesture
        self._show_cursor()

    def cancel(self) -> bool:
        """Undo the gesture under way as if it had not begun; whether there was one."""
        gesture = self.gesture or self._under_pan
        self.gesture = self._under_pan = None
        if gesture is not None:
            gesture.cancel()
        self._show_cursor()
        return gesture is not None

    def _show_cursor(self) -> None:
        shape = self.gesture.cursor if self.gesture else None
        if shape is None and self._space:
            shape = Qt.CursorShape.OpenHandCursor
        self.viewport().setCursor(QCursor(shape or Qt.CursorShape.ArrowCursor))

    def _at(self, event: QMouseEvent) -> Pointer:
        self._pointer = event.position().toPoint()
        return Pointer(self._pointer, self.mapToScene(self._pointer), event.modifiers())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        pointer = self._at(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.popup.leave()
        self.wire_card.hide()
        button, waiting = event.button(), self.gesture
        if button == Qt.MouseButton.MiddleButton or self._space:
            self._under_pan = waiting
            self.begin(Pan(self, pointer))
        elif button == Qt.MouseButton.RightButton:
            if not self.cancel():
                self.begin(Pan(self, pointer))
        elif button == Qt.MouseButton.LeftButton:
            # The verbs that a gesture ends with find no gesture under way any more.
            self.gesture = None
            if waiting is None:
                self.begin(gesture_for(self, pointer))
            elif waiting.press(pointer):
                self.begin(waiting)
            self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pointer = self._at(event)
        if self.gesture is not None:
            self.gesture.move(pointer)
        else:
            self._hover(pointer)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pointer = self._at(event)
        gesture, self.gesture = self.gesture, None
        if gesture is not None and gesture.release(pointer):
            self.gesture = gesture
        elif self._under_pan is not None:
            self.gesture, self._under_pan = self._under_pan, None
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        pointer = self._at(event)
        if event.button() != Qt.MouseButton.LeftButton or self.gesture is not None:
            self.mousePressEvent(event)
            return
        item = self.graph_scene.node_at(pointer.scene)
        if item is not None and item.title_rect().contains(pointer.scene):
            self.rename_field.open(item)
        elif item is None and self.wire_at(pointer.scene) is None:
            self._offer(pointer.screen, None)
        else:
            self.mousePressEvent(event)

    def click_node(self, item: NodeItem, pointer: Pointer) -> None:
        """Select by a click that did not become a drag."""
        keys = Qt.KeyboardModifier
        if not (pointer.has(keys.ShiftModifier) or pointer.has(keys.ControlModifier)):
            self.document.select((item.node.id,))

    def wire_at(self, point: QPointF) -> WireItem | None:
        return self.graph_scene.wire_at(point, self.on_scene(metrics.WIRE_REACH))

    # Hovering

    def _hover(self, pointer: Pointer) -> None:
        scene = self.graph_scene
        item: NodeItem | WireItem | None = scene.node_at(pointer.scene)
        if item is None:
            end = scene.port_at(pointer.scene, self.on_scene(metrics.REACH))
            item = scene.nodes[end.node] if end else self.wire_at(pointer.scene)
        scene.hover(item)
        if isinstance(item, WireItem) and item.weight is not None:
            self._show_weight(item)
        else:
            self.wire_card.hide()
        self.viewport().setToolTip(self._tip(item.node.id) if isinstance(item, NodeItem) else "")

    def _show_weight(self, item: WireItem) -> None:
        reading = self.reading(item.wire)
        self.wire_card.show_for(self.document.graph, item, self._pointer, reading)

    def _tip(self, node_id: str) -> str:
        """What is wrong with a node, else how well it learns."""
        problems = [p for p in self.document.problems if p.node == node_id]
        if problems:
            return "\n".join(f"{problem.message} {problem.remedy}" for problem in problems)
        health = self.graph_scene.nodes[node_id].health
        return health.sentence if health else ""

    # The X-ray

    def set_xray(self, on: bool) -> None:
        """Show how well nodes learn, or do not."""
        if on != self.xray:
            self.xray = on
            self.show_health({})
            self.moved.emit()  # whoever knows looks at what is in sight

    def show_health(self, health: Mapping[str, Health]) -> None:
        """Show how well these nodes learn; the card of a weight follows."""
        self.graph_scene.set_health(health if self.xray else {})
        self.legend.set_shown(self.xray and bool(health))
        hovered = self.graph_scene.hovered
        if isinstance(hovered, WireItem) and self.wire_card.isVisible():
            self._show_weight(hovered)

    # Captions

    def _caption(self) -> None:
        before, self.captions = self.captions, captions(self.document.graph)
        if self.captions != before:
            self.viewport().update()

    def content(self) -> QRectF:
        rect = super().content()
        for caption in self.captions:
            rect = rect.united(caption.rect())
        return rect

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:  # type: ignore[override]
        super().drawBackground(painter, rect)
        paint_captions(painter, self.captions)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointer = QPoint(-1, -1)
        self.wire_card.hide()
        if self.gesture is None:
            self.graph_scene.hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer. Two fingers on a touchpad pan, and zoom with Ctrl."""
        pixels = event.pixelDelta()
        if not pixels.isNull() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan_by(-pixels.x(), -pixels.y())
        elif event.angleDelta().y():
            notches = event.angleDelta().y() / 120
            self.set_zoom(self.zoom * NOTCH**notches, event.position().toPoint())
        event.accept()

    # Adding

    def quick_add(self) -> None:
        """Type to add: beside the selected node and wired to it, or at the pointer."""
        selection = self.document.selection
        if len(selection) == 1:
            card = self.graph_scene.bounds(selection)
            self.bring_into_sight(card)
            place = self.mapFromScene(card.topRight()) + QPoint(16, 0)
            self.popup.open(place, lambda offer: self.add_layer(offer.layer()))
        else:
            self._offer(self.pointer_place(), None)

    def offer_nodes(self, pointer: Pointer, origin: PortEnd) -> None:
        """A wire was let go over nothing: offer the nodes that can take it."""
        self._offer(pointer.screen, origin)

    def _offer(self, place: QPoint, origin: PortEnd | None) -> None:
        point = self.mapToScene(place)
        self.popup.open(
            place,
            lambda offer: self.refuse(self.adding.add_at(offer.layer(), point, origin)),
            fitting(self.document, origin),
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        # Anything else, such as files, is left to the window.
        event.acceptProposedAction() if event.mimeData().hasFormat(MIME) else event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if not event.mimeData().hasFormat(MIME):
            event.ignore()
            return
        point = self.mapToScene(event.position().toPoint())
        self.graph_scene.hover(self.wire_at(point))
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        layer = dropped_layer(event.mimeData())
        self.graph_scene.hover(None)
        if layer is None:
            event.ignore()
            return
        point = self.mapToScene(event.position().toPoint())
        event.acceptProposedAction()
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.refuse(self.adding.drop(layer, point, self.on_scene(metrics.WIRE_REACH * 2)))

    # Keys

    def start_wire(self) -> None:
        """Draw a wire from the selected node with the keys."""
        if len(self.document.selection) != 1:
            self.refuse(self.tr("Select the node where the wire is to begin."))
            return
        node = self.document.graph.node(self.document.selection[0])
        ports = node.layer.output_ports or node.layer.input_ports
        origin = PortEnd(node.id, ports[0].name, bool(node.layer.output_ports))
        here = self.graph_scene.nodes[node.id].scene_card().center()
        gesture = KeyWire(self, Pointer(self.mapFromScene(here), here), origin)
        if gesture.choices:
            self.begin(gesture)
        else:
            gesture.cancel()
            self.refuse(
                self.tr("No port is free to take a wire from {}. Add a node first.").format(
                    node.title
                )
            )

    def handlers(self) -> dict[str, Callable[..., object]]:
        return {
            **super().handlers(),
            "network.add": self.quick_add,
            "network.wire": self.start_wire,
        }

    def event(self, event: QEvent) -> bool:
        # A gesture hears keys before the window's shortcuts do.
        if event.type() == QEvent.Type.ShortcutOverride and self.gesture is not None:
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            if event.key() == Qt.Key.Key_Escape:
                gesture.cancel()
            elif gesture.key(event) is not False:
                self.gesture = gesture
            self._show_cursor()
        elif event.key() == Qt.Key.Key_Space:
            self._space = True
            self._show_cursor()
        elif event.key() == Qt.Key.Key_Escape:
            self._let_go()
        elif Qt.Key(event.key()) in ARROWS:
            self._arrow(*ARROWS[Qt.Key(event.key())], event.modifiers())
        else:
            event.ignore()

    def _arrow(self, across: int, down: int, modifiers: Qt.KeyboardModifier) -> None:
        """Walk with Alt or without a selection; else move what is selected."""
        if modifiers & Qt.KeyboardModifier.AltModifier or not self.document.selection:
            self.walk(across, down)
            return
        steps = BIG_STEP if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
        self.nudge(across * steps, down * steps)

    def _let_go(self) -> None:
        """Escape: nothing is hinted at, selected or under way any more."""
        self.note.hide()
        self.graph_scene.select_wires(())
        self.document.select(())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self._show_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space = False
        self.cancel()
        super().focusOutEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return False  # Tab adds a node here
