"""The Data workspace of an empty document, and files dropped on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from gui.data import DataWorkspace
from gui.document.document import Document


@pytest.fixture
def page(qtbot):
    page = DataWorkspace(Document())
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    yield page
    page.shut_down()


def settle(page, qtbot):
    qtbot.waitUntil(lambda: not page.draft.busy, timeout=10_000)


def drop(page, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    enter = QDragEnterEvent(QPoint(50, 50), copy, data, left, none)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page, QDropEvent(QPointF(50, 50), copy, data, left, none))
