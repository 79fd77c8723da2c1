"""The scene follows the document, whatever happens to it."""

import numpy as np
import pytest
from hypothesis import given, settings
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from engine.diagnosis.health import Health
from engine.errors import GlassboxError
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.merge import Concat
from engine.layers.terminal import Input
from engine.project.project import Project
from gui.canvas.items.card_item import CardItem
from gui.canvas.items.tile_item import TileItem
from gui.canvas.scene import GraphScene
from gui.document.document import Document
from gui.theme import DARK, diverging
from tests.gui.document.test_history import apply, edits


@pytest.fixture
def scene(qapp, chain):
    return GraphScene(Document(Project(graph=chain)))


def assert_follows(scene):
    graph = scene.document.graph
    assert set(scene.nodes) == {node.id for node in graph.nodes}
    assert set(scene.wires) == set(graph.wires)
    assert len(scene.items()) == len(graph) + len(graph.wires)
    for node in graph.nodes:
        item = scene.nodes[node.id]
        assert (item.node.layer, item.node.name) == (node.layer, node.name)
        assert item.pos().toTuple() == node.position
        assert item.found is scene.document.inference[node.id]
    for wire, item in scene.wires.items():
        start = scene.nodes[wire.source].port_point(wire.source_port, output=True)
        end = scene.nodes[wire.target].port_point(wire.target_port, output=False)
        assert (item.point_at(0) - start).manhattanLength() < 0.01
        assert (item.point_at(1) - end).manhattanLength() < 0.01


@settings(max_examples=40, deadline=None)
@given(edits)
def test_after_any_edits_the_scene_shows_the_graph(qapp, steps):
    document = Document()
    scene = GraphScene(document)
    for step in steps:
        try:
            apply(document, step)
        except GlassboxError:
            continue

    assert_follows(scene)
    while document.undo.canUndo():
        document.undo.undo()
    assert_follows(scene)
    while document.undo.canRedo():
        document.undo.redo()
    assert_follows(scene)


def test_another_project_takes_the_place_of_the_first(scene):
    scene.document.load(Project(graph=Graph([Node("only", Dense())])))

    assert_follows(scene)


def test_the_graph_left_behind_is_not_followed_any_more(scene):
    before = scene.document.graph
    scene.document.load(Project())
    before.add_node(Node("late", Dense()))

    assert scene.nodes == {}


def test_an_input_of_one_feature_becomes_a_tile(scene):
    assert isinstance(scene.nodes["x"], CardItem)
    scene.document.set_field("x", "shape", (1,))

    assert isinstance(scene.nodes["x"], TileItem)
    assert_follows(scene)
    scene.document.undo.undo()
    assert isinstance(scene.nodes["x"], CardItem)


def test_the_selection_is_ringed(scene):
    scene.document.select(["a", "b"])
    scene.document.select(["b"])

    assert [i for i, item in scene.nodes.items() if item.ringed] == ["b"]


def test_the_worst_problem_of_a_node_is_its_badge(scene):
    worst = {}
    for problem in scene.document.problems:
        worst.setdefault(problem.node, problem.severity)  # errors come first

    assert {i: item.severity for i, item in scene.nodes.items() if item.severity} == {
        node: severity for node, severity in worst.items() if node is not None
    }
    assert "error" in worst.values()


def test_weights_show_as_shares_of_the_largest(qapp, xor):
    scene = GraphScene(Document(Project(graph=xor)))
    wires = xor.wires
    scene.set_weights({wires[0]: 2.0, wires[1]: -1.0})

    assert [scene.wires[wire].share for wire in wires[:3]] == [1.0, -0.5, 0.0]
    assert scene.wires[wires[0]].numbered
    scene.set_weights({})
    assert scene.wires[wires[0]].weight is None


def test_a_preview_makes_room_in_the_card_and_gives_it_back(scene):
    item = scene.nodes["a"]
    height = item.height
    scene.set_preview("a", diverging(np.ones((1, 10)), DARK))

    assert item.height > height
    scene.set_preview("a", None)
    assert item.height == height


def test_a_preview_for_a_node_that_is_gone_is_ignored(scene):
    scene.set_preview("nobody", QImage(2, 2, QImage.Format.Format_RGB32))

    assert_follows(scene)


def test_health_is_shown_and_taken_away(scene):
    fine, little, dead = (Health(level, "") for level in ("ok", "warning", "bad"))
    scene.set_health({"a": fine, "b": dead})
    scene.set_health({"a": little})

    assert {i: item.health for i, item in scene.nodes.items()} == {
        "x": None,
        "a": little,
        "loss": None,
        "b": None,
    }


def test_a_longer_name_widens_the_card_and_its_wires_follow(scene):
    wire = Wire("a", "loss", target_port="prediction")
    scene.document.connect(wire)
    scene.document.rename("a", "a name of some length")

    assert_follows(scene)


def test_the_nearest_port_within_reach_is_found(scene):
    place = scene.nodes["a"].port_point("in", output=False)

    assert scene.port_at(place + QPointF(3, 3), 10).node == "a"
    assert scene.port_at(place + QPointF(30, 30), 10) is None


def test_a_wire_is_found_by_its_line_not_by_its_rectangle(scene):
    scene.document.move({"a": (240, 200)})
    item = scene.wires[Wire("x", "a")]
    corner = item.boundingRect().topRight() + QPointF(-60, 20)

    assert scene.wire_at(item.point_at(0.4), 5) is item
    assert scene.wire_at(corner, 5) is None


def test_ports_of_many_wires_share_their_end(qapp):
    nodes = [Node(i, Input(shape=(2,)), position=(0, 80.0 * n)) for n, i in enumerate("ab")]
    graph = Graph([*nodes, Node("c", Concat(), position=(200, 0))])
    graph.connect(Wire("a", "c"))
    graph.connect(Wire("b", "c"))

    assert_follows(GraphScene(Document(Project(graph=graph))))
