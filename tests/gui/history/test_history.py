"""The undo stack as a list."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from engine.layers.dense import Dense
from engine.layers.dropout import Dropout
from gui.document.document import Document
from gui.history import HistoryPanel


@pytest.fixture
def panel(qtbot):
    document = Document()
    dense = document.add_node(Dense(units=3), (0, 0))
    document.rename(dense, "hidden")
    document.add_node(Dropout(), (200, 0))
    panel = HistoryPanel(document)
    qtbot.addWidget(panel)
    panel.resize(400, 200)
    panel.show()
    return panel


def test_every_edit_has_its_readable_name(panel):
    assert panel.titles() == [
        "As it was opened",
        "Add Dense",
        "Rename Dense to hidden",
        "Add Dropout",
    ]


def test_an_edit_of_many_steps_is_one_line(panel):
    panel.document.remove([node.id for node in panel.document.graph.nodes])

    assert panel.titles()[-1] == "Remove 2 nodes"


def test_a_click_goes_to_that_state_and_back_again(qtbot, panel):
    def click(row: int) -> None:
        place = panel.list.visualRect(panel.list.model().index(row, 0)).center()
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)

    click(0)
    empty = len(panel.document.graph)
    click(3)

    assert empty == 0
    assert [node.title for node in panel.document.graph.nodes] == ["hidden", "Dropout"]


def test_the_arrow_keys_go_from_state_to_state(qtbot, panel):
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)

    assert panel.document.undo.index() == 1
    assert panel._hint.text() == "1 edit, 2 undone"


def test_another_project_starts_with_nothing_done(panel):
    from engine.project.project import Project

    panel.document.load(Project())

    assert panel.titles() == ["As it was opened"]


def test_the_saved_state_is_marked(panel, tmp_path):
    before = panel.list.grab().toImage()
    panel.document.mark_saved(tmp_path / "a.glassbox")
    saved = panel.list.grab().toImage()
    panel.document.undo.undo()

    assert before != saved
    assert panel.document.undo.cleanIndex() == 3
