"""Wires with the mouse: drawn, refused, taken off, dropped in the empty."""

import pytest
from PySide6.QtCore import QPoint, Qt

from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.merge_elementwise import Add
from engine.layers.terminal import Input
from gui.canvas.ports import PortEnd
from tests.tools.mouse import ALT, MIDDLE, NONE

XA = Wire("x", "a")
A_LOSS = Wire("a", "loss", target_port="prediction")


def test_dragging_from_port_to_port_draws_a_wire(canvas, chain):
    hand = canvas(chain)
    hand.wire_up("a", "loss", "prediction")

    assert hand.view.document.graph.wires == (XA, A_LOSS)
    assert hand.view.document.undo.undoText() == "Wire Dense to Cross-entropy"


def test_dragging_backwards_draws_the_same_wire(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.input("loss", "prediction"), hand.output("a"))

    assert A_LOSS in hand.view.document.graph.wires


def test_dropping_on_the_body_of_a_node_finds_its_port(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.output("a"), hand.node("loss"))

    assert A_LOSS in hand.view.document.graph.wires


def test_clicking_one_port_and_then_the_other_draws_a_wire(canvas, chain):
    hand = canvas(chain)
    hand.click(hand.output("a"))
    hand.move(hand.at(420, 60))
    hand.click(hand.input("loss", "prediction"))

    assert A_LOSS in hand.view.document.graph.wires


def test_the_canvas_can_be_moved_while_a_wire_hangs_on_the_pointer(canvas, chain):
    hand = canvas(chain)
    hand.click(hand.output("a"))
    hand.drag(hand.at(400, 100), hand.at(440, 140), button=MIDDLE)
    hand.click(hand.input("loss", "prediction"))

    assert A_LOSS in hand.view.document.graph.wires


def test_escape_drops_a_wire_that_is_being_drawn(canvas, chain):
    hand = canvas(chain)
    hand.hold(hand.output("a"), hand.input("loss", "prediction"))
    hand.key(Qt.Key.Key_Escape)
    hand.release(hand.input("loss", "prediction"))

    assert hand.view.document.graph.wires == (XA,)
    assert hand.view.gesture is None


def test_ports_that_can_take_the_wire_glow_and_others_do_not(canvas, chain):
    hand = canvas(chain)
    hand.hold(hand.output("a"), hand.at(400, 100))
    items = hand.view.graph_scene.nodes

    assert PortEnd("loss", "prediction", False) in items["loss"].joinable
    assert PortEnd("b", "in", False) in items["b"].joinable
    assert items["a"].joinable == {PortEnd("a", "out", True)}
    assert items["x"].joinable == frozenset()
    hand.release(hand.output("a"))


def test_ports_that_come_into_sight_glow_too(canvas, chain):
    hand = canvas(chain)
    hand.view.document.move({"loss": (3000, 0)})
    hand.click(hand.output("a"))
    item = hand.view.graph_scene.nodes["loss"]
    assert item.joinable is None
    hand.view.pan_by(2600, 0)
    hand.move(QPoint(500, 400))

    assert PortEnd("loss", "prediction", False) in item.joinable
    hand.key(Qt.Key.Key_Escape)
    assert item.joinable is None


def test_over_an_occupied_port_it_is_said_whose_place_the_wire_takes(canvas, chain):
    hand = canvas(chain)
    hand.hold(hand.output("b"), hand.input("a"))
    said = hand.view.note.sentence
    hand.release(hand.input("a"))

    assert said == "Takes the place of the wire from Input."
    assert hand.view.document.graph.wires == (Wire("b", "a"),)
    assert hand.view.document.undo.count() == 1
    hand.view.document.undo.undo()
    assert hand.view.document.graph.wires == (XA,)


def test_the_end_of_a_wire_is_not_put_in_the_place_of_another(canvas, chain):
    hand = canvas(chain)
    hand.wire_up("a", "b")
    hand.drag(hand.wire(Wire("a", "b"), 0.9), hand.input("a"))

    assert hand.view.document.graph.wires == (XA, Wire("a", "b"))
    assert hand.view.note.sentence


def test_values_that_would_not_fit_are_refused_with_the_remedy(canvas):
    hand = canvas(
        Graph(
            [
                Node("image", Input(shape=(1, 8, 8)), position=(0, 0)),
                Node("a", Dense(), position=(240, 0)),
            ]
        )
    )
    hand.wire_up("image", "a")

    assert hand.view.document.graph.wires == ()
    assert hand.view.note.sentence == (
        "Dense needs rows of features (D,), got (1, 8, 8). Put a Flatten before it."
    )


@pytest.fixture
def before_a_loop():
    """Two inputs of one size; what is joined of both goes through a Dense of that size."""
    nodes = [
        Node("x", Input(shape=(4,)), position=(0, 160)),
        Node("sum", Add(), position=(200, 0)),
        Node("a", Dense(units=4), position=(440, 0)),
    ]
    return Graph(nodes, [Wire("x", "sum"), Wire("sum", "a")])


