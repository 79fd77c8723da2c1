"""Someone at the window: looks for things by what is written on them, clicks, drags and types."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListView, QWidget

from engine.graph.model import Node
from gui.main_window import MainWindow
from gui.training.controller import State
from gui.widgets import ChoiceField
from gui.widgets.kind_field import KindList
from tests.tools.mouse import LEFT, NONE, Hand

PATIENCE_MS = 60_000


class Person:
    """Does what a user does, with the mouse and the keys alone, and reads what a user reads."""

    def __init__(self, window: MainWindow, qtbot) -> None:
        self.window = window
        self.qtbot = qtbot
        self.hand = Hand(window.canvas)

    @property
    def document(self):
        return self.window.document

    @property
    def controller(self):
        return self.window.controller

    @property
    def steps_done(self) -> int:
        """Steps of the run; none before its trainer is there."""
        telemetry = self.controller.telemetry
        return telemetry.step if telemetry is not None else 0

    # Waiting

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until, timeout=PATIENCE_MS)

    def wait_for(self, *states: State) -> None:
        self.wait(lambda: self.controller.state in states)

    def wait_for_data(self) -> None:
        self.wait(lambda: self.document.dataset is not None)

    # The mouse

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        assert widget.isVisible(), f"{widget} is not to be seen"
        place = widget.rect().center() if place is None else place
        QTest.mouseMove(widget, place)
        QTest.mouseClick(widget, LEFT, NONE, place)
        QApplication.processEvents()

    def button(self, words: str, within: QWidget | None = None) -> QAbstractButton:
        """The button on which, or in whose tooltip, something is written."""
        found = [
            button
            for button in (within or self.window).findChildren(QAbstractButton)
            if button.isVisible() and words in (button.text(), button.accessibleName())
        ]
        assert len(found) == 1, f"{len(found)} buttons say {words!r}"
        return found[0]

    def press(self, words: str, within: QWidget | None = None) -> None:
        """Click the button that says so."""
        self.click(self.button(words, within))

    def choose(self, field: ChoiceField, words: str) -> None:
        """Choose from a list that opens under a field."""
        self.click(field)
        found = QApplication.activePopupWidget()
        rows = found.list if isinstance(found, KindList) else field.view()
        self.wait(rows.isVisible)
        self.click_row(rows, words)

    def click_row(self, rows: QListView, words: str) -> None:
        rows.scrollTo(self.row(rows, words))
        self.click(rows.viewport(), rows.visualRect(self.row(rows, words)).center())

    def row(self, rows: QListView, words: str):
        model = rows.model()
        labels = [model.index(number, 0).data() for number in range(model.rowCount())]
        return model.index(labels.index(words), 0)

    def press_undo(self) -> None:
        self.keys("Ctrl+Z")

    def press_redo(self) -> None:
        self.keys("Ctrl+Shift+Z")

    def fill(self, field: QLineEdit, text: str) -> None:
        """Click into a field, type over what is there, and press Enter."""
        self.click(field, QPoint(12, field.height() // 2))
        field.selectAll()
        self.hand.type(text)
        self.hand.key(Qt.Key.Key_Return)

    def drag_in(self, label: str, x: float, y: float) -> str:
        """Drag an entry of the palette onto the canvas; the new node's id."""
        rows = self.window.palette_.list
        row = self.row(rows, label)
        assert rows.dragEnabled()
        assert row.flags() & Qt.ItemFlag.ItemIsDragEnabled
        before = {node.id for node in self.document.graph.nodes}
        self.hand.drop_data(rows.model().mimeData([row]), self.hand.at(x, y))
        (new,) = {node.id for node in self.document.graph.nodes} - before
        return new

    def drop_file(self, path: Path) -> None:
        """Drop a file from the desktop onto the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        copy, none = Qt.DropAction.CopyAction, Qt.MouseButton.NoButton
        place = QPoint(600, 300)
        enter = QDragEnterEvent(place, copy, data, LEFT, NONE)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(self.window, QDropEvent(QPointF(place), copy, data, none, NONE))

    # The keys

    def keys(self, *sequences: str) -> None:
        """Press keys such as `Ctrl+S` or `F5` where the focus is."""
        for sequence in sequences:
            combination = QKeySequence(sequence)[0]
            self.hand.key(combination.key(), combination.keyboardModifiers())

    def tab_to(self, name: str, most: int = 60) -> QWidget:
        """Press Tab until the focus is on what is called so."""
        for _ in range(most):
            focused = QApplication.focusWidget()
            if focused is not None and name in (focused.accessibleName(), words_of(focused)):
                return focused
            self.keys("Tab")
        raise AssertionError(f"Tab never comes to {name!r}")

    # Reading

    @property
    def toasts(self) -> list[str]:
        """The sentences that float over the window."""
        return [toast.text for toast in self.window._toasts]

    @property
    def problems(self) -> list[str]:
        return [problem.message for problem in self.document.problems]

    def node(self, node_id: str) -> Node:
        return self.document.graph.node(node_id)

    def shape_on(self, node_id: str) -> str:
        """The output shape that stands on a node's card."""
        return self.window.canvas.graph_scene.nodes[node_id]._shape

    def only(self, kind: str) -> str:
        """The id of the one node of a kind."""
        (found,) = (node.id for node in self.document.graph.nodes if node.layer.kind == kind)
        return found


def words_of(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""
