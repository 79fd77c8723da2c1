"""The graph guards itself and announces what changed."""

from __future__ import annotations

import gc
import weakref

import pytest

from engine import errors
from engine.graph.events import (
    NodeAdded,
    NodeChanged,
    NodeRemoved,
    NodesMoved,
    WireAdded,
    WireRemoved,
)
from engine.graph.model import Graph, Node, Wire
from tests.engine.graph.toys import Double, End, Start, Sum


@pytest.fixture
def graph():
    """start -> double -> end, and start -> sum."""
    nodes = [Node("a", Start()), Node("b", Double()), Node("c", End()), Node("s", Sum())]
    return Graph(nodes, [Wire("a", "b"), Wire("b", "c"), Wire("a", "s")])


@pytest.fixture
def heard(graph):
    events = []
    for signal in (
        *(graph.node_added, graph.node_removed, graph.node_changed),
        *(graph.nodes_moved, graph.wire_added, graph.wire_removed),
    ):
        signal.connect(events.append)
    return events


@pytest.mark.parametrize(
    ("wire", "reason", "sentence"),
    [
        (Wire("a", "x"), errors.UnknownNodeError, "The graph has no node 'x'."),
        (
            Wire("a", "s", "left"),
            errors.UnknownPortError,
            "Start has no output port 'left'. Its output ports: out.",
        ),
        (
            Wire("b", "a"),
            errors.UnknownPortError,
            "Start has no input port 'in'. Its input ports: none.",
        ),
        (
            Wire("b", "b"),
            errors.SelfLoopError,
            "Double cannot feed itself. Wire it to another node.",
        ),
        (Wire("a", "s"), errors.DuplicateWireError, "Start is already wired to Sum."),
        (
            Wire("s", "b"),
            errors.OccupiedPortError,
            "The in port of Double takes one wire and has one. "
            "Remove that wire first, or join both with Add or Concat.",
        ),
    ],
)
def test_a_wire_that_makes_no_sense_is_refused_with_its_reason(graph, wire, reason, sentence):
    with pytest.raises(reason) as refused:
        graph.connect(wire)

    assert str(refused.value) == sentence
    assert len(graph.wires) == 3


def test_a_wire_that_closes_a_loop_is_refused(graph):
    graph.disconnect(Wire("a", "b"))
    graph.connect(Wire("s", "b"))
    with pytest.raises(errors.CycleError) as refused:
        graph.connect(Wire("b", "s"))

    assert str(refused.value) == (
        "A wire from Double to Sum would close a loop, and a value cannot wait for itself. "
        "Let it arrive one step later."
    )


def test_adding_a_node_of_a_taken_id_is_refused(graph):
    with pytest.raises(errors.DuplicateNodeError):
        graph.add_node(Node("a", Start()))


def test_removing_a_node_removes_its_wires_first_and_says_so(graph, heard):
    graph.remove_node("b")

    assert heard == [
        WireRemoved(Wire("b", "c"), 1),
        WireRemoved(Wire("a", "b"), 0),
        NodeRemoved(Node("b", Double()), 1),
    ]
    assert graph.wires == (Wire("a", "s"),)


def test_a_node_that_reads_itself_can_be_removed(graph, heard):
    itself = Wire("b", "b", target_port="in", delay=1)
    graph.disconnect(Wire("a", "b"))
    graph.connect(itself)
    heard.clear()
    graph.remove_node("b")

    assert "b" not in graph
    assert [event.wire for event in heard[:-1]] == [Wire("b", "c"), itself]


def test_a_node_and_a_wire_can_be_put_back_in_their_place(graph, heard):
    before = graph.nodes, graph.wires
    graph.remove_node("b")
    graph.add_node(Node("b", Double()), 1)
    graph.connect(Wire("a", "b"), 0)
    graph.connect(Wire("b", "c"), 1)

    assert (graph.nodes, graph.wires) == before
    assert heard[-3:] == [
        NodeAdded(Node("b", Double()), 1),
        WireAdded(Wire("a", "b"), 0),
        WireAdded(Wire("b", "c"), 1),
    ]


def test_the_order_of_wires_into_a_port_follows_the_order_of_the_graph(graph):
    graph.connect(Wire("b", "s"), 0)

    assert graph.incoming("s") == (Wire("b", "s"), Wire("a", "s"))


def test_moving_nodes_is_announced_once(graph, heard):
    graph.move({"a": (8.0, 16.0), "b": (24.0, 32.0)})

    assert graph.node("a").position == (8.0, 16.0)
    assert heard == [NodesMoved(("a", "b"))]


def test_renaming_and_new_settings_announce_the_change(graph, heard):
    graph.rename("a", "First")
    graph.replace_layer("a", Start(size=5))

    assert graph.node("a").title == "First"
    assert heard == [
        NodeChanged(Node("a", Start()), Node("a", Start(), "First")),
        NodeChanged(Node("a", Start(), "First"), Node("a", Start(size=5), "First")),
    ]


def test_removing_a_wire_that_is_not_there_is_refused(graph):
    with pytest.raises(errors.UnknownWireError):
        graph.disconnect(Wire("a", "c"))


def test_a_copy_lives_on_its_own(graph, heard):
    copy = graph.copy()
    copy.remove_node("a")

    assert "a" in graph
    assert heard == []


def test_a_graph_made_in_order_is_the_one_made_step_by_step_and_guards_itself(graph):
    graph.connect(Wire("s", "s", delay=1))
    made = Graph.in_order(graph.nodes, graph.wires)

    assert made.nodes == graph.nodes
    assert made.wires == graph.wires
    assert made.has_delays
    for node in graph.nodes:
        assert made.incoming(node.id) == graph.incoming(node.id)
        assert made.outgoing(node.id) == graph.outgoing(node.id)
    with pytest.raises(errors.DuplicateWireError):
        made.connect(Wire("a", "s"))
    made.connect(Wire("b", "s"), index=0)
    made.add_node(Node("t", Sum()))
    made.connect(Wire("s", "t"))
    with pytest.raises(errors.CycleError):
        made.connect(Wire("t", "s"))

    assert made.incoming("s") == (Wire("b", "s"), Wire("a", "s"), Wire("s", "s", delay=1))
    assert made.index(Wire("s", "t")) == 5


def test_names_and_positions_do_not_change_the_computation(graph):
    other = graph.copy()
    other.rename("a", "First")
    other.move({"a": (1.0, 1.0)})

    assert graph.same_computation(other)

    other.replace_layer("a", Start(size=9))

    assert not graph.same_computation(other)


def test_a_fresh_id_counts_up_from_one(graph):
    graph.add_node(Node("dense_1", Double()))

    assert graph.fresh_id("dense") == "dense_2"
    assert graph.fresh_id("dense", taken={"dense_2"}) == "dense_3"
    assert graph.fresh_id("sum") == "sum_1"


def test_a_graph_that_nobody_holds_is_gone_at_once(graph):
    graph.add_node(Node("one_more", Double()))
    copied = graph.copy()
    gone = weakref.ref(copied)
    gc.disable()
    try:
        del copied

        assert gone() is None
    finally:
        gc.enable()
