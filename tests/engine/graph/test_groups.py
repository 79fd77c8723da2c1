"""What groups hold, and what is seen of them."""

from __future__ import annotations

import pytest

from engine.errors import UnknownNodeError
from engine.graph.drawing import Drawing, Group
from engine.graph.groups import (
    HIDDEN,
    OPEN,
    BorderPort,
    border,
    groups_among,
    inside,
    members,
    open_groups,
    seen_groups,
)
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.merge_elementwise import Add
from engine.layers.terminal import Input


@pytest.fixture
def graph():
    """x → a → b → c, where b is in an inner group, and a and that group in an outer one."""
    return Graph(
        [
            Node("x", Input(shape=(4,))),
            Node("a", Dense(), group="outer"),
            Node("b", Dense(), group="inner"),
            Node("c", Dense()),
        ],
        [Wire("x", "a"), Wire("a", "b"), Wire("b", "c")],
        Drawing([Group("inner", parent="outer"), Group("outer")]),
    )


def fold(graph, **folded):
    for group_id, is_folded in folded.items():
        group = graph.drawing.group(group_id)
        graph.drawing.change_group(
            Group(group.id, group.name, group.parent, is_folded, group.position)
        )


def test_a_group_holds_the_nodes_of_the_groups_in_it_too(graph):
    assert [node.id for node in inside(graph, "outer")] == ["a", "b"]
    assert [node.id for node in inside(graph, "inner")] == ["b"]


def test_ids_of_groups_stand_for_their_nodes_each_once(graph):
    assert members(graph, ["c", "outer", "b"]) == ("c", "a", "b")
    with pytest.raises(UnknownNodeError):
        members(graph, ["nobody"])


def test_the_groups_in_a_named_group_are_named_too_outer_ones_first(graph):
    assert groups_among(graph.drawing, ["inner", "outer", "a"]) == ("outer", "inner")


def test_nodes_are_seen_under_the_outermost_folded_group(graph):
    assert seen_groups(graph.drawing) == {"": OPEN, "outer": "outer", "inner": "outer"}

    fold(graph, outer=False)

    assert seen_groups(graph.drawing) == {"": OPEN, "outer": OPEN, "inner": "inner"}
    assert open_groups(graph.drawing) == ("outer",)


def test_a_level_shows_the_inside_of_its_group_alone(graph):
    assert seen_groups(graph.drawing, "outer") == {"": HIDDEN, "outer": OPEN, "inner": "inner"}
    assert seen_groups(graph.drawing, "inner") == {"": HIDDEN, "outer": HIDDEN, "inner": OPEN}


def test_the_inner_of_two_open_groups_comes_last(graph):
    fold(graph, outer=False, inner=False)

    assert open_groups(graph.drawing) == ("outer", "inner")
    assert open_groups(graph.drawing, "outer") == ("inner",)


def test_ports_are_where_wires_cross_the_border(graph):
    assert border(graph, inside(graph, "outer")) == (
        BorderPort("a", "in", output=False),
        BorderPort("b", "out", output=True),
    )


def test_inputs_that_wait_and_ends_that_nobody_reads_are_ports_too():
    graph = Graph([Node("a", Dense()), Node("sum", Add()), Node("b", Dense())], [Wire("a", "sum")])

    assert border(graph, graph.nodes) == (
        BorderPort("a", "in", output=False),
        BorderPort("b", "in", output=False),
        BorderPort("sum", "out", output=True),
        BorderPort("b", "out", output=True),
    )
