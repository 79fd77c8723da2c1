"""The list of problems leads to the nodes and applies remedies."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from engine.data.dataset import prepare
from engine.project.project import Project
from gui.document.document import Document
from gui.problems import ProblemsPanel
from gui.problems.model import PROBLEM
from gui.theme import DARK, LIGHT, apply_theme
from tests.tools.sample_projects import iris_project


@pytest.fixture
def panel(qtbot) -> ProblemsPanel:
    document = Document(iris_project())
    document.set_dataset(prepare(document.data))
    panel = ProblemsPanel(document)
    qtbot.addWidget(panel)
    panel.resize(900, 240)
    panel.show()
    return panel


def spoil(panel: ProblemsPanel) -> None:
    panel.document.set_field("dense_2", "activation", "relu")


def test_a_whole_network_is_ready_to_train(panel):
    assert panel.model.rowCount() == 0
    assert panel.state.text() == ("Network is ready to train. 67 parameters · 56 multiply-adds")


def test_without_data_it_is_not_called_ready(qtbot):
    panel = ProblemsPanel(Document(Project(graph=iris_project().graph)))
    qtbot.addWidget(panel)

    assert panel.state.text() == "Network has no errors. 67 parameters · 56 multiply-adds"


def test_the_numbers_below_follow_the_network(panel):
    before = {name: stat.value.text() for name, stat in panel.stats.items()}
    panel.document.set_field("dense_1", "units", 800)

    assert before["path"] == "4 nodes"
    assert before["run"] == "none yet"
    assert panel.stats["memory"].value.text() != before["memory"]


def test_a_row_says_how_grave_where_what_and_the_remedy(panel):
    spoil(panel)
    index = panel.model.index(0)

    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == (
        "Error. Cross-entropy. Cross-entropy needs probabilities from "
        "0 to 1, and Dense ends with ReLU, which gives other numbers too. "
        "Let Dense end with softmax."
    )
    assert panel.state.text() == "One error keeps the network from training."


def test_enter_selects_the_node_and_asks_to_show_it(qtbot, panel):
    spoil(panel)
    panel.list.setCurrentIndex(panel.model.index(0))

    with qtbot.waitSignal(panel.reveal) as revealed:
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)

    assert revealed.args == ["loss_1"]
    assert panel.document.selection == ("loss_1",)


def test_a_click_selects_the_node(qtbot, panel):
    spoil(panel)
    rect = panel.list.visualRect(panel.model.index(0))

    with qtbot.waitSignal(panel.reveal):
        qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())

    assert panel.document.selection == ("loss_1",)


def test_a_click_on_the_remedy_applies_it(qtbot, panel):
    spoil(panel)
    index = panel.model.index(0)
    link = panel.list.row.link_rect(panel.list.visualRect(index), index.data(PROBLEM))
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=link.center())

    assert panel.model.rowCount() == 0
    assert panel.document.undo.undoText() == "Use softmax"


def test_the_remedy_is_applied_by_the_keyboard(qtbot, panel):
    spoil(panel)
    panel.list.setCurrentIndex(panel.model.index(0))
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(panel.list, Qt.Key.Key_Return, control)

    assert panel.document.graph.node("dense_2").layer.activation.kind == "softmax"


def test_a_problem_of_the_whole_network_is_named_so(panel):
    panel.document.set_data(None)

    assert panel.model.index(0).data().startswith("Network: ")
    panel.go_to(panel.model.index(0).data(PROBLEM))
    assert panel.document.selection == ()


def test_a_renamed_node_is_called_by_its_name(panel):
    spoil(panel)
    panel.document.rename("loss_1", "Goal")

    assert panel.model.index(0).data().startswith("Goal: ")


@pytest.mark.parametrize("tokens", [DARK, LIGHT], ids=lambda tokens: tokens.name)
def test_the_rows_are_painted_in_both_appearances(qapp, panel, tokens):
    spoil(panel)
    before = qapp.palette()
    sheet = qapp.styleSheet()
    apply_theme(qapp, tokens)
    picture = panel.grab().toImage()
    colors = {picture.pixelColor(x, y).name() for x in range(0, 900, 2) for y in range(0, 60, 2)}
    qapp.setStyleSheet(sheet)
    qapp.setPalette(before)

    assert tokens.surface in colors
    assert len(colors) > 8
