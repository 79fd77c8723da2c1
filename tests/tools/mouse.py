"""A hand on the canvas: real mouse and key events, aimed at nodes, ports and wires by name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.graph.model import Wire
from gui.canvas.view import CanvasView
from gui.document.catalog import catalog

LEFT = Qt.MouseButton.LeftButton
MIDDLE = Qt.MouseButton.MiddleButton
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier

STEPS = 6
"""Moves between the ends of a drag."""


class Hand:
    """Does on a canvas what a user does. Places are points on the viewport."""

    def __init__(self, view: CanvasView) -> None:
        self.view = view

    # Aiming

    def node(self, node_id: str) -> QPoint:
        """The lower part of a node's card, away from its title and its ports."""
        card = self.view.graph_scene.nodes[node_id].scene_card()
        return self.at(card.center().x(), card.bottom() - 12)

    def title(self, node_id: str) -> QPoint:
        rect = self.view.graph_scene.nodes[node_id].title_rect()
        return self.at(rect.left() + 40, rect.center().y())

    def output(self, node_id: str, port: str = "out") -> QPoint:
        return self._port(node_id, port, output=True)

    def input(self, node_id: str, port: str = "in") -> QPoint:
        return self._port(node_id, port, output=False)

    def _port(self, node_id: str, port: str, output: bool) -> QPoint:
        place = self.view.graph_scene.nodes[node_id].port_point(port, output)
        return self.view.mapFromScene(place)

    def wire(self, wire: Wire, share: float = 0.5) -> QPoint:
        """A point on a wire: 0 is at its source, 1 at its target."""
        return self.view.mapFromScene(self.view.graph_scene.wires[wire].point_at(share))

    def at(self, x: float, y: float) -> QPoint:
        """A place in the scene."""
        return self.view.mapFromScene(QPointF(x, y))

    # Pointing

    def press(
        self, place: QPoint, modifiers: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT
    ) -> None:
        QTest.mousePress(self.view.viewport(), button, modifiers, place)

    def release(
        self, place: QPoint, modifiers: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT
    ) -> None:
        QTest.mouseRelease(self.view.viewport(), button, modifiers, place)

    def move(self, place: QPoint) -> None:
        QTest.mouseMove(self.view.viewport(), place)
        QApplication.processEvents()

    def move_with(self, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
        """Move with keys held; QTest knows no such move."""
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(place),
            QPointF(self.view.viewport().mapToGlobal(place)),
            LEFT,
            LEFT,
            modifiers,
        )
        QApplication.sendEvent(self.view.viewport(), event)

    def wheel(self, place: QPoint, notches: int) -> None:
        """Turn the wheel, away from the user for positive notches."""
        event = QWheelEvent(
            QPointF(place),
            QPointF(self.view.viewport().mapToGlobal(place)),
            QPoint(),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            NONE,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.view.viewport(), event)

    def click(self, place: QPoint, modifiers: Qt.KeyboardModifier = NONE) -> None:
        self.move(place)
        QTest.mouseClick(self.view.viewport(), LEFT, modifiers, place)

    def double_click(self, place: QPoint) -> None:
        self.click(place)
        QTest.mouseDClick(self.view.viewport(), LEFT, NONE, place)

    def hold(
        self,
        start: QPoint,
        end: QPoint,
        modifiers: Qt.KeyboardModifier = NONE,
        button: Qt.MouseButton = LEFT,
    ) -> None:
        """Drag without letting go."""
        self.move(start)
        self.press(start, modifiers, button)
        for step in range(1, STEPS + 1):
            share = step / STEPS
            self.move(start + (end - start) * share)

    def drag(
        self,
        start: QPoint,
        end: QPoint,
        modifiers: Qt.KeyboardModifier = NONE,
        button: Qt.MouseButton = LEFT,
    ) -> None:
        self.hold(start, end, modifiers, button)
        self.release(end, modifiers, button)

    def wire_up(self, source: str, target: str, port: str = "in") -> None:
        """Draw a wire from one node's output to another's input."""
        self.drag(self.output(source), self.input(target, port))

    def drop(self, label: str, place: QPoint) -> None:
        """Let go of a palette entry over the canvas."""
        offer = next(offer for offer in catalog() if offer.label == label)
        self.drop_data(offer.mime(), place)

    def drop_data(self, data: QMimeData, place: QPoint) -> None:
        """Let go of what a drag carries over the canvas."""
        none = Qt.MouseButton.NoButton
        viewport, copy = self.view.viewport(), Qt.DropAction.CopyAction
        for event in (
            QDragEnterEvent(place, copy, data, LEFT, NONE),
            QDragMoveEvent(place, copy, data, LEFT, NONE),
            QDropEvent(QPointF(place), copy, data, none, NONE),
        ):
            QApplication.sendEvent(viewport, event)

    # Typing

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.view, key, modifiers)
        QApplication.processEvents()

    def hold_key(self, key: Qt.Key) -> None:
        QTest.keyPress(QApplication.focusWidget() or self.view, key)

    def let_key(self, key: Qt.Key) -> None:
        QTest.keyRelease(QApplication.focusWidget() or self.view, key)

    def type(self, text: str) -> None:
        """Press the keys of a text; where one of them opens a list, the next ones go there."""
        for letter in text:
            QTest.keyClicks(QApplication.focusWidget() or self.view, letter)
        QApplication.processEvents()
