"""Nodes with the mouse: selected, moved, copied, inserted, renamed."""

from PySide6.QtCore import QPoint, Qt

from engine.graph.model import Wire
from tests.tools.mouse import ALT, CTRL, MIDDLE, SHIFT


def position(hand, node_id):
    return hand.view.document.graph.node(node_id).position


def test_a_click_selects_one_node(canvas, chain):
    hand = canvas(chain)
    hand.click(hand.node("a"))
    hand.click(hand.node("b"))

    assert hand.view.document.selection == ("b",)
    assert hand.view.graph_scene.nodes["b"].ringed
    assert not hand.view.graph_scene.nodes["a"].ringed


def test_shift_adds_and_ctrl_takes_out(canvas, chain):
    hand = canvas(chain)
    hand.click(hand.node("a"))
    hand.click(hand.node("b"), SHIFT)
    hand.click(hand.node("x"), CTRL)

    assert hand.view.document.selection == ("a", "b", "x")
    hand.click(hand.node("b"), CTRL)
    assert hand.view.document.selection == ("a", "x")


def test_a_click_on_one_of_several_selected_leaves_that_one(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["a", "b"])
    hand.click(hand.node("a"))

    assert hand.view.document.selection == ("a",)


def test_a_click_in_the_empty_selects_nothing(canvas, chain):
    hand = canvas(chain)
    hand.click(hand.node("a"))
    hand.click(hand.at(100, 300))

    assert hand.view.document.selection == ()


def test_a_rubber_band_selects_what_it_touches(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.at(200, 230), hand.at(260, -30))

    assert set(hand.view.document.selection) == {"a", "b"}


def test_a_rubber_band_with_shift_adds(canvas, chain):
    hand = canvas(chain)
    hand.click(hand.node("x"))
    hand.drag(hand.at(200, 230), hand.at(260, 100), SHIFT)

    assert set(hand.view.document.selection) == {"x", "b"}


def test_escape_gives_the_selection_before_the_rubber_band_back(canvas, chain):
    hand = canvas(chain)
    hand.click(hand.node("x"))
    hand.hold(hand.at(200, 230), hand.at(260, -30))
    hand.key(Qt.Key.Key_Escape)

    assert hand.view.document.selection == ("x",)
    assert len(hand.view.scene().items()) == len(chain.nodes) + len(chain.wires)


def test_dragging_moves_a_node_onto_the_grid_in_one_step(canvas, chain):
    hand = canvas(chain)
    start = hand.node("b")
    hand.drag(start, start + QPoint(53, 30))
    x, y = position(hand, "b")

    assert (x, y + 24) == (296, 216)
    assert hand.view.document.undo.count() == 1
    assert hand.view.document.undo.undoText() == "Move Dense"


def test_all_selected_nodes_move_together(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["a", "b"])
    start = hand.node("b")
    hand.drag(start, start + QPoint(32, 16))

    assert (position(hand, "a"), position(hand, "b")) == ((272, 16), (272, 176))
    assert hand.view.document.undo.undoText() == "Move 2 nodes"


def test_wires_follow_a_node_while_it_is_dragged(canvas, chain):
    hand = canvas(chain)
    start = hand.node("a")
    hand.hold(start, start + QPoint(32, 64))
    scene = hand.view.graph_scene

    assert scene.wires[Wire("x", "a")].point_at(1) == scene.nodes["a"].port_point("in", False)
    assert position(hand, "a") == (240, 0)
    hand.key(Qt.Key.Key_Escape)
    assert scene.nodes["a"].pos().toTuple() == (240, 0)
    assert hand.view.document.undo.count() == 0


def test_a_tremble_of_the_hand_is_no_drag(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.node("a"), hand.node("a") + QPoint(1, 1))

    assert hand.view.document.undo.count() == 0


def test_dragging_with_alt_leaves_the_original_and_moves_a_copy(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.node("b"), hand.node("b") + QPoint(160, 32), ALT)

    assert position(hand, "b") == (240, 160)
    assert position(hand, "dense_1") == (400, 192)
    assert hand.view.document.selection == ("dense_1",)
    assert hand.view.document.undo.count() == 1


def test_escape_drops_the_copy(canvas, chain):
    hand = canvas(chain)
    hand.hold(hand.node("b"), hand.node("b") + QPoint(160, 32), ALT)
    hand.key(Qt.Key.Key_Escape)

    assert len(hand.view.document.graph) == 4
    assert len(hand.view.scene().items()) == len(chain.nodes) + len(chain.wires)


