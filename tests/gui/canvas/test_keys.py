"""The keyboard alone builds, walks, copies and undoes nothing by accident."""

from PySide6.QtCore import Qt

from engine.graph.model import Wire
from tests.tools.mouse import ALT, CTRL, SHIFT

Key = Qt.Key


def add(hand, name):
    hand.key(Key.Key_Tab)
    hand.type(name)
    hand.key(Key.Key_Return)


def test_a_network_is_built_with_the_keyboard_alone(canvas):
    hand = canvas()
    for name in ("input", "dense", "dense", "cross"):
        add(hand, name)
    graph = hand.view.document.graph

    assert [node.layer.kind for node in graph.nodes] == ["input", "dense", "dense", "loss"]
    assert graph.wires == (
        Wire("input_1", "dense_1"),
        Wire("dense_1", "dense_2"),
        Wire("dense_2", "loss_1", target_port="prediction"),
    )
    lefts = [node.position[0] for node in graph.nodes]
    assert lefts == sorted(lefts)
    assert len({node.position[1] for node in graph.nodes}) == 1


def test_each_node_added_with_its_wire_is_one_step(canvas):
    hand = canvas()
    add(hand, "input")
    add(hand, "dense")

    assert hand.view.document.undo.undoText() == "Add Dense"
    assert hand.view.document.undo.count() == 2


def test_a_node_that_cannot_be_wired_is_added_with_the_reason(canvas, chain):
    hand = canvas(chain)
    hand.view.document.set_field("x", "shape", (1, 2, 2))
    hand.view.document.remove(["a"])
    hand.view.document.select(["x"])
    add(hand, "dense")

    assert "dense_1" in hand.view.document.graph
    assert hand.view.note.sentence.endswith("Put a Flatten before it.")


def test_an_input_is_added_before_the_selected_node(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["b"])
    add(hand, "input")
    graph = hand.view.document.graph

    assert Wire("input_1", "b") in graph.wires
    assert graph.node("input_1").position[0] < graph.node("b").position[0]


def test_shift_a_opens_the_list_too(canvas, chain):
    hand = canvas(chain)
    hand.key(Key.Key_A, SHIFT)

    assert hand.view.popup.isVisible()
    hand.key(Key.Key_Escape)
    assert not hand.view.popup.isVisible()
    assert hand.view.hasFocus()


def test_arrows_choose_in_the_list(canvas):
    hand = canvas()
    hand.key(Key.Key_Tab)
    first = hand.view.popup.list.currentItem().text()
    hand.key(Key.Key_Down)

    assert hand.view.popup.list.currentItem().text() != first
    hand.key(Key.Key_Up)
    assert hand.view.popup.list.currentItem().text() == first


def test_what_was_added_lately_is_offered_first(canvas):
    hand = canvas()
    add(hand, "concat")
    hand.key(Key.Key_Escape)
    hand.key(Key.Key_Tab)

    assert hand.view.popup.list.currentItem().text() == "Concat"


