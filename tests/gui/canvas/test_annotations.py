"""Frames and notes: drawn, typed into, moved with what is in them, undone."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.graph.drawing import Annotation, Drawing
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input
from tests.tools.mouse import ALT, CTRL, NONE


@pytest.fixture
def framed(canvas):
    """x and a in a frame, b beside it, a note below."""
    nodes = [
        Node("x", Input(shape=(4,)), position=(40, 60)),
        Node("a", Dense(units=3), position=(240, 60)),
        Node("b", Dense(units=5), position=(560, 60)),
    ]
    drawing = Drawing(
        annotations=[
            Annotation("frame_1", "frame", "Encoder", (16, 16), (440, 140)),
            Annotation("note_1", "note", "Why?", (560, 240), (160, 80), "amber"),
        ]
    )
    return canvas(Graph(nodes, [Wire("x", "a"), Wire("a", "b")], drawing))


def drawn(hand):
    return {a.id: a for a in hand.view.document.graph.drawing.annotations}


def position(hand, node_id):
    return hand.view.document.graph.node(node_id).position


def test_c_draws_a_frame_around_the_selected_nodes_and_asks_for_its_title(framed):
    view = framed.view
    view.document.select(("a", "b"))
    framed.key(Qt.Key.Key_C)
    QTest.keyClicks(view.annotations.editor.field, "Head")
    QTest.keyClick(view.annotations.editor.field, Qt.Key.Key_Return)

    frame = drawn(framed)["frame_2"]
    item = view.annotations.items["frame_2"]
    assert frame.text == "Head"
    assert all(item.card().contains(view.graph_scene.nodes[i].scene_card()) for i in "ab")
    assert not view.annotations.editor.isVisible()


def test_a_frame_takes_along_what_stands_in_it(framed):
    framed.drag(framed.at(200, 28), framed.at(200, 28) + QPoint(32, 64))

    assert drawn(framed)["frame_1"].position == (48, 80)
    assert position(framed, "x") == (72, 124)
    assert position(framed, "a") == (272, 124)
    assert position(framed, "b") == (560, 60)
    framed.view.document.undo.undo()
    assert drawn(framed)["frame_1"].position == (16, 16)
    assert position(framed, "x") == (40, 60)


def test_with_alt_a_frame_moves_alone(framed):
    framed.drag(framed.at(200, 28), framed.at(200, 28) + QPoint(32, 64), ALT)

    assert drawn(framed)["frame_1"].position == (48, 80)
    assert position(framed, "x") == (40, 60)


def test_inside_a_frame_the_rubber_band_selects_nodes(framed):
    framed.drag(framed.at(24, 50), framed.at(450, 150))

    assert set(framed.view.document.selection) == {"x", "a"}


def test_a_corner_makes_it_larger_and_never_too_small(framed):
    framed.drag(framed.at(716, 316), framed.at(716, 316) + QPoint(40, 24))
    assert drawn(framed)["note_1"].size == (200, 104)

    framed.drag(framed.at(756, 340), framed.at(300, 100))
    assert drawn(framed)["note_1"].size == (80, 48)


def test_a_double_click_types_and_escape_keeps_the_old_words(framed):
    editor = framed.view.annotations.editor
    framed.double_click(framed.at(600, 270))
    QTest.keyClicks(editor.field, "Because")
    QTest.keyClick(editor.field, Qt.Key.Key_Escape)
    assert drawn(framed)["note_1"].text == "Why?"

    framed.double_click(framed.at(600, 270))
    QTest.keyClicks(editor.field, "Because")
    QTest.keyClick(editor.field, Qt.Key.Key_Return, CTRL)
    assert drawn(framed)["note_1"].text == "Because"


def test_a_colour_is_chosen_and_undone(framed):
    framed.double_click(framed.at(600, 270))
    editor = framed.view.annotations.editor
    QTest.mouseClick(editor.colors["green"], Qt.MouseButton.LeftButton, NONE)

    assert drawn(framed)["note_1"].color == "green"
    framed.view.document.undo.undo()
    assert drawn(framed)["note_1"].color == "amber"


def test_delete_removes_the_chosen_one_and_no_node(framed):
    framed.click(framed.at(200, 28))
    framed.key(Qt.Key.Key_Delete)

    assert set(drawn(framed)) == {"note_1"}
    assert len(framed.view.document.graph) == 3
    framed.view.document.undo.undo()
    assert set(drawn(framed)) == {"frame_1", "note_1"}
    assert set(framed.view.annotations.items) == {"frame_1", "note_1"}


def test_choosing_a_node_lets_go_of_the_frame(framed):
    framed.click(framed.at(200, 28))
    assert framed.view.annotations.chosen == "frame_1"

    framed.view.document.select(("b",))
    assert framed.view.annotations.chosen == ""


def test_a_note_is_stuck_where_the_pointer_is(framed):
    framed.move(framed.at(300, 300))
    framed.key(Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(framed.view.annotations.editor.field, "Look here")
    framed.click(framed.at(700, 400))

    note = drawn(framed)["note_2"]
    assert note.text == "Look here"
    assert abs(note.position[0] + note.size[0] / 2 - 300) <= 8
