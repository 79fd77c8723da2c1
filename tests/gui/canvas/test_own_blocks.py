"""Own blocks on the canvas: saved from a group, inserted by typing and by dragging."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.graph.drawing import Drawing, Group
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input
from gui.document.blocks import Blocks
from gui.palette import PalettePanel
from tests.tools.mouse import CTRL, SHIFT


@pytest.fixture
def hand(canvas, tmp_path):
    """A folded group of two layers, and a folder for blocks."""
    graph = Graph(
        [
            Node("x", Input(shape=(4,)), position=(0, 200)),
            Node("a", Dense(units=4), position=(200, 200), group="g"),
            Node("b", Dense(units=4), position=(400, 200), group="g"),
        ],
        [Wire("x", "a"), Wire("a", "b")],
        Drawing([Group("g", "Encoder", position=(304.0, 176.0))]),
    )
    made = canvas(graph)
    habits = made.view.habits
    habits.blocks = Blocks(tmp_path, habits)
    habits.blocks.changed.connect(habits.changed)
    return made


def save(hand):
    hand.view.document.select(["g"])
    hand.key(Qt.Key.Key_B, CTRL | SHIFT)
    hand.key(Qt.Key.Key_Return)


def inside(hand, group):
    return [n.layer for n in hand.view.document.graph.nodes if n.group == group]


def test_a_group_is_saved_under_its_name_by_keys_alone(hand):
    save(hand)

    assert hand.view.habits.blocks.names == ["Encoder"]
    assert not hand.view.reshaping.ask.isVisible()
    assert hand.view.habits.blocks.load("Encoder").weights == {}


def test_a_name_that_cannot_be_is_said_on_the_card(hand):
    hand.view.document.select(["g"])
    hand.key(Qt.Key.Key_B, CTRL | SHIFT)
    hand.type("a/b")
    hand.key(Qt.Key.Key_Return)

    ask = hand.view.reshaping.ask
    assert ask.isVisible()
    assert "cannot be called" in ask.wrong.text()
    hand.key(Qt.Key.Key_Escape)


def test_weights_go_with_a_block_if_that_is_wanted(hand):
    document = hand.view.document
    document.weights = document.all_weights()

    hand.view.reshaping._save_block("g", "Trained", True)
    hand.drop_data(hand.view.habits.blocks.offers()[0].mime(), QPoint(500, 500))

    assert (document.weights["dense_1", "weight"] == document.weights["a", "weight"]).all()


def test_a_block_is_typed_and_inserted_as_a_group_of_its_own(hand):
    save(hand)
    hand.view.document.select(())

    hand.key(Qt.Key.Key_Tab)
    hand.type("enco")
    hand.key(Qt.Key.Key_Return)

    assert hand.view.document.undo.undoText() == "Insert Encoder"
    assert hand.view.document.selection == ("group_1",)
    assert inside(hand, "group_1") == inside(hand, "g")
    assert all(not node.same_as for node in hand.view.document.graph.nodes)


def test_a_block_dragged_from_the_palette_stands_where_it_is_dropped(hand, qtbot):
    save(hand)
    palette = PalettePanel(hand.view.habits)
    qtbot.addWidget(palette)
    model = palette.list.model()
    row = next(i for i in range(model.rowCount()) if model.index(i, 0).data() == "Encoder")

    hand.drop_data(model.mimeData([model.index(row, 0)]), hand.at(320, 400))

    assert hand.view.document.position_of("group_1") == (320.0, 400.0)


def test_a_block_dropped_with_shift_shares_the_weights_of_the_one_there(hand):
    save(hand)

    offer = hand.view.habits.blocks.offers()[0]
    hand.view.reshaping.insert(offer, hand.view.mapToScene(QPoint(400, 500)), shared=True)

    shared = [n.same_as for n in hand.view.document.graph.nodes if n.group == "group_1"]
    assert shared == ["a", "b"]


def test_blocks_are_renamed_and_deleted_in_the_palette_by_keys(hand, qtbot):
    save(hand)
    palette = PalettePanel(hand.view.habits)
    qtbot.addWidget(palette)
    hand.view.hide()  # else its keys are in force
    palette.show()
    rows, model = palette.list, palette.list.model()

    def choose(name):
        labels = [model.index(i, 0).data() for i in range(model.rowCount())]
        rows.setCurrentIndex(model.index(labels.index(name), 0))

    choose("Encoder")
    QTest.keyClick(rows, Qt.Key.Key_F2)
    field = palette.block_menu.field
    assert field.isVisible()
    field.setText("Reader")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert hand.view.habits.blocks.names == ["Reader"]
    assert not field.isVisible()

    choose("Reader")
    QTest.keyClick(rows, Qt.Key.Key_Delete)
    assert hand.view.habits.blocks.names == []
