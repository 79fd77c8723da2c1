"""Pieces of a graph: cut out, sent as text, pasted under new ids."""

from __future__ import annotations

import json

import pytest

import engine.layers  # noqa: F401 - fills the registry
from engine.errors import FragmentError, UnknownNodeError
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
    pasted = paste(cut(graph, ["dense_1", "dense_2"]), graph.fresh_id, (32.0, 64.0))

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
