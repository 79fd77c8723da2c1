"""What the card of a folded group tells of the nodes inside: health, values, problems, names."""

import pytest
from PySide6.QtGui import QImage

from engine.diagnosis.health import Health
from engine.graph.drawing import Drawing, Group
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.dropout import Dropout
from engine.layers.terminal import Input, Loss


@pytest.fixture
def folded(canvas):
    """x → [a → d → b] → loss."""
    nodes = [
        Node("x", Input(shape=(4,))),
        Node("a", Dense(units=4), "First", (240, 0), group="g"),
        Node("d", Dropout(), position=(480, 0), group="g"),
        Node("b", Dense(units=3), "Second", (720, 0), group="g"),
        Node("loss", Loss(), position=(720, 0)),
    ]
    wires = [Wire("x", "a"), Wire("a", "d"), Wire("d", "b")]
    wires.append(Wire("b", "loss", target_port="prediction"))
    return canvas(Graph(nodes, wires, Drawing([Group("g", "Block", position=(240, 0))])))


def card(hand):
    return hand.view.graph_scene.nodes["g"]


def test_it_shows_the_health_of_the_worst_inside_and_says_which_that_is(folded):
    scene = folded.view.graph_scene
    scene.set_health({"a": Health("ok", "It learns."), "b": Health("bad", "It is stuck.")})
    assert card(folded).health == Health("bad", "Second: It is stuck.")

    scene.set_health({"a": Health("warning", "Slow."), "b": Health("ok", "It learns.")})
    assert card(folded).health == Health("warning", "First: Slow.")
    scene.set_health({})
    assert card(folded).health is None


def test_it_shows_what_its_last_node_puts_out(folded):
    item = card(folded)
    assert item.pictured == "b"
    before, ports = item.height, [place for _, place in item.port_ends()]
    folded.view.graph_scene.set_preview("g", QImage(40, 20, QImage.Format.Format_RGB32))

    assert item.height > before
    assert [place for _, place in item.port_ends()] == ports
    folded.view.graph_scene.set_preview("g", None)
    assert item.height == before


def test_it_counts_the_problems_inside(folded):
    document = folded.view.document
    document.disconnect(Wire("a", "d"))
    inside = [p for p in document.problems if p.node in ("a", "d", "b")]

    assert len(inside) > 1
    assert card(folded).problem_count == len(inside)
    document.undo.undo()
    assert card(folded).problem_count == len(
        [p for p in document.problems if p.node in ("a", "d", "b")]
    )


def test_its_tooltip_names_its_nodes(folded):
    folded.move(folded.node("g"))

    assert "First, Dropout, Second" in folded.view.viewport().toolTip()