def test_w_and_enter_draw_a_wire_to_the_nearest_port(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["a"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Return)

    assert Wire("a", "loss", target_port="prediction") in hand.view.document.graph.wires


def test_arrows_choose_where_the_wire_goes(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["x"])
    hand.key(Key.Key_W)
    choices = hand.view.gesture.choices
    while hand.view.gesture.choices[hand.view.gesture.at].node != "b":
        hand.key(Key.Key_Tab)
    hand.key(Key.Key_Return)

    assert {end.node for end in choices} >= {"b", "loss"}
    assert Wire("x", "b") in hand.view.document.graph.wires


def test_escape_drops_the_wire_of_the_keys(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["a"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_Escape)

    assert hand.view.gesture is None
    assert hand.view.document.graph.wires == (Wire("x", "a"),)
    assert len(hand.view.scene().items()) == len(chain.nodes) + len(chain.wires)


def test_w_without_a_selection_says_what_to_do(canvas, chain):
    hand = canvas(chain)
    hand.key(Key.Key_W)

    assert hand.view.note.sentence == "Select the node where the wire is to begin."


def test_alt_and_arrows_walk_from_node_to_node(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["x"])
    hand.key(Key.Key_Right, ALT)
    assert hand.view.document.selection == ("a",)
    hand.key(Key.Key_Down, ALT)

    assert hand.view.document.selection == ("b",)


def test_an_arrow_without_a_selection_begins_at_the_left(canvas, chain):
    hand = canvas(chain)
    hand.key(Key.Key_Right)

    assert hand.view.document.selection == ("x",)


def test_arrows_nudge_and_a_row_of_nudges_is_one_step(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["b"])
    for _ in range(3):
        hand.key(Key.Key_Right)
    hand.key(Key.Key_Up, SHIFT)

    assert hand.view.document.graph.node("b").position == (264, 96)
    assert hand.view.document.undo.count() == 1


def test_delete_removes_what_is_selected(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["a", "b"])
    hand.key(Key.Key_Delete)

    assert [node.id for node in hand.view.document.graph.nodes] == ["x", "loss"]


def test_copy_paste_and_cut_go_by_the_clipboard(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["x", "a"])
    hand.key(Key.Key_C, CTRL)
    hand.key(Key.Key_V, CTRL)

    assert hand.view.document.selection == ("input_1", "dense_1")
    assert Wire("input_1", "dense_1") in hand.view.document.graph.wires
    hand.key(Key.Key_X, CTRL)
    assert len(hand.view.document.graph) == 4


def test_a_paste_goes_to_the_pointer(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["b"])
    hand.key(Key.Key_C, CTRL)
    hand.move(hand.at(560, 240))
    hand.key(Key.Key_V, CTRL)

    assert hand.view.document.graph.node("dense_1").position == (560, 240)


def test_a_foreign_paste_is_refused_in_a_sentence(canvas, chain, qapp):
    hand = canvas(chain)
    qapp.clipboard().setText("hello")
    hand.key(Key.Key_V, CTRL)

    assert hand.view.note.sentence
    assert len(hand.view.document.graph) == 4


def test_ctrl_d_duplicates(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["b"])
    hand.key(Key.Key_D, CTRL)

    assert hand.view.document.selection == ("dense_1",)


def test_ctrl_a_selects_all_and_escape_nothing(canvas, chain):
    hand = canvas(chain)
    hand.key(Key.Key_A, CTRL)
    assert len(hand.view.document.selection) == 4
    hand.key(Key.Key_Escape)

    assert hand.view.document.selection == ()


def test_f2_renames(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["b"])
    hand.key(Key.Key_F2)
    hand.type("w")
    hand.key(Key.Key_Return)

    assert hand.view.document.graph.node("b").name == "w"


def test_home_shows_the_whole_network(canvas, chain):
    hand = canvas(chain)
    hand.view.set_zoom(3)
    hand.key(Key.Key_Home)

    assert hand.view.visible_rect().contains(hand.view.graph_scene.reach())
    assert hand.view.zoom <= 1


def test_the_dot_shows_the_selection(canvas, chain):
    hand = canvas(chain)
    hand.view.set_zoom(0.2)
    hand.view.document.select(["b"])
    hand.key(Key.Key_Period)

    assert hand.view.zoom == 1
    assert hand.view.visible_rect().contains(hand.view.graph_scene.bounds(["b"]))


def test_l_arranges_in_one_step(canvas, chain):
    hand = canvas(chain)
    hand.view.document.move({"x": (900, 300)})
    hand.key(Key.Key_L)
    graph = hand.view.document.graph

    assert graph.node("x").position[0] < graph.node("a").position[0]
    assert hand.view.document.undo.undoText() == "Arrange"


def test_alt_and_arrows_follow_wires_before_they_go_by_place(canvas, chain):
    hand = canvas(chain)
    hand.view.document.connect(Wire("x", "b"))
    hand.view.document.disconnect(Wire("x", "a"))
    hand.view.document.select(["x"])
    hand.key(Key.Key_Right, ALT)
    there = hand.view.document.selection
    hand.key(Key.Key_Left, ALT)

    assert there == ("b",)
    assert hand.view.document.selection == ("x",)


def test_shift_w_goes_through_the_wires_of_a_node_and_delete_removes_one(canvas, xor):
    hand = canvas(xor)
    hand.view.document.select(["n1"])
    seen = []
    for _ in range(3):
        hand.key(Key.Key_W, SHIFT)
        seen += hand.view.graph_scene.selected_wires
    hand.key(Key.Key_Delete)

    assert seen == [Wire("x1", "n1"), Wire("x2", "n1"), Wire("n1", "out")]
    assert Wire("n1", "out") not in hand.view.document.graph.wires
    assert "n1" in hand.view.document.graph


def test_from_a_selected_wire_the_arrows_lead_to_its_ends(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["x"])
    hand.key(Key.Key_W, SHIFT)
    hand.key(Key.Key_Right)

    assert hand.view.document.selection == ("a",)


def test_w_takes_the_end_of_the_selected_wire_elsewhere(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["x"])
    hand.key(Key.Key_W, SHIFT)
    hand.key(Key.Key_W)
    while hand.view.gesture.choices[hand.view.gesture.at].node != "b":
        hand.key(Key.Key_Tab)
    hand.key(Key.Key_Return)

    assert hand.view.document.graph.wires == (Wire("x", "b"),)
    assert hand.view.document.undo.count() == 1


def test_w_again_begins_at_the_next_port_of_the_node(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["b"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_W)
    hand.key(Key.Key_Return)

    assert Wire("a", "b") in hand.view.document.graph.wires or (
        Wire("x", "b") in hand.view.document.graph.wires
    )


def test_a_offers_new_nodes_for_the_wire_of_the_keys(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["b"])
    hand.key(Key.Key_W)
    hand.key(Key.Key_A)
    hand.type("drop")
    hand.key(Key.Key_Return)

    assert Wire("b", "dropout_1") in hand.view.document.graph.wires


def test_a_wire_is_chosen_led_and_undone_with_the_keys_alone(canvas, chain):
    hand = canvas(chain)
    hand.view.document.select(["x"])
    hand.key(Key.Key_W, SHIFT)
    hand.key(Key.Key_R)

    assert set(hand.view.document.graph.wires) == {
        Wire("x", "reroute_1"),
        Wire("reroute_1", "a"),
    }
    hand.view.document.undo.undo()
    assert hand.view.document.graph.wires == (Wire("x", "a"),)


def test_u_and_d_select_what_feeds_a_node_and_what_it_feeds(canvas, xor):
    hand = canvas(xor)
    hand.click(hand.node("n1"))
    hand.key(Key.Key_D)

    assert set(hand.view.document.selection) == {"n1", "out"}
    hand.click(hand.node("n1"))
    hand.key(Key.Key_U)
    assert set(hand.view.document.selection) == {"x1", "x2", "n1"}
    assert hand.view.document.undo.count() == 0


def test_what_feeds_a_node_from_inside_a_folded_group_is_the_group(canvas, xor):
    hand = canvas(xor)
    group = hand.view.document.group(["n1", "n2"], (200, 48))
    hand.view.document.select(["out"])
    hand.key(Key.Key_U)

    assert set(hand.view.document.selection) == {"x1", "x2", group, "out"}


def test_u_without_a_selection_says_what_to_do(canvas, xor):
    hand = canvas(xor)
    hand.key(Key.Key_U)

    assert hand.view.note.sentence == "Select a node first, then what it is wired to."
