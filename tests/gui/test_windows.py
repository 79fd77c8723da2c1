"""Several windows: each has a document, unsaved work and undo of its own."""

from __future__ import annotations

import gc
import sys

import pytest
import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from engine.layers.dense import Dense
from engine.project.file import save_project
from engine.project.recovery import RecoveryFolder
from engine.project.templates import open_template
from gui.app import Folders, Windows, install_excepthook, make_application, make_window
from gui.widgets import LinkButton, TextLabel


@pytest.fixture
def windows(qtbot, tmp_path):
    windows = Windows(make_application(), Folders(tmp_path / "settings", tmp_path / "recovery"))
    yield windows
    for window in tuple(windows.all):
        window.files._ask = lambda *_: QMessageBox.StandardButton.Discard
        window.close()
    windows.dispose()


def opened(qtbot, windows, what=None):
    window = windows.open(what)
    qtbot.waitUntil(lambda: window._panels is not None)
    window.files._ask = lambda *_: QMessageBox.StandardButton.Discard
    return window


def alive(beside) -> list[QObject]:
    """What there is of the program's own objects in Qt that do not belong to a window."""
    return [
        each
        for each in gc.get_objects()
        if isinstance(each, QObject)
        and type(each).__module__.startswith("gui.")
        and shiboken6.isValid(each)
        and outermost(each) is not beside
    ]


def outermost(each: QObject) -> QObject:
    while (parent := each.parent()) is not None:
        each = parent
    return each


def edit(window) -> str:
    return window.document.add_node(Dense(units=3), (0, 400))


def test_a_further_window_has_an_empty_canvas_and_a_document_of_its_own(qtbot, windows):
    first = opened(qtbot, windows)
    first.commands["file.new_window"].trigger()
    second = windows.all[1]
    edit(second)

    assert len(second.document.graph) == 1
    assert len(first.document.graph) == 4
    assert (first.document.modified, second.document.modified) == (False, True)
    assert not first.document.undo.canUndo()
    assert second.controller is not first.controller
    second.files._ask = lambda *_: QMessageBox.StandardButton.Discard


def test_nothing_of_a_closed_window_waits_for_the_collector(qtbot, windows):
    first = opened(qtbot, windows)
    before = alive(beside=first)
    second = opened(qtbot, windows, "xor")
    edit(second)
    assert second.canvas.graph_scene in alive(beside=first)
    second.commands["file.close"].trigger()
    qtbot.waitUntil(lambda: not shiboken6.isValid(second))

    assert [type(one) for one in alive(beside=first) if one not in before] == []


def test_closing_one_leaves_the_other(qtbot, windows):
    first, second = opened(qtbot, windows), opened(qtbot, windows, "xor")
    second.commands["file.close"].trigger()
    qtbot.waitUntil(lambda: not shiboken6.isValid(second))

    assert windows.all == [first]
    assert first.isVisible()
    edit(first)
    assert first.document.undo.canUndo()


def test_each_window_asks_for_its_own_unsaved_work(qtbot, windows):
    first, second = opened(qtbot, windows), opened(qtbot, windows, "xor")
    asked = []

    def ask(_window, name):
        asked.append(name)
        return QMessageBox.StandardButton.Cancel

    for window in (first, second):
        window.files._ask = ask
    edit(second)
    closed = second.close()
    first_closed = first.close()
    second.files._ask = lambda *_: QMessageBox.StandardButton.Discard

    assert (closed, first_closed) == (False, True)
    assert asked == ["xor.glassbox"]


def test_quitting_closes_all_until_one_is_to_stay(qtbot, windows):
    first, second = opened(qtbot, windows), opened(qtbot, windows, "xor")
    edit(first)
    edit(second)
    second.files._ask = lambda *_: QMessageBox.StandardButton.Cancel
    first.commands["file.quit"].trigger()
    stays = second.isVisible()
    second.files._ask = lambda *_: QMessageBox.StandardButton.Discard
    second.commands["file.quit"].trigger()
    qtbot.waitUntil(lambda: windows.all == [])

    assert stays


def test_each_window_keeps_its_unsaved_work_apart(qtbot, windows, tmp_path):
    first, second = opened(qtbot, windows), opened(qtbot, windows, "xor")
    for window in (first, second):
        edit(window)
        window.files.keep()
        window.files._session._lock.close()  # the system frees it when a process ends
    sizes = sorted(
        len(offer.restore()[0].graph) for offer in RecoveryFolder(tmp_path / "recovery").offers()
    )

    assert sizes == [5, len(open_template("xor").graph) + 1]


def test_lost_work_is_offered_by_the_first_window_alone(qtbot, windows, tmp_path):
    session = RecoveryFolder(tmp_path / "recovery").begin()
    session.keep(open_template("xor"), None, 1.0)
    session._lock.close()
    first, second = opened(qtbot, windows), opened(qtbot, windows, "xor")

    assert [len(window._toasts) for window in (first, second)] == [1, 0]


def test_what_lost_work_is_offered_with_has_room_for_its_sentence(qtbot, windows, tmp_path):
    session = RecoveryFolder(tmp_path / "recovery").begin()
    session.keep(open_template("xor"), None, 1.0)
    session._lock.close()
    (toast,) = opened(qtbot, windows)._toasts
    (words,) = [label for label in toast.findChildren(TextLabel) if label.text() == toast.text]
    buttons = toast.findChildren(LinkButton)
    qtbot.waitUntil(lambda: all(button.isVisible() for button in buttons))
    toast.layout().activate()

    assert {button.text() for button in buttons} == {"Restore", "Discard"}
    assert words.height() >= words.heightForWidth(words.width())


def test_other_keys_reach_every_window(qtbot, windows):
    first, second = opened(qtbot, windows), opened(qtbot, windows, "xor")
    windows.settings.settings.shortcuts = {"file.save": ["F12"]}
    for window in (first, second):
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)

    keys = [window.commands["file.save"].shortcut().toString() for window in (first, second)]
    assert keys == ["F12", "F12"]


def test_colours_are_checked_in_every_window(qtbot, windows):
    first, second = opened(qtbot, windows), opened(qtbot, windows, "xor")
    second.commands["view.theme_light"].trigger()

    assert first.commands["view.theme_light"].isChecked()
    assert not first.commands["view.theme_dark"].isChecked()


def test_the_gallery_opens_a_template_or_a_file_apart(qtbot, windows, tmp_path):
    save_project(open_template("xor"), tmp_path / "mine.glassbox")
    first = opened(qtbot, windows)
    first.window_wanted.emit("xor")
    first.window_wanted.emit(tmp_path / "mine.glassbox")

    assert [window.files.name for window in windows.all] == [
        "digits.glassbox",
        "xor.glassbox",
        "mine.glassbox",
    ]


def test_a_fault_is_told_in_the_window_that_is_worked_in(qtbot, windows, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    first, second = opened(qtbot, windows), opened(qtbot, windows, "xor")
    install_excepthook(windows)
    first.activateWindow()
    qtbot.waitUntil(first.isActiveWindow)
    sys.excepthook(ValueError, ValueError("no"), None)

    assert [len(window._toasts) for window in (first, second)] == [1, 0]


def test_panels_have_their_width_also_where_they_are_made_before_the_window_is_seen(qtbot, windows):
    window = make_window(windows.settings)
    window.complete()
    window.resize(1600, 1000)
    window.show()
    windows.all.append(window)

    assert window.palette_.width() == 236
    assert window.panels.inspector.width() == 300
