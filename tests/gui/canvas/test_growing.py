"""A card that grows by other settings covers no other: what stands behind it moves on."""

from __future__ import annotations

from itertools import combinations

import pytest

from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS
from engine.layers.dense import Dense
from engine.layers.merge import Concat
from engine.layers.terminal import Input, Loss
from engine.project.project import Project
from gui.canvas.placing import Adding
from gui.canvas.scene import GraphScene
from gui.document.document import Document


@pytest.fixture
def drawn(canvas):
    """A sequence through a GRU to a Dense that stands close behind it; one more stands aside."""
    return canvas(
        Graph(
            [
                Node("x", Input(shape=(40, 3)), position=(0, 0)),
                Node("gru", LAYERS.get("gru")(units=32), position=(176, 0)),
                Node("a", Dense(units=7), position=(352, 0)),
                Node("b", Dense(units=7), position=(528, 0)),
                Node("aside", Dense(units=7), position=(352, 200)),
            ],
            [Wire("x", "gru"), Wire("gru", "a"), Wire("a", "b")],
        )
    )


def cards(hand):
    return {key: item.scene_card() for key, item in hand.view.graph_scene.nodes.items()}


def places(hand):
    return {node.id: node.position for node in hand.view.document.graph.nodes}


def test_what_stands_behind_a_card_that_grows_moves_on_in_the_same_edit(drawn):
    document, before = drawn.view.document, places(drawn)
    document.set_field("gru", "returns", "sequence")
    document.set_field("gru", "direction", "bidirectional")
    after = places(drawn)

    assert not any(one.intersects(two) for one, two in combinations(cards(drawn).values(), 2))
    assert after["a"][0] > before["a"][0]
    assert after["b"][0] - before["b"][0] == after["a"][0] - before["a"][0]
    assert [after[i] for i in ("x", "gru", "aside")] == [before[i] for i in ("x", "gru", "aside")]

    assert document.undo.count() == 2
    document.undo.undo()
    document.undo.undo()
    assert places(drawn) == before
    assert document.graph.node("gru").layer.returns == "last"


def test_where_there_is_room_nothing_moves(drawn):
    document = drawn.view.document
    document.move({"a": (600.0, 0.0), "b": (800.0, 0.0)})
    before = places(drawn)
    document.set_field("gru", "returns", "sequence")

    assert places(drawn) == before


def test_settings_that_leave_the_card_as_it_is_move_nothing(drawn):
    before = places(drawn)
    drawn.view.document.set_field("a", "units", 8)
    drawn.view.document.set_field("a", "bias", False)

    assert places(drawn) == before


@pytest.mark.parametrize("layer", [Concat(), Dense(units=300), Loss()])
def test_what_nothing_arrived_at_becomes_what_something_arrives_at(drawn, layer):
    document = drawn.view.document
    document.replace_layer("x", layer)

    assert document.graph.node("x").layer == layer
    assert document.inference["x"].arriving is None


def test_a_document_does_not_keep_a_canvas_that_is_gone(qapp):
    document = Document(Project(graph=Graph([Node("a", Dense(units=3))])))
    adding = Adding(GraphScene(document))
    document.room = adding.asked_for_room()
    del adding

    assert document.room({"a": Dense(units=300)}) == {}
    document.set_field("a", "units", 300)
    assert document.undo.count() == 1
