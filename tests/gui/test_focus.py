"""By keyboard alone through the whole window, and a name for everything in it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QScrollBar,
    QTabBar,
    QWidget,
)

from gui.app import dispose
from gui.document.document import Document
from gui.main_window import MainWindow
from gui.settings import SettingsFile
from gui.window.workspaces import PANELS

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
)


@pytest.fixture
def window(qtbot, tmp_path):
    settings = SettingsFile(tmp_path / "settings.json")
    window = MainWindow(Document(), settings, ask=lambda *_: QMessageBox.StandardButton.Discard)
    window.files.show_template("digits")
    with qtbot.waitSignal(window.completed):
        window.show()
    window.activateWindow()
    window.canvas.setFocus()
    yield window
    dispose(window)


def part(window) -> str:
    focused = window.focusWidget()
    parts = {
        "palette": window.palette_,
        "canvas": window.canvas,
        "inspector": window.panels.inspector,
        "bottom": window.bottom,
        "bar": window.bar,
    }
    return next(
        (n for n, w in parts.items() if focused is w or w.isAncestorOf(focused)), "elsewhere"
    )


def walk(window, modifiers, times: int) -> list[str]:
    seen = []
    for _ in range(times):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_F6, modifiers)
        seen.append(part(window))
    return seen


def test_the_keyboard_goes_round_the_parts_of_the_window_and_back(window):
    on = walk(window, CTRL, 5)
    back = walk(window, CTRL | SHIFT, 5)

    assert on == ["inspector", "bottom", "bar", "palette", "canvas"]
    assert back == ["palette", "bar", "bottom", "inspector", "canvas"]


def test_parts_that_are_folded_away_are_left_out(window):
    for panel in PANELS:
        window.show_panel(panel, False)

    assert walk(window, CTRL, 2) == ["bar", "canvas"]


def test_a_workspace_without_a_canvas_is_a_part_too(window):
    window.open_workspace("export")
    QTest.keyClick(window, Qt.Key.Key_F6, CTRL)
    page = window.workspaces.page("export")

    assert page.isAncestorOf(window.focusWidget()) or part(window) == "bar"


def test_the_history_takes_the_keyboard(window):
    window.document.rename(window.document.graph.nodes[0].id, "pixels")
    window.commands["view.history"].trigger()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Up)

    assert window.bottom.shown == "history"
    assert window.document.graph.nodes[0].name == ""


def named(widget: QWidget) -> bool:
    """Whether a screen reader has something to say for a widget."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    if isinstance(widget, QLineEdit | QPlainTextEdit):
        text = widget.placeholderText()
    labels = widget.window().findChildren(QLabel)
    buddies = [label.text() for label in labels if label.buddy() is widget]
    return any((widget.accessibleName(), text, widget.toolTip(), *buddies))


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for kind in INTERACTIVE
        for widget in root.findChildren(kind)
        if widget.isVisible()
        and not isinstance(widget, QScrollBar)
        and not widget.objectName().startswith("qt_")
        # Parts of a field that Qt makes by itself speak with the voice of the field.
        and not isinstance(widget.parent(), QComboBox)
        and not named(widget)
    ]


def test_everything_in_every_workspace_has_a_name(window):
    found = {}
    for workspace in ("data", "build", "train", "evaluate", "export"):
        window.open_workspace(workspace)
        window.document.select([window.document.graph.nodes[1].id])
        QTest.qWait(50)
        found[workspace] = nameless(window)

    assert found == {key: [] for key in found}


def test_everything_under_the_canvas_has_a_name(window):
    found = {}
    for tab in ("problems", "loss", "gradients", "weights", "runs", "history"):
        window.show_tab(tab)
        found[tab] = nameless(window.bottom)

    assert found == {key: [] for key in found}


def test_everything_that_opens_has_a_name_and_goes_away_with_escape(window, qapp):
    found = {}
    for action in (
        "file.gallery",
        "file.network_picture",
        "help.shortcuts",
        "help.change_keys",
        "help.about",
        "help.commands",
        "network.find",
    ):
        before = set(qapp.topLevelWidgets())
        window.commands[action].trigger()
        opened = [w for w in qapp.topLevelWidgets() if w not in before and w.isVisible()]
        root = opened[0] if opened else window
        names = nameless(root)
        QTest.keyClick(root.focusWidget() or root, Qt.Key.Key_Escape)
        found[action] = (names, bool(opened) and root.isVisible())

    assert found == dict.fromkeys(found, ([], False))
