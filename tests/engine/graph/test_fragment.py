"""Pieces of a graph: cut out, sent as text, pasted under new ids."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

import engine.layers  # noqa: F401 - fills the registry
from engine.errors import FragmentError, UnknownNodeError
from engine.graph.drawing import Annotation, Drawing, Group
from engine.graph.fragment import Fragment, cut, from_json, paste, to_json
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import LAYERS


@pytest.fixture
def graph():
    dense = LAYERS.get("dense")
    return Graph(
        [
            Node("input_1", LAYERS.get("input")()),
            Node("dense_1", dense(units=3), "First", (8.0, 16.0)),
            Node("dense_2", dense(units=4), "", (240.0, 16.0)),
        ],
        [Wire("input_1", "dense_1"), Wire("dense_1", "dense_2")],
    )


def test_a_cut_takes_the_wires_among_its_nodes_alone(graph):
    fragment = cut(graph, ["dense_2", "dense_1"])

    assert fragment.nodes == graph.nodes[1:]
    assert fragment.wires == (Wire("dense_1", "dense_2"),)
    assert len(graph) == 3


def test_a_cut_of_an_unknown_node_is_refused(graph):
    with pytest.raises(UnknownNodeError):
        cut(graph, ["nobody"])


def test_a_paste_has_new_ids_and_stands_elsewhere(graph):
    pasted = paste(cut(graph, ["dense_1", "dense_2"]), graph, (32.0, 64.0))

    assert [node.id for node in pasted.nodes] == ["dense_3", "dense_4"]
    assert [node.name for node in pasted.nodes] == ["First", ""]
    assert [node.position for node in pasted.nodes] == [(40.0, 80.0), (272.0, 80.0)]
    assert [node.layer for node in pasted.nodes] == [n.layer for n in graph.nodes[1:]]
    assert pasted.wires == (Wire("dense_3", "dense_4"),)


def test_a_fragment_survives_as_text(graph):
    fragment = cut(graph, ["input_1", "dense_1", "dense_2"])

    assert from_json(to_json(fragment)) == fragment


def test_the_text_says_what_it_is(graph):
    plain = json.loads(to_json(cut(graph, ["input_1"])))

    assert plain["format"] == "glassbox/fragment"
    assert plain["version"] == 2


def test_unknown_kinds_are_pasted_as_placeholders(graph):
    text = to_json(cut(graph, ["dense_1", "dense_2"])).replace('"dense"', '"quantum"')

    fragment = from_json(text)

    assert fragment.wires == (Wire("dense_1", "dense_2"),)
    assert to_json(fragment) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "{",
        "[1, 2]",
        "{}",
        '{"format": "glassbox/fragment"}',
        '{"format": "glassbox/fragment", "version": 1, "nodes": 3}',
        "[" * 100_000,
        '"\ud800"',
    ],
)
def test_foreign_text_is_refused_in_one_sentence(text):
    with pytest.raises(FragmentError) as caught:
        from_json(text)

    assert str(caught.value) == (
        "The text to paste is not a piece of a graph. Copy some nodes first."
    )


def test_text_of_another_format_is_refused_by_its_name():
    with pytest.raises(FragmentError, match="says that it is 'figma', not a piece of a graph"):
        from_json('{"format": "figma", "version": 1}')


def test_text_of_a_newer_version_is_refused():
    with pytest.raises(FragmentError, match="come from a newer version of Glassbox"):
        from_json('{"format": "glassbox/fragment", "version": 3}')


def test_nodes_of_one_id_are_refused(graph):
    node = graph.nodes[0]
    text = to_json(Fragment((node, node)))

    with pytest.raises(FragmentError, match="do not fit together"):
        from_json(text)


@pytest.fixture
def grouped(graph):
    """Two dense layers in a folded group inside another, and a note beside them."""
    drawing = Drawing(
        [Group("outer", "Block", position=(4.0, 8.0)), Group("inner", parent="outer")],
        [
            Annotation("note_1", "note", "look", group="outer"),
            Annotation("note_2", "note", "elsewhere"),
        ],
    )
    nodes = [
        graph.nodes[0],
        replace(graph.nodes[1], group="outer", frozen=True, rate=0.5, switch="muted"),
        replace(graph.nodes[2], group="inner", layer=graph.nodes[1].layer, same_as="dense_1"),
    ]
    return Graph(nodes, graph.wires, drawing)


def test_a_named_group_goes_with_all_that_lies_in_it(grouped):
    fragment = cut(grouped, ["outer"])

    assert [node.id for node in fragment.nodes] == ["dense_1", "dense_2"]
    assert [group.id for group in fragment.groups] == ["outer", "inner"]
    assert [each.id for each in fragment.annotations] == ["note_1"]
    assert from_json(to_json(fragment)) == fragment


def test_nodes_cut_out_of_a_group_leave_the_group_behind(grouped):
    fragment = cut(grouped, ["dense_1", "inner"])

    assert [node.group for node in fragment.nodes] == ["", "inner"]
    assert fragment.groups == (Group("inner"),)


def test_a_pasted_group_has_a_new_id_and_lies_where_it_is_put(grouped):
    pasted = paste(cut(grouped, ["outer"]), grouped, (10.0, 0.0), group="inner")

    assert [(g.id, g.parent, g.position) for g in pasted.groups] == [
        ("group_1", "inner", (14.0, 8.0)),
        ("group_2", "group_1", (10.0, 0.0)),
    ]
    assert [node.group for node in pasted.nodes] == ["group_1", "group_2"]
    assert [each.group for each in pasted.annotations] == ["group_1"]
    first = pasted.nodes[0]
    assert (first.frozen, first.rate, first.switch) == (True, 0.5, "muted")


def test_a_copy_shares_with_the_copy_of_its_original(grouped):
    pasted = paste(cut(grouped, ["outer"]), grouped)

    assert [node.same_as for node in pasted.nodes] == ["", "dense_3"]


def test_a_copy_shares_with_its_original_if_that_is_in_the_graph(grouped):
    fragment = cut(grouped, ["dense_2"])

    assert paste(fragment, grouped).nodes[0].same_as == "dense_1"
    assert paste(fragment, Graph()).nodes[0].same_as == ""


def test_a_copy_never_shares_with_something_else_of_that_id(grouped):
    other = Graph([Node("dense_1", LAYERS.get("dense")(units=99))])

    assert paste(cut(grouped, ["dense_2"]), other).nodes[0].same_as == ""


def test_weights_go_with_the_nodes_also_as_text(grouped):
    weight = np.arange(6, dtype=np.float32).reshape(3, 2)
    weights = {("dense_1", "weight"): weight, ("input_1", "x"): weight}

    sent = from_json(to_json(cut(grouped, ["outer"], weights)))
    pasted = paste(sent, grouped)

    assert list(sent.weights) == [("dense_1", "weight")]
    assert np.array_equal(sent.weights["dense_1", "weight"], weight)
    assert list(pasted.weights) == [("dense_3", "weight")]


def test_a_copy_whose_original_stays_behind_takes_a_copy_of_its_weights(grouped):
    weights = {("dense_1", "weight"): np.ones((2, 2), np.float32)}

    pasted = paste(cut(grouped, ["dense_2"], weights), Graph())

    assert list(pasted.weights) == [("dense_1", "weight")]
    assert pasted.nodes[0].id == "dense_1"


def test_a_copy_becomes_an_instance_where_that_is_wanted(grouped):
    fragment = cut(grouped, ["outer"])

    pasted = paste(fragment, grouped, shared={"dense_1", "dense_2"})

    assert [node.same_as for node in pasted.nodes] == ["dense_1", "dense_1"]


def test_weights_of_another_size_than_they_say_are_refused(grouped):
    weights = {("dense_1", "weight"): np.ones((2, 2), np.float32)}
    text = to_json(cut(grouped, ["dense_1"], weights)).replace("AACAP", "")

    with pytest.raises(FragmentError, match="The weights of dense_1 are damaged"):
        from_json(text)


def test_the_corner_is_that_of_what_is_seen(grouped):
    assert cut(grouped, ["outer"]).corner == (4.0, 8.0)
    assert cut(grouped, ["dense_1"]).corner == (8.0, 16.0)