def test_a_lone_node_dropped_on_a_wire_goes_into_it(canvas, chain):
    hand = canvas(chain)
    scene = hand.view.graph_scene
    middle = scene.wires[Wire("x", "a")].point_at(0.5)
    away = middle - scene.nodes["b"].scene_card().center()
    hand.drag(hand.node("b"), hand.node("b") + away.toPoint())

    assert set(hand.view.document.graph.wires) == {Wire("x", "b"), Wire("b", "a")}
    assert hand.view.document.undo.count() == 1


def test_with_alt_a_node_dropped_on_a_wire_stays_beside_it(canvas, chain):
    hand = canvas(chain)
    scene = hand.view.graph_scene
    middle = scene.wires[Wire("x", "a")].point_at(0.5)
    away = middle - scene.nodes["b"].scene_card().center()
    start = hand.node("b")
    hand.move(start)
    hand.press(start)
    hand.move(start + away.toPoint() / 2)
    hand.move_with(start + away.toPoint(), ALT)
    hand.release(start + away.toPoint(), ALT)

    assert hand.view.document.graph.wires == (Wire("x", "a"),)


def test_the_middle_button_moves_the_view(canvas, chain):
    hand = canvas(chain)
    before = hand.at(0, 0)
    hand.drag(QPoint(100, 100), QPoint(160, 130), button=MIDDLE)

    assert hand.at(0, 0) - before == QPoint(60, 30)


def test_the_right_button_moves_the_view_too(canvas, chain):
    hand = canvas(chain)
    before = hand.at(0, 0)
    hand.drag(QPoint(100, 100), QPoint(160, 130), button=Qt.MouseButton.RightButton)

    assert hand.at(0, 0) - before == QPoint(60, 30)


def test_space_and_a_drag_move_the_view(canvas, chain):
    hand = canvas(chain)
    before = hand.at(0, 0)
    hand.hold_key(Qt.Key.Key_Space)
    hand.drag(hand.node("a"), hand.node("a") + QPoint(40, 20))
    hand.let_key(Qt.Key.Key_Space)

    assert hand.at(0, 0) - before == QPoint(40, 20)
    assert hand.view.document.undo.count() == 0


def test_the_wheel_zooms_and_keeps_the_place_under_the_pointer(canvas, chain):
    hand = canvas(chain)
    place = hand.node("a")
    before = hand.view.mapToScene(place)
    zooms = []
    hand.view.zoom_changed.connect(zooms.append)
    hand.wheel(place, 3)
    after = hand.view.mapToScene(place)

    assert hand.view.zoom > 1.4
    assert zooms == [hand.view.zoom]
    assert (after - before).manhattanLength() < 2


def test_a_double_click_on_the_title_renames(canvas, chain):
    hand = canvas(chain)
    hand.double_click(hand.title("b"))
    hand.type("hidden")
    hand.key(Qt.Key.Key_Return)

    assert hand.view.document.graph.node("b").name == "hidden"
    assert hand.view.hasFocus()


def test_escape_leaves_the_name_as_it_was(canvas, chain):
    hand = canvas(chain)
    hand.double_click(hand.title("b"))
    hand.type("hidden")
    hand.key(Qt.Key.Key_Escape)

    assert hand.view.document.graph.node("b").name == ""
    assert not hand.view.rename_field.isVisible()


def test_a_click_elsewhere_takes_the_typed_name(canvas, chain):
    hand = canvas(chain)
    hand.double_click(hand.title("b"))
    hand.type("hidden")
    hand.click(hand.at(100, 300))

    assert hand.view.document.graph.node("b").name == "hidden"


def test_a_double_click_in_the_empty_adds_there(canvas, chain):
    hand = canvas(chain)
    hand.double_click(hand.at(600, 200))
    hand.type("conc")
    hand.key(Qt.Key.Key_Return)

    assert position(hand, "concat_1") == (600, 176)


def test_an_entry_dropped_from_the_palette_is_added_there(canvas, chain):
    hand = canvas(chain)
    hand.drop("Dense", hand.at(600, 200))

    assert hand.view.document.selection == ("dense_1",)
    assert hand.view.graph_scene.nodes["dense_1"].scene_card().contains(600, 200)


def test_an_entry_dropped_on_a_wire_goes_into_it(canvas, chain):
    hand = canvas(chain)
    hand.drop("Dropout", hand.wire(Wire("x", "a")))

    assert set(hand.view.document.graph.wires) == {
        Wire("x", "dropout_1"),
        Wire("dropout_1", "a"),
    }
    assert hand.view.document.undo.count() == 1


def test_a_new_node_does_not_cover_another(canvas, chain):
    hand = canvas(chain)
    hand.drop("Dense", hand.node("b"))
    scene = hand.view.graph_scene

    assert not scene.nodes["dense_1"].scene_card().intersects(scene.nodes["b"].scene_card())
