"""The canvas: where pointer and keys meet the graph, and what floats over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from engine.diagnosis.reading import WeightReading
from engine.graph.model import Node, Wire
from gui.canvas.captions import Caption, captions, paint_captions
from gui.canvas.context_menu import ContextMenu
from gui.canvas.costs import Costs
from gui.canvas.empty_state import EmptyState
from gui.canvas.gestures.base import Gesture, Pointer
from gui.canvas.gestures.pan import Pan
from gui.canvas.hovering import Hovering
from gui.canvas.items.box_item import BoxItem
from gui.canvas.items.group_item import GroupItem
from gui.canvas.items.node_item import NodeItem
from gui.canvas.legend import Legends
from gui.canvas.paper import FLOATING
from gui.canvas.ports import PortEnd
from gui.canvas.troubles import Troubles
from gui.canvas.walking import ARROWS
from gui.canvas.wiring import WiringCanvas
from gui.document.document import Document
from gui.document.habits import Habits

if TYPE_CHECKING:
    from engine.diagnosis.health import Health

NOTCH = 1.15
"""How much a notch of the wheel zooms."""

HELD = {Qt.Key.Key_Space: Qt.CursorShape.OpenHandCursor, Qt.Key.Key_Y: Qt.CursorShape.CrossCursor}
"""Keys that, while they are held, let a drag move the canvas or cut wires."""

BIG_STEP = 8
"""By how many steps Shift and an arrow move."""


class CanvasView(WiringCanvas):
    """The graph as a picture that is edited with the pointer and the keys.

    xray: whether nodes show how well they learn, once they are told by `show_health`.
    reading: what is known about the weight on a wire, for the card beside the pointer.
    preview_note: why a node has no preview, in one sentence; empty where it has one.

    Emits
        template_chosen(str): the id of a template, clicked on the empty canvas.
    """

    template_chosen = Signal(str)

    def __init__(
        self, document: Document, habits: Habits | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(document, habits, parent)
        self.gesture: Gesture | None = None
        self._under_pan: Gesture | None = None
        self._held = Qt.Key.Key_unknown
        self.xray = False
        self.reading: Callable[[Wire], WeightReading] = lambda wire: WeightReading()
        self.preview_note: Callable[[Node], str] = lambda node: ""
        self.context_menu = ContextMenu(self)
        self.hovering = Hovering(self, lambda wire: self.reading(wire))
        self.costs = Costs(self.graph_scene)
        self.troubles = Troubles(self)
        self.legends = Legends(self.viewport(), self.habits.legend)
        self.empty = EmptyState(self.viewport())
        self.empty.chosen.connect(self.template_chosen)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Canvas"))
        self.captions = self._captions()
        self.zoom_changed.connect(self.graph_scene.see_from)
        document.graph_changed.connect(self._show_emptiness)
        document.graph_changed.connect(self._caption)
        document.level_changed.connect(self._caption)
        document.graph_changed.connect(self._show_kinds)
        document.inference_changed.connect(self._show_kinds)
        document.graph_replaced.connect(self._graph_replaced)
        self._show_emptiness()
        self._show_kinds()

    def _show_kinds(self) -> None:
        self.legends.show_kinds({item.kind for item in self.graph_scene.wires.values()} - {""})
        self._keep_clear()

    def set_taken(self, width: int) -> None:
        """So much at the right of the lower edge lies under something that floats."""
        self.legends.set_taken(width)
        self._keep_clear()

    def _keep_clear(self) -> None:
        """Fit the network above what floats at the lower edge."""
        floor = FLOATING + self.legends.risen
        if floor != self.floor:
            self.floor = floor
            if self._fitted:
                self.fit()

    def set_legend_shown(self, shown: bool) -> None:
        """Say what the colours of wires mean, or don't; remembered for the next time."""
        self.habits.legend = shown
        self.legends.set_wanted(shown)

    def set_shake(self, on: bool) -> None:
        """Whether shaking a node takes it out of its wires; remembered for the next time."""
        self.habits.shake = on

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
        if shape is None:
            shape = HELD.get(self._held)
        self.viewport().setCursor(QCursor(shape or Qt.CursorShape.ArrowCursor))

    def _at(self, event: QMouseEvent) -> Pointer:
        self._pointer = event.position().toPoint()
        place, time = self._pointer, event.timestamp()
        return Pointer(place, self.mapToScene(place), event.modifiers(), time)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # With the first press, which is long after the first frame.
        from gui.canvas.gestures.choose import gesture_for, right_gesture_for
        from gui.canvas.gestures.stroke import Cut

        pointer = self._at(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.popup.leave()
        self.hovering.card.hide()
        button, waiting = event.button(), self.gesture
        if button == Qt.MouseButton.MiddleButton or self._held == Qt.Key.Key_Space:
            self._under_pan = waiting
            self.begin(Pan(self, pointer))
        elif button == Qt.MouseButton.RightButton:
            if not self.cancel():
                self.begin(right_gesture_for(self, pointer))
        elif self._held == Qt.Key.Key_Y and waiting is None:
            self.begin(Cut(self, pointer))
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
        elif self.troubles.follow(pointer.scene):
            self.viewport().setToolTip("")
        else:
            self.hovering.follow(pointer)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pointer = self._at(event)
        gesture, self.gesture = self.gesture, None
        right = event.button() == Qt.MouseButton.RightButton
        if right and isinstance(gesture, Pan) and not gesture.moved:
            self.context_menu.open(self._pointer)
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
        if (outside := self.graph_scene.outside.at(pointer.scene)) is not None:
            self.go_to(outside.node.id)
            return
        item = self.graph_scene.node_at(pointer.scene)
        box = self.graph_scene.box_at(pointer.scene) if item is None else None
        if isinstance(item, GroupItem):
            self.document.enter(item.key)
            return
        if item is not None and item.title_rect().contains(pointer.scene):
            self.rename_field.open(item)
            return
        if box is not None:
            self.rename_field.open(box)
            return
        wire = self.wire_at(pointer.scene) if item is None else None
        annotation = self.annotations.grip_at(pointer.scene) if item is None else None
        if annotation is not None and wire is None:
            self.annotations.editor.open(annotation)
        elif wire is not None:
            self.add_point(wire.wire, pointer.scene)
        elif item is None:
            self._offer(pointer.screen, None)
        else:
            self.mousePressEvent(event)

    def click_node(self, item: NodeItem | BoxItem, pointer: Pointer) -> None:
        """Select by a click that did not become a drag."""
        keys = Qt.KeyboardModifier
        if not (pointer.has(keys.ShiftModifier) or pointer.has(keys.ControlModifier)):
            self.document.select((item.key,))

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
        self.legends.show_health(self.xray and bool(health))
        self._keep_clear()
        self.hovering.refresh()

    # Captions

    def _captions(self) -> list[Caption]:
        return captions(self.document.graph, self.graph_scene.tiles)

    def _caption(self) -> None:
        before, self.captions = self.captions, self._captions()
        if self.captions != before:
            self.viewport().update()

    def content(self) -> QRectF:
        rect = super().content()
        for caption in self.captions:
            rect = rect.united(caption.rect())
        return rect

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:  # type: ignore[override]  # stubs ask QRect, too
        super().drawBackground(painter, rect)
        paint_captions(painter, self.captions)

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:  # type: ignore[override]  # stubs ask QRect, too
        super().drawForeground(painter, rect)
        self.graph_scene.names.paint(painter, rect, self.visible_rect())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointer = QPoint(-1, -1)
        self.hovering.card.hide()
        self.troubles.card.let_go()
        if self.gesture is None:
            self.hovering.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer. Two fingers on a touchpad pan, and zoom with Ctrl."""
        pixels = event.pixelDelta()
        if not pixels.isNull() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan_by(-pixels.x(), -pixels.y())
        elif event.angleDelta().y():
            notches = event.angleDelta().y() / 120
            self.set_zoom(self.zoom * NOTCH**notches, event.position().toPoint())
        event.accept()

    # Keys

    def start_wire(self) -> None:
        """Draw a wire from the selected node with the keys, or take the selected one elsewhere."""
        from gui.canvas.gestures.key_wire import KeyWire

        selection, wires = self.document.selection, self.graph_scene.selected_wires
        taken = next(iter(wires)) if len(wires) == 1 and not selection else None
        if taken is None and len(selection) != 1:
            self.refuse(self.tr("Select the node where the wire is to begin."))
            return
        item = self.graph_scene.nodes[taken.source if taken else selection[0]]
        origins = [*item.ends(True), *item.ends(False)]
        if taken is not None:
            origins = [PortEnd(taken.source, taken.source_port, True)]
        here = item.scene_card().center()
        gesture = KeyWire(self, Pointer(self.mapFromScene(here), here), origins, taken)
        if gesture.choices:
            self.begin(gesture)
        else:
            gesture.cancel()
            self.refuse(
                self.tr("No port is free to take a wire from {}. Add a node first.").format(
                    item.name or item.own_title
                )
            )

    def handlers(self) -> dict[str, Callable[..., object]]:
        return {
            **super().handlers(),
            "network.wire": self.start_wire,
            "network.shake": self.set_shake,
            "view.legend": self.set_legend_shown,
            "view.go_minimap": self.minimap.take_focus,
            "view.costs": self.costs.set_shown,
            **self.troubles.handlers(),
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
        elif event.key() in HELD:
            self._held = Qt.Key(event.key())
            self._show_cursor()
        elif event.key() == Qt.Key.Key_Escape:
            self._let_go()
        elif Qt.Key(event.key()) in ARROWS:
            self._arrow(*ARROWS[Qt.Key(event.key())], event.modifiers())
        else:
            event.ignore()

    def _arrow(self, across: int, down: int, modifiers: Qt.KeyboardModifier) -> None:
        """Walk with Alt or without a selection; else move what is selected."""
        if modifiers & Qt.KeyboardModifier.AltModifier or not self.annotations.everything():
            self.walk(across, down)
            return
        steps = BIG_STEP if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
        self.nudge(across * steps, down * steps)

    def _let_go(self) -> None:
        """Escape: nothing is hinted at, selected or under way any more."""
        self.note.hide()
        self.graph_scene.select_wires(())
        self.annotations.choose()
        self.document.select(())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == self._held and not event.isAutoRepeat():
            self._held = Qt.Key.Key_unknown
            self._show_cursor()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._held = Qt.Key.Key_unknown
        self.cancel()
        super().focusOutEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return False  # Tab adds a node here
