"""Strokes across wires, points on them, and wires that are moved, healed and joined."""

import pytest
from PySide6.QtCore import QPoint, Qt

from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.merge import Concat
from engine.layers.neuron import Neuron
from engine.layers.reroute import Reroute
from engine.layers.terminal import Input, Loss
from tests.tools.mouse import ALT, CTRL, NONE, SHIFT

Key = Qt.Key
RIGHT = Qt.MouseButton.RightButton
XA, AB, B_LOSS = Wire("x", "a"), Wire("a", "b"), Wire("b", "loss", target_port="prediction")


@pytest.fixture
def row():
    """Input, two Dense layers and a loss in a row, all wired."""
    return Graph(
        [
            Node("x", Input(shape=(4,)), position=(0, 0)),
            Node("a", Dense(units=3), position=(200, 0)),
            Node("b", Dense(units=3, activation="softmax"), position=(400, 0)),
            Node("loss", Loss(), position=(600, 0)),
        ],
        [XA, AB, B_LOSS],
    )


def stroke(hand, wires, modifiers=NONE, button=RIGHT):
    """Downwards through the middle of each wire."""
    middles = [hand.wire(wire) for wire in wires]
    places = [middle + away for middle in middles for away in (QPoint(-6, -30), QPoint(6, 30))]
    hand.move(places[0])
    hand.press(places[0], modifiers, button)
    for place in places[1:]:
        hand.move(place)
    hand.release(places[-1], modifiers, button)


def points(hand):
    return [n.id for n in hand.view.document.graph.nodes if isinstance(n.layer, Reroute)]


# Cutting


def test_ctrl_and_a_right_drag_cut_the_wires_they_cross(canvas, row):
    hand = canvas(row)
    stroke(hand, [XA, AB], CTRL)

    assert hand.view.document.graph.wires == (B_LOSS,)
    assert hand.view.document.undo.undoText() == "Cut 2 wires"
    hand.key(Key.Key_Z, CTRL)
    hand.view.document.undo.undo()
    assert hand.view.document.graph.wires == (XA, AB, B_LOSS)


def test_y_and_a_drag_cut_too(canvas, row):
    hand = canvas(row)
    hand.hold_key(Key.Key_Y)
    stroke(hand, [AB], button=Qt.MouseButton.LeftButton)
    hand.let_key(Key.Key_Y)

    assert hand.view.document.graph.wires == (XA, B_LOSS)
    assert hand.view.document.undo.undoText() == "Cut wire"


def test_wires_that_will_be_cut_are_marked_and_escape_spares_them(canvas, row):
    hand = canvas(row)
    start, end = hand.wire(XA) - QPoint(6, 30), hand.wire(XA) + QPoint(6, 30)
    hand.hold(start, end, CTRL, RIGHT)
    item = hand.view.graph_scene.wires[XA]
    assert item.doomed
    hand.key(Key.Key_Escape)
    hand.release(end, CTRL, RIGHT)

    assert not item.doomed
    assert len(hand.view.document.graph.wires) == 3
    assert hand.view.document.undo.count() == 0


def test_a_stroke_across_nothing_is_no_edit(canvas, row):
    hand = canvas(row)
    hand.drag(hand.at(0, 200), hand.at(300, 250), CTRL, RIGHT)

    assert hand.view.document.undo.count() == 0


# Points on wires


def test_shift_and_a_right_drag_put_a_point_where_they_cross(canvas, row):
    hand = canvas(row)
    middle = hand.view.graph_scene.wires[AB].point_at(0.5)
    stroke(hand, [AB], SHIFT)
    (point,) = points(hand)
    graph = hand.view.document.graph

    assert Wire("a", point) in graph.wires
    assert Wire(point, "b") in graph.wires
    assert AB not in graph.wires
    card = hand.view.graph_scene.nodes[point].scene_card()
    assert (card.center() - middle).manhattanLength() < 3
    assert hand.view.document.selection == (point,)
    assert hand.view.document.undo.undoText() == "Add reroute point"


def test_wires_of_one_port_share_a_point(canvas):
    nodes = [
        Node("x", Input(shape=(4,)), position=(0, 60)),
        Node("a", Dense(), position=(300, 0)),
        Node("b", Dense(), position=(300, 120)),
    ]
    wires = [Wire("x", "a"), Wire("x", "b")]
    hand = canvas(Graph(nodes, wires))
    stroke(hand, wires, SHIFT)
    (point,) = points(hand)

    assert set(hand.view.document.graph.wires) == {
        Wire("x", point),
        Wire(point, "a"),
        Wire(point, "b"),
    }