def test_a_wire_that_closes_a_loop_arrives_a_step_later(canvas, before_a_loop):
    hand = canvas(before_a_loop)
    hand.hold(hand.output("a"), hand.input("sum"))
    said = hand.view.note.sentence
    hand.release(hand.input("sum"))

    assert said == "Closes a loop: arrives one step later."
    assert hand.view.document.graph.wires[-1] == Wire("a", "sum", delay=1)
    assert hand.view.document.undo.undoText() == "Wire Dense to Add"
    hand.view.document.undo.undo()
    assert len(hand.view.document.graph.wires) == 2


def test_a_wire_that_takes_a_step_comes_back_beneath_its_nodes(canvas, before_a_loop):
    hand = canvas(before_a_loop)
    hand.wire_up("a", "sum")
    items = hand.view.graph_scene
    lowest = items.wires[Wire("a", "sum", delay=1)].point_at(0.5).y()

    assert lowest > items.nodes["a"].scene_card().bottom()


def test_a_loop_is_closed_with_the_keys_after_all_else_that_can_be_joined(canvas, before_a_loop):
    hand = canvas(before_a_loop)
    hand.view.document.add_node(Dense(), (440, 200))
    hand.view.document.select(["a"])
    hand.key(Qt.Key.Key_W)
    choices = [end.node for end in hand.view.gesture.choices]
    hand.key(Qt.Key.Key_Backtab)
    said = hand.view.note.sentence
    hand.key(Qt.Key.Key_Return)

    assert choices == ["dense_1", "sum"]
    assert said == "Closes a loop: arrives one step later."
    assert hand.view.document.graph.wires[-1].delay == 1


def test_taking_the_end_off_and_letting_go_in_the_empty_detaches(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.input("a"), hand.at(150, 200))

    assert hand.view.document.graph.wires == ()
    assert hand.view.document.undo.count() == 1


def test_taking_the_end_off_and_letting_go_on_another_port_rewires(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.input("a"), hand.input("b"))

    assert hand.view.document.graph.wires == (Wire("x", "b"),)
    hand.view.document.undo.undo()
    assert hand.view.document.graph.wires == (XA,)


def test_dragging_a_wire_takes_its_nearer_end_off(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.wire(XA, 0.7), hand.input("b"))

    assert hand.view.document.graph.wires == (Wire("x", "b"),)


def test_putting_the_end_back_where_it_was_changes_nothing(canvas, chain):
    hand = canvas(chain)
    hand.hold(hand.input("a"), hand.at(150, 200))
    hand.move(hand.input("a"))
    hand.release(hand.input("a"))

    assert hand.view.document.graph.wires == (XA,)
    assert hand.view.document.undo.count() == 0
    assert hand.view.graph_scene.wires[XA].isVisible()


def test_a_click_selects_a_wire_and_delete_removes_it(canvas, chain):
    hand = canvas(chain)
    hand.click(hand.wire(XA))

    assert hand.view.graph_scene.selected_wires == {XA}
    hand.key(Qt.Key.Key_Delete)
    assert hand.view.document.graph.wires == ()
    assert hand.view.document.undo.undoText() == "Remove wire"


def test_alt_and_a_click_on_a_port_break_its_wires(canvas, xor):
    hand = canvas(xor)
    hand.click(hand.input("n1"), ALT)

    assert not hand.view.document.graph.incoming("n1")
    hand.view.document.undo.undo()
    assert len(hand.view.document.graph.incoming("n1")) == 2


def test_a_port_of_many_wires_starts_another_one(canvas, xor):
    hand = canvas(xor)
    hand.drag(hand.input("out"), hand.output("x1"))

    assert hand.view.document.graph.incoming("out")[-1] == Wire("x1", "out")


def test_a_wire_let_go_over_nothing_offers_what_fits_and_wires_it(canvas, chain):
    hand = canvas(chain)
    hand.drag(hand.output("a"), hand.at(460, 150))
    offered = [hand.view.popup.list.item(i).text() for i in range(hand.view.popup.list.count())]

    assert "Dense" in offered
    assert "Input" not in offered
    hand.type("drop")
    hand.key(Qt.Key.Key_Return)
    assert hand.view.document.graph.wires == (XA, Wire("a", "dropout_1"))
    assert hand.view.document.selection == ("dropout_1",)
    hand.view.document.undo.undo()
    assert "dropout_1" not in hand.view.document.graph


def test_a_wire_from_an_image_offers_no_layer_that_needs_features(canvas):
    hand = canvas(Graph([Node("image", Input(shape=(1, 8, 8)), position=(0, 0))]))
    hand.drag(hand.output("image"), hand.at(300, 100))
    offered = [hand.view.popup.list.item(i).text() for i in range(hand.view.popup.list.count())]

    assert "Flatten" in offered
    assert "Dense" not in offered


def test_the_right_button_drops_a_wire(canvas, chain):
    hand = canvas(chain)
    hand.click(hand.output("a"))
    hand.press(QPoint(300, 300), NONE, Qt.MouseButton.RightButton)

    assert hand.view.gesture is None
    hand.click(hand.input("loss", "prediction"))
    assert hand.view.document.graph.wires == (XA,)
