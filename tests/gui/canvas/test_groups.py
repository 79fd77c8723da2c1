"""Groups on the canvas, with the mouse and with the keys."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from engine.graph.drawing import Drawing, Group
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.merge_elementwise import Add
from engine.layers.reshape import Flatten
from engine.layers.terminal import Input, Loss
from gui.canvas.items.group_item import GroupItem
from gui.canvas.ports import PortEnd
from tests.tools.mouse import ALT, CTRL

RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def graph():
    """x → a → b → c, with a loss that nothing feeds."""
    nodes = [Node("x", Input(shape=(4,)), position=(0, 200))]
    nodes += [Node(i, Dense(units=4), position=(200.0 * k, 200)) for k, i in enumerate("abc", 1)]
    nodes.append(Node("loss", Loss(loss="squared_error"), position=(800, 200)))
    return Graph(nodes, [Wire("x", "a"), Wire("a", "b"), Wire("b", "c")])


@pytest.fixture
def folded(graph):
    """The same with a and b in a folded group."""
    drawing = Drawing([Group("g", "Block", position=(304.0, 176.0))])
    made = Graph(graph.nodes, graph.wires, drawing)
    made.assign({"a": "g", "b": "g"})
    return made


def shown(hand):
    return set(hand.view.graph_scene.nodes)


def card(hand, group="g"):
    item = hand.view.graph_scene.nodes[group]
    assert isinstance(item, GroupItem)
    return item


def test_ctrl_g_draws_the_selection_as_one_card(canvas, graph):
    hand = canvas(graph)
    hand.click(hand.node("a"))
    hand.click(hand.node("b"), CTRL)

    hand.key(Qt.Key.Key_G, CTRL)

    document = hand.view.document
    assert document.undo.undoText() == "Group 2 nodes"
    assert shown(hand) == {"x", "group_1", "c", "loss"}
    assert document.selection == ("group_1",)
    assert set(hand.view.graph_scene.wires) == {Wire("x", "a"), Wire("b", "c")}
    document.undo.undo()
    assert shown(hand) == {"x", "a", "b", "c", "loss"}


def test_the_card_says_what_is_inside_and_has_its_ports(canvas, folded):
    hand = canvas(folded)
    item = card(hand)

    assert item.ends(False) == [PortEnd("a", "in", False)]
    assert item.ends(True) == [PortEnd("b", "out", True)]
    assert (item.name, item.node.layer.line()) == ("Block", "2 nodes")
    assert item.found.outputs == ((4,),)
    assert item.found.parameter_count == 40
    assert len(item.folded.picture) == 2


def test_wires_end_at_the_card(canvas, folded):
    scene = canvas(folded).view.graph_scene
    end = scene.port_point(PortEnd("a", "in", False))

    assert scene.wires[Wire("x", "a")].point_at(1) == end
    assert end.x() == scene.nodes["g"].scene_card().left()


def test_the_nodes_of_a_folded_group_have_no_items(canvas, folded):
    scene = canvas(folded).view.graph_scene

    assert "a" not in scene.nodes
    assert Wire("a", "b") not in scene.wires
    assert scene.nodes["a"] is scene.nodes["g"]


def test_a_wire_from_a_card_is_one_from_the_node_inside(canvas, folded):
    hand = canvas(folded)
    scene = hand.view.graph_scene
    start = hand.view.mapFromScene(scene.port_point(PortEnd("b", "out", True)))

    hand.drag(start, hand.input("loss", "prediction"))

    assert Wire("b", "loss", "out", "prediction") in folded_graph(hand).wires
    assert Wire("b", "loss", "out", "prediction") in scene.wires


def folded_graph(hand):
    return hand.view.document.graph


def test_a_wire_to_a_card_is_one_to_the_node_inside(canvas, folded):
    folded.disconnect(Wire("x", "a"))
    hand = canvas(folded)
    target = hand.view.mapFromScene(hand.view.graph_scene.port_point(PortEnd("a", "in", False)))

    hand.drag(hand.output("x"), target)

    assert Wire("x", "a") in folded_graph(hand).wires


def test_keys_alone_wire_a_card(canvas, folded):
    folded.disconnect(Wire("b", "c"))
    hand = canvas(folded)
    hand.view.document.select(["g"])

    hand.key(Qt.Key.Key_W)
    hand.key(Qt.Key.Key_Return)

    assert Wire("b", "c") in folded_graph(hand).wires


def test_dragging_a_card_moves_all_in_it(canvas, folded):
    hand = canvas(folded)
    start = hand.node("g")

    hand.drag(start, start + QPoint(0, 80))

    graph = folded_graph(hand)
    assert graph.drawing.group("g").position == (304.0, 256.0)
    assert graph.node("a").position == (200.0, 280.0)
    assert hand.view.document.undo.undoText() == "Move Block"


def test_alt_c_unfolds_makes_room_and_folds_again(canvas, folded):
    hand = canvas(folded)
    hand.view.document.select(["g"])

    hand.key(Qt.Key.Key_C, ALT)

    scene = hand.view.graph_scene
    assert shown(hand) == {"x", "a", "b", "c", "loss"}
    box = scene.boxes["g"].scene_card()
    assert box.contains(scene.nodes["a"].scene_card())
    assert box.contains(scene.nodes["b"].scene_card())
    assert not box.intersects(scene.nodes["c"].scene_card())
    assert not box.intersects(scene.nodes["x"].scene_card())
    hand.key(Qt.Key.Key_C, ALT)
    assert shown(hand) == {"x", "g", "c", "loss"}
    assert scene.boxes == {}


def test_a_click_on_the_picture_unfolds_and_one_on_the_arrow_folds(canvas, folded):
    hand = canvas(folded)

    hand.click(hand.view.mapFromScene(card(hand).fold_rect().center()))
    box = hand.view.graph_scene.boxes["g"]
    hand.click(hand.view.mapFromScene(box.fold_rect().center()))

    assert "g" in shown(hand)


def test_an_open_group_is_held_by_its_title(canvas, folded):
    hand = canvas(folded)
    hand.view.grouping.set_folded("g", False)
    before = folded_graph(hand).node("a").position
    title = hand.view.graph_scene.boxes["g"].title_rect()
    start = hand.view.mapFromScene(title.center())

    hand.drag(start, start + QPoint(0, 80))

    assert folded_graph(hand).node("a").position == (before[0], before[1] + 80)
    assert hand.view.graph_scene.boxes["g"].title_rect().top() == title.top() + 80
    assert hand.view.document.selection == ("g",)


def test_a_node_dragged_onto_an_open_group_lies_in_it_and_dragged_off_no_longer(canvas, folded):
    hand = canvas(folded)
    document = hand.view.document
    hand.view.grouping.set_folded("g", False)
    document.move({"loss": (400.0, 400.0)})
    inside = hand.view.graph_scene.boxes["g"].scene_card()

    hand.drag(hand.node("loss"), hand.at(inside.center().x(), inside.bottom() - 4))
    assert document.group_of("loss") == "g"
    assert document.undo.undoText() == "Move Squared error"

    hand.drag(hand.node("loss"), hand.node("loss") + QPoint(0, 240))
    assert document.group_of("loss") == ""


def test_a_double_click_looks_inside_and_page_up_leaves(canvas, folded):
    hand = canvas(folded)
    document = hand.view.document
    title = card(hand).scene_card().topLeft() + QPointF(30, 14)

    hand.double_click(hand.at(title.x(), title.y()))

    assert document.level == "g"
    assert shown(hand) == {"a", "b"}
    crumbs = hand.view.grouping.breadcrumbs
    assert crumbs.isVisible()
    assert crumbs.names == ["Network", "Block"]
    hand.key(Qt.Key.Key_PageUp)
    assert document.level == ""
    assert not crumbs.isVisible()
    assert document.selection == ("g",)


def test_page_down_enters_nested_groups_one_by_one(canvas, folded):
    folded.drawing.add_group(Group("inner", "Inner", parent="g"))
    folded.assign({"a": "inner"})
    hand = canvas(folded)
    document = hand.view.document
    document.select(["g"])

    hand.key(Qt.Key.Key_PageDown)
    assert shown(hand) == {"inner", "b"}
    document.select(["inner"])
    hand.key(Qt.Key.Key_Down, CTRL)

    assert shown(hand) == {"a"}
    assert hand.view.grouping.breadcrumbs.names == ["Network", "Block", "Inner"]
    document.enter("")
    assert "g" in shown(hand)


def test_what_is_added_inside_stays_inside(canvas, folded):
    hand = canvas(folded)
    hand.view.document.enter("g")

    hand.drop("Dense", QPoint(500, 500))

    assert "dense_1" in shown(hand)
    assert folded_graph(hand).node("dense_1").group == "g"


def test_f2_renames_a_group(canvas, folded):
    hand = canvas(folded)
    hand.view.document.select(["g"])

    hand.key(Qt.Key.Key_F2)
    hand.type("Encoder")
    hand.key(Qt.Key.Key_Return)

    assert folded_graph(hand).drawing.group("g").name == "Encoder"
    assert card(hand).name == "Encoder"


def test_delete_removes_a_group_with_its_nodes_and_ungroup_only_the_group(canvas, folded):
    hand = canvas(folded)
    hand.view.document.select(["g"])

    hand.key(Qt.Key.Key_G, CTRL | ALT)
    assert shown(hand) == {"x", "a", "b", "c", "loss"}
    assert set(hand.view.document.selection) == {"a", "b"}
    hand.view.document.undo.undo()
    hand.view.document.select(["g"])
    hand.key(Qt.Key.Key_Delete)

    assert {node.id for node in folded_graph(hand).nodes} == {"x", "c", "loss"}
    assert folded_graph(hand).drawing.groups == ()


def test_a_problem_inside_is_a_badge_on_the_card(canvas, folded):
    folded.disconnect(Wire("x", "a"))
    hand = canvas(folded)

    assert card(hand).severity == "warning"


def test_select_all_and_the_band_take_cards(canvas, folded):
    hand = canvas(folded)
    hand.key(Qt.Key.Key_A, CTRL)
    assert set(hand.view.document.selection) == {"x", "g", "c", "loss"}

    hand.drag(hand.at(280, 150), hand.at(420, 320))
    assert hand.view.document.selection == ("g",)


def test_arrows_walk_over_cards(canvas, folded):
    hand = canvas(folded)
    hand.view.document.select(["x"])

    hand.key(Qt.Key.Key_Right, ALT)
    assert hand.view.document.selection == ("g",)
    hand.key(Qt.Key.Key_Right, ALT)
    assert hand.view.document.selection == ("c",)


def test_going_to_a_hidden_node_opens_its_group(canvas, folded):
    hand = canvas(folded)

    hand.view.go_to("b")

    assert hand.view.document.level == "g"
    assert hand.view.document.selection == ("b",)


def test_a_layout_places_cards_and_open_groups_whole(canvas, folded):
    hand = canvas(folded)
    hand.view.grouping.set_folded("g", False)
    graph = folded_graph(hand)
    between = graph.node("b").position[0] - graph.node("a").position[0]
    hand.view.document.select(())

    hand.key(Qt.Key.Key_L)

    assert graph.node("b").position[0] - graph.node("a").position[0] == between
    box = hand.view.graph_scene.boxes["g"].scene_card()
    others = [hand.view.graph_scene.nodes[i].scene_card() for i in ("x", "c", "loss")]
    assert not any(box.intersects(other) for other in others)


def test_an_edit_inside_shows_on_the_card(canvas, folded):
    hand = canvas(folded)

    hand.view.document.set_field("b", "units", 9)

    assert card(hand).found.outputs == ((9,),)
    assert card(hand).found.parameter_count == 20 + 45


def test_m_and_ctrl_b_switch_and_ctrl_shift_f_freezes(canvas, graph):
    hand = canvas(graph)
    hand.click(hand.node("a"))

    hand.key(Qt.Key.Key_M)
    assert graph_of(hand, "a").switch == "muted"
    hand.key(Qt.Key.Key_B, CTRL)
    assert graph_of(hand, "a").switch == "bypassed"
    hand.key(Qt.Key.Key_B, CTRL)
    assert graph_of(hand, "a").switch == "on"
    hand.key(Qt.Key.Key_F, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert graph_of(hand, "a").frozen


def graph_of(hand, node_id):
    return hand.view.document.graph.node(node_id)


def test_alt_d_makes_instances_and_the_tip_says_so(canvas, graph):
    hand = canvas(graph)
    hand.view.document.rename("a", "First")
    hand.click(hand.node("a"))

    hand.key(Qt.Key.Key_D, ALT)

    assert graph_of(hand, "dense_1").same_as == "a"
    hand.view.document.move({"dense_1": (200.0, 360.0)})
    hand.view.document.connect(Wire("x", "dense_1"))
    hand.view.document.connect(Wire("dense_1", "loss", target_port="prediction"))
    hand.move(hand.node("dense_1"))
    assert "Shares the weights of First." in hand.view.viewport().toolTip()


def test_a_block_is_repeated_by_the_keys_alone(canvas, folded):
    hand = canvas(folded)
    hand.view.document.select(["g"])

    hand.key(Qt.Key.Key_R, CTRL)
    assert hand.view.reshaping.ask.isVisible()
    hand.key(Qt.Key.Key_Return)

    names = [group.name for group in folded_graph(hand).drawing.groups]
    assert names == ["Block", "Block 2", "Block 3"]
    assert len(hand.view.document.selection) == 3
    cards = [hand.view.graph_scene.nodes[i].scene_card() for i in hand.view.document.selection]
    assert not cards[0].intersects(cards[1])
    hand.view.document.undo.undo()
    assert len(folded_graph(hand).drawing.groups) == 1


def test_escape_leaves_the_card_that_asks(canvas, folded):
    hand = canvas(folded)
    hand.view.document.select(["g"])

    hand.key(Qt.Key.Key_R, CTRL)
    hand.key(Qt.Key.Key_Escape)

    assert not hand.view.reshaping.ask.isVisible()
    assert len(folded_graph(hand).drawing.groups) == 1
    assert QApplication.focusWidget() is hand.view


def test_another_kind_is_typed_in_the_place_of_a_node(canvas, graph):
    hand = canvas(graph)
    hand.click(hand.node("b"))

    hand.key(Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    hand.type("flatten")
    hand.key(Qt.Key.Key_Return)

    assert isinstance(graph_of(hand, "b").layer, Flatten)
    assert {Wire("a", "b"), Wire("b", "c")} <= set(hand.view.document.graph.wires)


def test_wires_that_have_to_go_are_named(canvas, graph):
    graph.replace_layer("b", Add())
    graph.connect(Wire("x", "b"))
    hand = canvas(graph)
    hand.click(hand.node("b"))

    hand.key(Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    hand.type("flatten")
    hand.key(Qt.Key.Key_Return)

    assert hand.view.note.sentence == "Flatten has no place for the wires of Input; they are gone."


def test_a_layer_becomes_neurons_and_a_layer_again(canvas, graph):
    hand = canvas(graph)
    hand.click(hand.node("b"))
    shift = Qt.KeyboardModifier.ShiftModifier

    hand.key(Qt.Key.Key_N, CTRL | shift)
    kinds = [node.layer.kind for node in hand.view.document.graph.nodes]
    assert kinds.count("neuron") == 4
    neurons = [n.id for n in hand.view.document.graph.nodes if n.layer.kind == "neuron"]
    hand.view.document.select(neurons)
    hand.key(Qt.Key.Key_D, CTRL | shift)

    assert "neuron" not in {node.layer.kind for node in hand.view.document.graph.nodes}


def test_expanding_makes_room_above_and_below_and_is_undone_at_once(canvas):
    nodes = [
        Node("x", Input(shape=(4,)), position=(0, 0)),
        Node("a", Dense(units=3, activation="relu"), position=(240, 0)),
        Node("above", Dense(units=2), position=(240, -120)),
        Node("b", Dense(units=2), position=(240, 160)),
        Node("loss", Loss(loss="squared_error"), position=(480, 0)),
    ]
    hand = canvas(Graph(nodes, [Wire("x", "a"), Wire("a", "loss", target_port="prediction")]))
    document, scene = hand.view.document, hand.view.graph_scene
    before = {node.id: node.position for node in document.graph.nodes}
    count = document.undo.count()
    document.select(["a"])
    hand.key(Qt.Key.Key_N, CTRL | Qt.KeyboardModifier.ShiftModifier)
    cards = {key: item.scene_card() for key, item in scene.nodes.items()}
    neurons = [n.id for n in document.graph.nodes if n.layer.kind == "neuron"]

    assert len(neurons) == 3
    assert not [(a, b) for a, b in combinations(cards, 2) if cards[a].intersects(cards[b])]
    assert document.position_of("b")[1] > 160
    assert document.undo.count() == count + 1
    document.undo.undo()
    assert {node.id: node.position for node in document.graph.nodes} == before


def test_the_right_button_offers_what_fits_the_thing_under_it(canvas, folded):
    hand = canvas(folded)
    place = hand.node("g")
    hand.move(place)
    hand.press(place, button=RIGHT)
    hand.release(place, button=RIGHT)

    menu = hand.view.context_menu.menu
    offered = {action.objectName() for action in menu.actions()}
    menu.close()
    assert {"network.fold", "network.ungroup", "network.repeat", "edit.delete"} <= offered
    assert "network.expand" not in offered
    assert hand.view.document.selection == ("g",)


def test_the_right_button_on_a_wire_selects_it_and_offers_what_can_be_done_to_it(canvas, chain):
    hand, wire = canvas(chain), Wire("x", "a")
    place = hand.wire(wire)
    hand.move(place)
    hand.press(place, button=RIGHT)
    hand.release(place, button=RIGHT)

    actions = {a.objectName(): a for a in hand.view.context_menu.menu.actions()}
    hand.view.context_menu.menu.close()
    assert hand.view.graph_scene.selected_wires == {wire}
    assert {"network.add", "network.point", "edit.delete"} <= actions.keys()
    actions["edit.delete"].trigger()
    assert hand.view.document.graph.wires == ()


def test_a_right_drag_still_moves_the_canvas(canvas, folded):
    hand = canvas(folded)
    before = hand.view.visible_rect().center()

    hand.drag(QPoint(500, 500), QPoint(560, 500), button=RIGHT)

    assert hand.view.visible_rect().center().x() == before.x() - 60
    assert hand.view.context_menu.menu.isEmpty()
