"""The part of the inspector on freezing, rates, switches and shared weights."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input
from engine.project.project import Project
from gui.document.document import Document
from gui.inspector import InspectorPanel


@pytest.fixture
def panel(qtbot):
    graph = Graph(
        [Node("x", Input(shape=(4,))), Node("a", Dense(units=4)), Node("b", Dense(units=4))],
        [Wire("x", "a"), Wire("a", "b")],
    )
    made = InspectorPanel(Document(Project(graph=graph)))
    qtbot.addWidget(made)
    made.resize(300, 900)
    made.show()
    return made


def select(panel, *ids):
    panel.document.select(ids)
    return panel.node_page.learning if len(ids) == 1 else panel.many_page.learning


def test_an_input_has_nothing_to_learn(panel):
    assert not select(panel, "x").isVisible()


def test_a_click_freezes_a_node(panel):
    section = select(panel, "a")

    QTest.mouseClick(section.frozen, Qt.MouseButton.LeftButton)

    assert panel.document.graph.node("a").frozen
    assert panel.document.undo.undoText() == "Freeze Dense"


def test_a_rate_is_typed(panel):
    section = select(panel, "a")

    section.rate.setFocus()
    section.rate.selectAll()
    QTest.keyClicks(section.rate, "0.1")
    QTest.keyClick(section.rate, Qt.Key.Key_Return)

    assert panel.document.graph.node("a").rate == 0.1


def test_the_weights_of_another_node_are_chosen_and_left_again(panel):
    section = select(panel, "b")
    assert section.shares.value == ""

    section.shares.committed.emit("a")
    assert panel.document.graph.node("b").same_as == "a"
    assert section.shares.value == "a"
    section.shares.committed.emit("")

    assert panel.document.graph.node("b").same_as == ""


def test_an_instance_offers_no_weights_to_others(panel):
    panel.document.share("b", "a")

    section = select(panel, "a")

    assert section.shares.count() == 1


def test_different_states_rates_and_freezing_are_shown_as_several(panel):
    panel.document.set_frozen(["a"], True)
    panel.document.set_rate(["a"], 0.5)
    panel.document.set_switch(["a"], "muted")
    section = select(panel, "a", "b")

    assert (section.state.currentIndex(), section.state.placeholderText()) == (-1, "several")
    assert (section.rate.text(), section.rate.placeholderText()) == ("", "several")
    assert section.frozen.knob == 0.5
    QTest.mouseClick(section.frozen, Qt.MouseButton.LeftButton)
    assert all(panel.document.graph.node(i).frozen for i in "ab")
    panel.document.undo.undo()
    assert section.frozen.knob == 0.5
    panel.document.set_frozen(["a"], False)
    assert section.frozen.knob == 0.0


def test_several_nodes_are_set_at_once(panel):
    section = select(panel, "a", "b")

    section.state.committed.emit("bypassed")
    QTest.mouseClick(section.frozen, Qt.MouseButton.LeftButton)

    nodes = [panel.document.graph.node(i) for i in "ab"]
    assert [(n.switch, n.frozen) for n in nodes] == [("bypassed", True)] * 2


def test_a_group_is_shown_by_its_name_with_its_nodes(panel):
    group = panel.document.group(["a", "b"], (0, 0), "Encoder")

    panel.document.select([group])

    assert panel.many_page.isVisible()
    assert panel.many_page.header.title.text() == "Encoder"
    assert panel.many_page.ids == ("a", "b")
