"""Inside an open group, what is wired to it from outside stands at the edges, and can be wired."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from engine.graph.drawing import Drawing, Group
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.merge_elementwise import Add
from engine.layers.terminal import Input, Loss
from gui.canvas.items.ink import pen
from gui.canvas.ports import PortEnd
from gui.theme import theme


@pytest.fixture
def level(canvas):
    """x → a → b → loss, a and b in the open group, c in it without a wire."""
    nodes = [
        Node("x", Input(shape=(4,)), "Picture", (0, 0)),
        Node("a", Dense(units=4), position=(240, 0), group="g"),
        Node("b", Dense(units=3), position=(480, 0), group="g"),
        Node("c", Add(), position=(480, 160), group="g"),
        Node("loss", Loss(), position=(720, 0)),
    ]
    wires = [Wire("x", "a"), Wire("a", "b"), Wire("b", "loss", target_port="prediction")]
    hand = canvas(Graph(nodes, wires, Drawing([Group("g", "Block")])))
    hand.view.document.enter("g")
    QApplication.processEvents()
    return hand


FEEDS, READS = PortEnd("x", "out", True), PortEnd("loss", "prediction", False)


def outside(hand):
    return hand.view.graph_scene.outside.items


def port(hand, end):
    return hand.view.mapFromScene(outside(hand)[end].place_of(end))


def test_what_stands_outside_is_named_at_the_edges(level):
    scene, items = level.view.graph_scene, outside(level)

    assert {end: item.label for end, item in items.items()} == {
        FEEDS: "Picture",
        READS: "Cross-entropy · prediction",
    }
    inner = scene.inner_content()
    assert items[FEEDS].scene_card().right() < inner.left()
    assert items[READS].scene_card().left() > inner.right()
    for wire in (Wire("x", "a"), Wire("b", "loss", target_port="prediction")):
        drawn, source = scene.wires[wire], PortEnd(wire.source, "out", True)
        assert drawn.point_at(0) == scene.port_point(source)


def test_nothing_stands_at_the_edges_of_the_whole_network(level):
    level.view.document.enter("")

    assert outside(level) == {}


def test_a_wire_from_outside_is_drawn_and_undone(level):
    level.drag(port(level, FEEDS), level.input("c"))

    assert Wire("x", "c") in level.view.document.graph.wires
    assert Wire("x", "c") in level.view.graph_scene.wires
    level.view.document.undo.undo()
    assert Wire("x", "c") not in level.view.graph_scene.wires


def test_a_wire_that_cannot_be_is_refused_in_one_sentence(level):
    before = level.view.document.graph.wires
    level.drag(level.output("b"), port(level, READS))

    assert level.view.document.graph.wires == before
    assert level.view.note.sentence.count(". ") <= 1
    assert level.view.note.sentence


def test_a_port_goes_with_its_last_wire_and_comes_back(level):
    document = level.view.document
    document.disconnect(Wire("x", "a"))
    assert set(outside(level)) == {READS}

    document.undo.undo()
    assert set(outside(level)) == {FEEDS, READS}


def test_a_double_click_goes_to_what_stands_outside(level):
    middle = outside(level)[FEEDS].scene_card().center()
    level.double_click(level.at(middle.x(), middle.y()))

    assert level.view.document.level == ""
    assert level.view.document.selection == ("x",)


def test_what_stands_outside_is_neither_selected_nor_laid_out(level):
    level.view.select_all()
    assert set(level.view.document.selection) == {"a", "b", "c"}
    level.view.arranging.arrange()
    assert level.view.document.graph.node("x").position == (0, 0)

    items = outside(level)
    inner = level.view.graph_scene.inner_content()
    assert not any(item.scene_card().intersects(inner) for item in items.values())


def test_a_renamed_node_is_called_so_at_the_edge(level):
    level.view.document.rename("x", "Photo")

    assert outside(level)[FEEDS].label == "Photo"


def test_the_keys_reach_ports_outside(level):
    document = level.view.document
    total = document.add_node(Add(), (720, 160), group="")
    document.connect(Wire("b", total))
    document.select(("c",))
    level.view.start_wire()

    assert PortEnd(total, "in", False) in level.view.gesture.choices
    level.key(Qt.Key.Key_Return)
    assert Wire("c", total) in document.graph.wires
    assert Wire("c", total) in level.view.graph_scene.wires


def test_unfolding_makes_room_above_and_below_too(level):
    view = level.view
    view.document.enter("")
    view.document.place_group("g", (360, 16))
    under = view.document.add_node(Dense(), (376, 152), group="")
    over = view.document.add_node(Dense(), (376, -72), group="")
    view.grouping.set_folded("g", False)

    scene = view.graph_scene
    box = scene.boxes["g"].scene_card()
    assert not any(scene.nodes[i].scene_card().intersects(box) for i in (under, over, "x", "loss"))
    assert scene.nodes[under].scene_card().top() > box.bottom()
    assert scene.nodes[over].scene_card().bottom() < box.top()


def test_folding_gives_back_the_room_that_unfolding_made(level):
    view = level.view
    view.document.enter("")
    view.document.place_group("g", (360, 16))
    view.document.add_node(Dense(), (376, 152), group="")
    done = view.document.undo.index()
    before = {node.id: node.position for node in view.document.graph.nodes}
    card = view.document.position_of("g")
    view.grouping.set_folded("g", False)
    assert {node.id: node.position for node in view.document.graph.nodes} != before
    view.document.add_node(Dense(), (400, 96), group="g")
    view.grouping.set_folded("g", True)

    assert {i: view.document.position_of(i) for i in before} == before
    assert view.document.position_of("g") == card
    view.document.undo.undo()
    view.document.undo.undo()
    view.document.undo.undo()
    assert {node.id: node.position for node in view.document.graph.nodes} == before
    assert view.document.undo.index() == done


def test_room_is_not_taken_from_what_was_moved_into_it(level):
    view = level.view
    view.document.enter("")
    view.document.place_group("g", (360, 16))
    view.document.add_node(Dense(), (376, 152), group="")
    view.grouping.set_folded("g", False)
    x, y = view.document.position_of("loss")
    view.document.move({"loss": (x, y + 200)})
    places = {node.id: node.position for node in view.document.graph.nodes}
    view.grouping.set_folded("g", True)

    assert {node.id: node.position for node in view.document.graph.nodes} == places


def test_its_dashed_edge_is_its_own(level):
    level.view.grab()

    assert pen(theme.tokens.muted).style() is Qt.PenStyle.SolidLine
    assert pen(theme.tokens.border).style() is Qt.PenStyle.SolidLine
