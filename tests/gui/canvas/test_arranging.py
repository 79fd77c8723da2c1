"""Putting nodes in order by command, each time as one edit that can be undone."""

import pytest

from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input


@pytest.fixture
def ragged(canvas):
    """Three nodes in a chain, each a little off."""
    nodes = [
        Node("x", Input(shape=(4,)), position=(0, 0)),
        Node("a", Dense(units=3), position=(200, 40)),
        Node("b", Dense(units=5), position=(520, 152)),
    ]
    return canvas(Graph(nodes, [Wire("x", "a"), Wire("a", "b")]))


def positions(hand):
    return {node.id: node.position for node in hand.view.document.graph.nodes}


def do(hand, action):
    hand.view.handlers()[action]()


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("network.arrange", "Arrange"),
        ("network.straighten", "Straighten"),
        ("network.align_left", "Align"),
        ("network.align_middle", "Align"),
        ("network.distribute_down", "Distribute"),
    ],
)
def test_each_is_one_edit_with_a_name(ragged, action, text):
    document, before = ragged.view.document, positions(ragged)
    document.select(("x", "a", "b"))

    do(ragged, action)

    assert positions(ragged) != before
    assert document.undo.undoText() == text
    assert document.undo.count() == 1
    document.undo.undo()
    assert positions(ragged) == before


def test_straight_wires_run_level(ragged):
    do(ragged, "network.straighten")
    ragged.view.arranging.glide.stop()

    for item in ragged.view.graph_scene.wires.values():
        assert item.point_at(0.0).y() == item.point_at(1.0).y()


def test_nodes_glide_to_where_the_document_has_them(ragged, qtbot):
    do(ragged, "network.straighten")
    item, place = ragged.view.graph_scene.nodes["b"], positions(ragged)["b"]

    assert (item.x(), item.y()) != place
    qtbot.waitUntil(lambda: (item.x(), item.y()) == place)


def test_an_edit_ends_the_glide(ragged):
    do(ragged, "network.straighten")
    ragged.view.document.remove(["a"])
    item = ragged.view.graph_scene.nodes["b"]

    assert (item.x(), item.y()) == positions(ragged)["b"]


def test_one_node_cannot_be_aligned_and_the_user_is_told(ragged):
    ragged.view.document.select(("a",))
    do(ragged, "network.align_left")

    assert "Select 2 nodes or more" in ragged.view.note.sentence
    assert ragged.view.document.undo.count() == 0


def test_a_part_is_arranged_without_leaving_the_view(ragged):
    view = ragged.view
    view.document.select(["x", "a"])
    before = view.zoom, view.visible_rect(), positions(ragged)["b"]
    do(ragged, "network.arrange")

    assert positions(ragged)["a"][1] == positions(ragged)["x"][1]
    assert (view.zoom, view.visible_rect(), positions(ragged)["b"]) == before
    view.document.select(())
    do(ragged, "network.arrange")
    assert view.visible_rect() != before[1]