def test_alt_and_a_drag_on_a_wire_pull_a_point_out_of_it(canvas, row):
    hand = canvas(row)
    start = hand.wire(AB)
    hand.drag(start, start + QPoint(0, 80), ALT)
    (point,) = points(hand)

    assert hand.view.document.graph.node(point).position[1] >= 80
    assert hand.view.document.graph.incoming("b") == (Wire(point, "b"),)


def test_a_double_click_on_a_wire_puts_a_point_there(canvas, row):
    hand = canvas(row)
    hand.double_click(hand.wire(XA))

    assert len(points(hand)) == 1


def test_r_leads_the_selected_wire_through_a_point(canvas, row):
    hand = canvas(row)
    hand.click(hand.wire(AB))
    hand.move(hand.at(100, 300))
    hand.key(Key.Key_R)

    assert len(points(hand)) == 1
    assert AB not in hand.view.document.graph.wires


def test_a_point_keeps_the_shape_and_the_kind_of_what_it_carries(canvas, row):
    hand = canvas(row)
    hand.double_click(hand.wire(AB))
    (point,) = points(hand)
    item = hand.view.graph_scene.wires[Wire(point, "b")]

    assert item.kind == "vector"
    assert item.words == "3 · vector"


def test_a_point_is_moved_by_its_middle_and_wired_from_its_right(canvas, row):
    hand = canvas(row)
    hand.double_click(hand.wire(AB))
    (point,) = points(hand)
    item = hand.view.graph_scene.nodes[point]
    middle = item.scene_card().center()
    hand.drag(hand.at(middle.x(), middle.y()), hand.at(middle.x(), middle.y() + 120))
    moved = item.scene_card().center()
    assert moved.y() - middle.y() > 100

    hand.view.document.add_node(Dense(), (600, 160))
    hand.drag(hand.at(moved.x() + 13, moved.y()), hand.input("dense_1"))
    assert Wire(point, "dense_1") in hand.view.document.graph.wires


def test_deleting_a_point_leaves_the_wire(canvas, row):
    hand = canvas(row)
    hand.double_click(hand.wire(AB))
    hand.key(Key.Key_Delete)

    assert set(hand.view.document.graph.wires) == {XA, AB, B_LOSS}
    assert points(hand) == []


# Healing, detaching and joining


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_ctrl_and_delete_join_what_the_node_stood_between(canvas, row, key):
    hand = canvas(row)
    hand.view.document.select(["a"])
    hand.key(key, CTRL)

    assert hand.view.document.graph.wires == (Wire("x", "b"), B_LOSS)
    assert hand.view.document.undo.undoText() == "Delete and heal Dense"
    hand.view.document.undo.undo()
    assert hand.view.document.graph.wires == (XA, AB, B_LOSS)


def test_several_nodes_in_a_row_heal_at_once(canvas, row):
    hand = canvas(row)
    hand.view.document.select(["b", "a"])
    hand.key(Key.Key_Delete, CTRL)

    assert hand.view.document.graph.wires == (Wire("x", "loss", target_port="prediction"),)


def test_shift_j_takes_a_node_out_and_closes_the_wire_behind_it(canvas, row):
    hand = canvas(row)
    hand.view.document.select(["a"])
    hand.key(Key.Key_J, SHIFT)
    graph = hand.view.document.graph

    assert not graph.incoming("a")
    assert not graph.outgoing("a")
    assert Wire("x", "b") in graph.wires
    assert hand.view.document.undo.undoText() == "Detach Dense"


def test_j_joins_the_selected_nodes_from_left_to_right(canvas, row):
    hand = canvas(row)
    stroke(hand, [XA, AB, B_LOSS], CTRL)
    hand.key(Key.Key_A, CTRL)
    hand.key(Key.Key_J)

    assert hand.view.document.graph.wires == (XA, AB, B_LOSS)
    assert hand.view.document.undo.undoText() == "Join 4 nodes"


def test_j_wires_every_neuron_of_a_column_to_every_one_of_the_next(canvas):
    nodes = [
        Node("x1", Input(shape=(1,)), position=(0, 0)),
        Node("x2", Input(shape=(1,)), position=(0, 96)),
        Node("n1", Neuron(), position=(200, 0)),
        Node("n2", Neuron(), position=(200, 96)),
        Node("y", Neuron(), position=(400, 48)),
    ]
    hand = canvas(Graph(nodes))
    hand.key(Key.Key_A, CTRL)
    hand.key(Key.Key_J)

    assert set(hand.view.document.graph.wires) == {
        *(Wire(x, n) for x in ("x1", "x2") for n in ("n1", "n2")),
        Wire("n1", "y"),
        Wire("n2", "y"),
    }
    assert hand.view.document.undo.count() == 1


