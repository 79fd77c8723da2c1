"""Frames and notes: drawn, typed into, moved with what is in them, undone."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.graph.drawing import Annotation, Drawing
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input
from gui.canvas.items.guides_item import GuidesItem
from tests.tools.mouse import ALT, CTRL, NONE, SHIFT


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


def test_a_note_snaps_to_the_edge_of_a_node_and_the_line_is_shown_meanwhile(framed):
    scene = framed.view.graph_scene
    right = scene.nodes["b"].scene_card().right()
    start = framed.at(600, 280)
    aim = start + QPoint(round(right - 720) + 3, 43)
    framed.press(start)
    framed.move(start + QPoint(20, 20))
    framed.move(aim)
    (guides,) = [item for item in scene.items() if isinstance(item, GuidesItem)]
    lines = [line for line in guides.lines if line.dx() == 0]
    framed.release(aim)

    assert {line.x1() for line in lines} == {right}
    assert drawn(framed)["note_1"].position == (right - 160, 280)
    assert not [item for item in scene.items() if isinstance(item, GuidesItem)]


def test_a_frame_snaps_to_another_and_what_moves_with_it_is_no_guide(framed):
    framed.view.document.add_annotation(
        Annotation("frame_9", "frame", "Other", (20, 260), (440, 96))
    )
    framed.drag(framed.at(200, 28), framed.at(200, 28) + QPoint(2, -40))

    assert drawn(framed)["frame_1"].position == (20, -24)
    assert position(framed, "x") == (44, 20)


def test_with_shift_a_note_stands_on_the_coarse_grid_alone(framed):
    right = framed.view.graph_scene.nodes["b"].scene_card().right()
    start = framed.at(600, 280)
    aim = start + QPoint(round(right - 720) + 3, 43)
    framed.press(start)
    framed.move(start + QPoint(20, 20))
    framed.move_with(aim, SHIFT)
    framed.release(aim, SHIFT)
    x, y = drawn(framed)["note_1"].position

    assert (x % 16, y % 16) == (0, 0)


def test_inside_a_frame_the_rubber_band_selects_nodes(framed):
    framed.drag(framed.at(24, 50), framed.at(450, 150))

    assert set(framed.view.document.selection) == {"x", "a"}


def test_a_corner_that_is_dragged_meets_the_edges_of_others_near_by(framed):
    node = framed.view.graph_scene.nodes["b"].scene_card()
    corner = framed.at(456, 156)
    framed.press(corner)
    framed.move(corner + QPoint(40, 40))
    framed.move(framed.at(node.right() + 3, 237))
    shown = [i for i in framed.view.graph_scene.items() if isinstance(i, GuidesItem) and i.lines]
    framed.release(framed.at(node.right() + 3, 237))
    left = [i for i in framed.view.graph_scene.items() if isinstance(i, GuidesItem)]

    assert drawn(framed)["frame_1"].size == (node.right() - 16, 240 - 16)
    assert len(shown) == 1
    assert left == []


def test_with_shift_a_corner_goes_by_the_coarse_grid_alone(framed):
    corner = framed.at(456, 156)
    framed.press(corner)
    framed.move(corner + QPoint(40, 40))
    framed.move_with(framed.at(557, 237), SHIFT)
    framed.release(framed.at(557, 237), SHIFT)

    assert drawn(framed)["frame_1"].size == (544, 224)


def test_a_corner_that_is_let_go_of_by_escape_leaves_no_lines(framed):
    corner = framed.at(456, 156)
    framed.press(corner)
    framed.move(framed.at(558, 240))
    framed.key(Qt.Key.Key_Escape)
    framed.release(corner)

    assert drawn(framed)["frame_1"].size == (440, 140)
    assert not [i for i in framed.view.graph_scene.items() if isinstance(i, GuidesItem)]


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
    assert framed.view.annotations.chosen == ("frame_1",)

    framed.view.document.select(("b",))
    assert framed.view.annotations.chosen == ()


def test_a_note_is_stuck_where_the_pointer_is(framed):
    framed.move(framed.at(300, 300))
    framed.key(Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(framed.view.annotations.editor.field, "Look here")
    framed.click(framed.at(700, 400))

    note = drawn(framed)["note_2"]
    assert note.text == "Look here"
    assert abs(note.position[0] + note.size[0] / 2 - 300) <= 8


# Levels


@pytest.fixture
def nested(framed):
    """The frame and its two nodes in an open group, looked at from within."""
    framed.view.document.select(("x", "a"))
    framed.view.grouping.group()
    framed.view.document.enter("group_1")
    QApplication.processEvents()
    return framed


def test_grouping_takes_a_frame_along_that_holds_nothing_else(framed):
    framed.view.document.select(("x", "a"))
    framed.view.grouping.group()

    assert drawn(framed)["frame_1"].group == "group_1"
    assert drawn(framed)["note_1"].group == ""
    assert set(framed.view.annotations.items) == {"note_1"}
    framed.view.document.undo.undo()
    assert drawn(framed)["frame_1"].group == ""
    assert set(framed.view.annotations.items) == {"frame_1", "note_1"}


def test_grouping_leaves_a_frame_that_holds_others_too(framed):
    framed.view.document.select(("x",))
    framed.view.grouping.group()

    assert drawn(framed)["frame_1"].group == ""


def test_a_level_shows_its_own_frames_and_a_folded_group_hides_them(nested):
    assert set(nested.view.annotations.items) == {"frame_1"}
    nested.view.document.enter("")
    assert set(nested.view.annotations.items) == {"note_1"}
    nested.view.grouping.set_folded("group_1", False)
    assert set(nested.view.annotations.items) == {"frame_1", "note_1"}
    box, frame = nested.view.graph_scene.boxes["group_1"], nested.view.annotations.items["frame_1"]
    assert box.scene_card().contains(frame.card())


def test_what_is_stuck_inside_a_level_stays_there(nested):
    nested.view.annotations.add_note()
    nested.view.document.select(("a",))
    nested.view.annotations.add_frame()

    assert drawn(nested)["note_2"].group == "group_1"
    assert drawn(nested)["frame_2"].group == "group_1"


def test_a_note_dropped_in_an_open_group_lies_in_it_and_moves_with_it(framed):
    view = framed.view
    view.document.select(("x", "a"))
    view.grouping.group()
    view.grouping.set_folded("group_1", False)
    inside = view.graph_scene.boxes["group_1"].scene_card().center()
    framed.drag(framed.at(640, 280), framed.at(inside.x(), inside.y()))
    assert drawn(framed)["note_1"].group == "group_1"

    before, left = drawn(framed)["note_1"].position, position(framed, "x")
    view.document.move({"group_1": tuple(c + 64 for c in view.document.position_of("group_1"))})
    assert drawn(framed)["note_1"].position == (before[0] + 64, before[1] + 64)
    assert position(framed, "x") == (left[0] + 64, left[1] + 64)


# Together with nodes


def test_ctrl_click_selects_notes_and_nodes_together_and_lets_go_of_one(framed):
    framed.click(framed.node("b"))
    framed.click(framed.at(600, 270), CTRL)
    framed.click(framed.at(200, 28), CTRL)
    assert framed.view.document.selection == ("b",)
    assert framed.view.annotations.chosen == ("note_1", "frame_1")

    framed.click(framed.at(600, 270), CTRL)
    assert framed.view.annotations.chosen == ("frame_1",)
    framed.click(framed.node("b"), CTRL)
    assert framed.view.document.selection == ()
    assert framed.view.annotations.chosen == ("frame_1",)


def test_the_rubber_band_takes_notes_that_it_touches_and_frames_that_it_holds(framed):
    framed.drag(framed.at(500, 40), framed.at(600, 260))
    assert framed.view.document.selection == ("b",)
    assert framed.view.annotations.chosen == ("note_1",)

    framed.drag(framed.at(4, 4), framed.at(470, 170), SHIFT)
    assert set(framed.view.document.selection) == {"x", "a", "b"}
    assert set(framed.view.annotations.chosen) == {"note_1", "frame_1"}


def test_select_all_takes_frames_and_notes_and_says_so(framed):
    framed.key(Qt.Key.Key_A, CTRL)

    assert len(framed.view.document.selection) == 3
    assert set(framed.view.annotations.chosen) == {"frame_1", "note_1"}
    assert framed.view.accessibleDescription() == "3 nodes selected"


def test_arrows_move_a_chosen_frame_with_what_stands_in_it(framed):
    framed.click(framed.at(200, 28))
    framed.key(Qt.Key.Key_Right)
    framed.key(Qt.Key.Key_Right)

    assert drawn(framed)["frame_1"].position == (32, 16)
    assert position(framed, "x") == (56, 60)
    framed.view.document.undo.undo()
    assert drawn(framed)["frame_1"].position == (16, 16)
    assert position(framed, "x") == (40, 60)


def test_a_node_drags_the_note_along_that_is_selected_with_it(framed):
    framed.click(framed.at(600, 270))
    framed.click(framed.node("b"), CTRL)
    framed.drag(framed.node("b"), framed.node("b") + QPoint(64, 0))

    assert position(framed, "b")[0] > 600
    assert drawn(framed)["note_1"].position[0] - 560 == position(framed, "b")[0] - 560


def test_copies_carry_notes_and_are_selected(framed):
    framed.click(framed.node("b"))
    framed.click(framed.at(600, 270), CTRL)
    framed.key(Qt.Key.Key_D, CTRL)
    assert drawn(framed)["note_2"].text == "Why?"
    assert framed.view.annotations.chosen == ("note_2",)

    framed.key(Qt.Key.Key_C, CTRL)
    framed.key(Qt.Key.Key_V, CTRL)
    assert framed.view.annotations.chosen == ("note_3",)
    assert len(framed.view.document.graph) == 5


def test_delete_takes_nodes_and_notes_in_one_edit(framed):
    framed.key(Qt.Key.Key_A, CTRL)
    framed.key(Qt.Key.Key_Delete)
    assert not drawn(framed)
    assert not len(framed.view.document.graph)

    framed.view.document.undo.undo()
    assert set(drawn(framed)) == {"frame_1", "note_1"}
    assert len(framed.view.document.graph) == 3


def test_notes_are_lined_up_with_nodes(framed):
    framed.click(framed.node("a"))
    framed.click(framed.at(600, 270), CTRL)
    framed.view.arranging.align("left")

    assert drawn(framed)["note_1"].position == (240, 240)


def test_the_keys_walk_to_a_note_and_edit_it(framed):
    framed.view.document.select(("b",))
    framed.key(Qt.Key.Key_Down, ALT)
    assert framed.view.annotations.chosen == ("note_1",)
    assert framed.view.accessibleDescription() == "note “Why?” selected"
    framed.key(Qt.Key.Key_F2)
    QTest.keyClicks(framed.view.annotations.editor.field, "Because")
    QTest.keyClick(framed.view.annotations.editor.field, Qt.Key.Key_Return, CTRL)
    assert drawn(framed)["note_1"].text == "Because"

    framed.key(Qt.Key.Key_Up, ALT)
    assert framed.view.document.selection == ("b",)
    assert framed.view.annotations.chosen == ()


# Arranging


def test_a_frame_follows_its_nodes_when_they_are_arranged_and_a_note_its_neighbour(framed):
    view = framed.view
    view.document.move({"a": (240, 300), "x": (40, 60)})
    view.document.change_annotation(
        Annotation("frame_1", "frame", "Encoder", (16, 16), (440, 380)), "Resize"
    )
    before = drawn(framed)
    gap = before["note_1"].position[1] - position(framed, "b")[1]
    view.arranging.arrange()
    view.arranging.glide.stop()

    frame = view.annotations.items["frame_1"].card()
    assert all(frame.contains(view.graph_scene.nodes[i].scene_card()) for i in ("x", "a"))
    assert frame.height() < 380
    assert drawn(framed)["note_1"].position[1] - position(framed, "b")[1] == gap
    view.document.undo.undo()
    assert drawn(framed) == before
    assert position(framed, "a") == (240, 300)


def test_the_menu_of_a_note_is_about_it(framed):
    framed.view.context_menu.open(framed.at(600, 270))
    names = [action.objectName() for action in framed.view.context_menu.menu.actions()]
    framed.view.context_menu.menu.close()

    assert framed.view.annotations.chosen == ("note_1",)
    assert "edit.delete" in names
    assert "network.mute" not in names


def test_the_menu_of_several_lines_them_up(framed):
    framed.view.document.select(("x", "a"))
    framed.view.context_menu.open(framed.node("a"))
    (submenu,) = [a.menu() for a in framed.view.context_menu.menu.actions() if a.menu()]
    names = [action.objectName() for action in submenu.actions()]
    framed.view.context_menu.menu.close()

    assert {"network.align_left", "network.distribute_down", "network.arrange"} <= set(names)


def test_a_note_that_no_pointer_points_out_a_place_for_covers_no_node(framed):
    view = framed.view
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    view.centerOn(view.graph_scene.nodes["a"].scene_card().center())
    view.annotations.add_note()

    note = view.annotations.items["note_2"].card()
    assert not view.graph_scene.nodes_in(note)
