"""A window with someone at it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QMessageBox

from gui.app import dispose
from gui.document.document import Document
from gui.main_window import MainWindow
from gui.settings import SettingsFile
from gui.theme import DARK, apply_theme
from tests.tools.collector import _garbage_goes_between_tests  # noqa: F401  # for every test here
from tests.tools.person import Person


@pytest.fixture
def sit_down(qtbot, qapp, tmp_path):
    """`sit_down("digits")` opens a window on a template, `sit_down(file=path)` on a file."""
    apply_theme(qapp, DARK)
    windows = []

    def open_window(template: str = "", file=None, speed: str = "full") -> Person:
        settings = SettingsFile(tmp_path / f"settings{len(windows)}.json")
        settings.settings.speed = speed
        discard = QMessageBox.StandardButton.Discard
        document = Document()
        window = MainWindow(document, settings, ask=lambda *_: discard)
        document.setParent(window)
        windows.append(window)
        if template:
            window.files.show_template(template)
        with qtbot.waitSignal(window.completed):
            window.show()
        if file is not None:
            window.files.show_file(file)
        window.activateWindow()
        window.canvas.setFocus()
        qtbot.waitUntil(window.isActiveWindow)
        return Person(window, qtbot)

    yield open_window
    for window in windows:
        window.close()
        dispose(window)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