def test_j_with_nothing_to_join_says_what_it_needs(canvas, row):
    hand = canvas(row)
    hand.view.document.select(["a"])
    hand.key(Key.Key_J)

    assert hand.view.note.sentence == "Select two nodes or more that stand side by side."


def test_j_that_is_refused_gives_the_reason_and_changes_nothing(canvas, row):
    hand = canvas(row)
    hand.view.document.select(["a", "b"])
    hand.key(Key.Key_J)

    assert hand.view.note.sentence.startswith("Dense is already wired to Dense")
    assert hand.view.document.undo.count() == 0


# Moving links


def test_ctrl_and_a_drag_move_all_wires_of_an_output(canvas):
    nodes = [
        Node("x", Input(shape=(4,)), position=(0, 0)),
        Node("other", Input(shape=(4,)), position=(0, 140)),
        Node("a", Dense(), position=(300, 0)),
        Node("b", Dense(), position=(300, 140)),
    ]
    hand = canvas(Graph(nodes, [Wire("x", "a"), Wire("x", "b")]))
    hand.drag(hand.output("x"), hand.output("other"), CTRL)

    assert hand.view.document.graph.wires == (Wire("other", "a"), Wire("other", "b"))
    assert hand.view.document.undo.undoText() == "Move 2 wires"
    hand.view.document.undo.undo()
    assert hand.view.document.graph.wires == (Wire("x", "a"), Wire("x", "b"))


def test_wires_moved_to_where_one_does_not_fit_stay_with_the_reason(canvas):
    nodes = [
        Node("x", Input(shape=(4,)), position=(0, 0)),
        Node("image", Input(shape=(1, 8, 8)), position=(0, 140)),
        Node("a", Dense(), position=(300, 0)),
    ]
    hand = canvas(Graph(nodes, [Wire("x", "a")]))
    hand.drag(hand.output("x"), hand.output("image"), CTRL)

    assert hand.view.document.graph.wires == (Wire("x", "a"),)
    assert hand.view.note.sentence.endswith("Put a Flatten before it.")
    assert hand.view.graph_scene.wires[Wire("x", "a")].isVisible()


def test_links_let_go_in_the_empty_stay_where_they_were(canvas, row):
    hand = canvas(row)
    hand.drag(hand.output("x"), hand.at(100, 300), CTRL)

    assert hand.view.document.graph.wires == (XA, AB, B_LOSS)
    assert hand.view.document.undo.count() == 0


# Hovering


def test_a_port_lights_up_its_wires(canvas):
    nodes = [
        Node("x", Input(shape=(4,)), position=(0, 0)),
        Node("a", Dense(), position=(300, 0)),
        Node("b", Dense(), position=(300, 140)),
        Node("join", Concat(), position=(600, 0)),
    ]
    wires = [Wire("x", "a"), Wire("x", "b"), Wire("a", "join")]
    hand = canvas(Graph(nodes, wires))
    hand.move(hand.at(150, 300))
    hand.move(hand.output("x"))
    items = hand.view.graph_scene.wires

    assert [items[wire].hovered for wire in wires] == [True, True, False]
    hand.move(hand.at(150, 300))
    assert not any(item.hovered for item in items.values())


# Shaking


def shake(hand, node_id):
    start = hand.node(node_id)
    hand.move(start)
    hand.press(start)
    for across in (40, -40, 40, -40, 40, -40):
        hand.move(start + QPoint(across, 0))
    hand.release(start + QPoint(0, 60))


def test_a_shaken_node_leaves_its_wires_when_that_is_wanted(canvas, row):
    hand = canvas(row)
    hand.view.set_shake(True)
    shake(hand, "a")
    graph = hand.view.document.graph

    assert not graph.incoming("a")
    assert Wire("x", "b") in graph.wires
    assert hand.view.document.undo.count() == 1
    hand.view.document.undo.undo()
    assert set(graph.wires) == {XA, AB, B_LOSS}


def test_shaking_does_nothing_unless_it_is_wanted(canvas, row):
    hand = canvas(row)
    shake(hand, "a")

    assert set(hand.view.document.graph.wires) == {XA, AB, B_LOSS}
