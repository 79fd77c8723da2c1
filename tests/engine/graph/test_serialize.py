"""A graph as plain values: stable, readable, and nothing lost on the way back."""

from __future__ import annotations

import json

import msgspec
import pytest

import engine.layers  # noqa: F401 - fills the registry
from engine.errors import DuplicateNodeError
from engine.graph.model import Graph, Node, Wire
from engine.graph.serialize import graph_from_plain, graph_to_plain
from engine.layers.base import LAYERS
from engine.layers.placeholder import Placeholder


@pytest.fixture
def graph():
    return Graph(
        [
            Node("input_1", LAYERS.get("input")(shape=[2]), position=(0.0, 8.5)),
            Node("dense_1", LAYERS.get("dense")(units=3), "Head", (232.0, 0.0)),
            Node("loss_1", LAYERS.get("loss")()),
        ],
        [Wire("input_1", "dense_1"), Wire("dense_1", "loss_1", target_port="prediction")],
    )


def test_a_graph_comes_back_as_it_was(graph):
    again, notes = graph_from_plain(json.loads(json.dumps(graph_to_plain(graph))))

    assert notes == []
    assert again.nodes == graph.nodes
    assert again.wires == graph.wires


def test_the_plain_form_names_what_is_not_usual_and_nothing_else(graph):
    plain = graph_to_plain(graph)

    assert plain["nodes"][0] == {
        "id": "input_1",
        "kind": "input",
        "position": [0, 8.5],
        "settings": {"shape": [2], "columns": []},
    }
    assert plain["nodes"][1]["name"] == "Head"
    assert plain["wires"] == [
        {"source": "input_1", "target": "dense_1"},
        {"source": "dense_1", "target": "loss_1", "target_port": "prediction"},
    ]


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.kind)
def test_every_layer_comes_back_with_its_settings(layer):
    for example in layer.examples or [None]:
        graph = Graph([Node("a", layer(**(example.settings if example else {})))])

        again, notes = graph_from_plain(json.loads(json.dumps(graph_to_plain(graph))))

        assert notes == []
        assert again.nodes == graph.nodes


@pytest.mark.parametrize("kind", ["quantum", "os.system", "__import__", "engine.layers.dense"])
def test_a_kind_that_no_registry_knows_is_kept_with_settings_and_wires(graph, kind):
    plain = graph_to_plain(graph)
    plain["nodes"][1].update(kind=kind, settings={"qubits": [1, {"deep": None}]})

    again, notes = graph_from_plain(plain)

    assert isinstance(again.node("dense_1").layer, Placeholder)
    assert again.wires == graph.wires
    assert graph_to_plain(again) == plain
    assert notes == [
        "Head is kept as a placeholder and cannot run: This version of Glassbox does not know "
        f"the layer {kind!r}. Open the file with a newer version, or put another layer in its "
        "place."
    ]


def test_an_unknown_node_keeps_ports_that_have_other_names(graph):
    plain = graph_to_plain(graph)
    plain["nodes"][1].update(kind="quantum", settings={"qubits": 3})
    plain["wires"] = [
        {"source": "input_1", "target": "dense_1", "target_port": "entangled"},
        {"source": "dense_1", "target": "loss_1", "source_port": "up", "target_port": "prediction"},
    ]

    again, _ = graph_from_plain(plain)

    assert graph_to_plain(again) == plain


def test_settings_that_a_layer_refuses_are_kept_with_the_reason(graph):
    plain = graph_to_plain(graph)
    plain["nodes"][1]["settings"] = {"units": 0}

    again, notes = graph_from_plain(plain)

    assert graph_to_plain(again) == plain
    assert notes == [
        "Head is kept as a placeholder and cannot run: Dense.units must be a whole number from 1 "
        "to 1000000, got 0."
    ]


def test_a_wire_that_cannot_be_is_left_out_with_a_note(graph):
    plain = graph_to_plain(graph)
    plain["wires"].append({"source": "dense_1", "target": "nowhere"})

    again, notes = graph_from_plain(plain)

    assert again.wires == graph.wires
    assert notes == [
        "The wire from dense_1 to nowhere was left out. The graph has no node 'nowhere'."
    ]


def test_two_nodes_of_one_id_are_refused(graph):
    plain = graph_to_plain(graph)
    plain["nodes"].append(plain["nodes"][0])

    with pytest.raises(DuplicateNodeError):
        graph_from_plain(plain)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"nodes": [{"id": 3, "kind": "dense"}]},
            "Expected `str`, got `int` - at `$.nodes[0].id`",
        ),
        (
            {"nodes": [{"id": "a"}]},
            "Object missing required field `kind` - at `$.nodes[0]`",
        ),
        (
            {"nodes": [{"id": "a", "kind": "dense", "colour": "red"}]},
            "Object contains unknown field `colour` - at `$.nodes[0]`",
        ),
        ({"wires": {}}, "Expected `array`, got `object` - at `$.wires`"),
    ],
)
def test_another_structure_is_refused_with_its_path(change, message):
    with pytest.raises(msgspec.ValidationError) as caught:
        graph_from_plain(change)

    assert str(caught.value) == message
