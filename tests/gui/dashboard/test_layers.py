"""Layers as people count them."""

from __future__ import annotations

from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.neuron import Neuron
from engine.layers.terminal import Input
from gui.dashboard.layers import LayerGroup, layer_groups


def test_neurons_of_a_column_are_one_layer():
    graph = Graph([Node("x", Input(shape=(2,))), *(Node(n, Neuron()) for n in "abc")])
    for source, target in (("x", "a"), ("x", "b"), ("a", "c"), ("b", "c")):
        graph.connect(Wire(source, target))

    assert layer_groups(graph, ["c", "a", "b"]) == [
        LayerGroup("2 neurons", ("a", "b")),
        LayerGroup("Neuron", ("c",)),
    ]


def test_neurons_in_a_loop_are_counted_as_without_the_wire_that_leads_back():
    graph = Graph([Node("x", Input(shape=(2,))), *(Node(n, Neuron()) for n in "abc")])
    for source, target in (("x", "a"), ("x", "b"), ("a", "c"), ("b", "c")):
        graph.connect(Wire(source, target))
    before = layer_groups(graph, "abc")
    for target in "abc":
        graph.connect(Wire("c", target, delay=1))

    assert layer_groups(graph, "abc") == before


def test_layers_of_one_title_are_told_apart_by_their_ids():
    graph = Graph([Node("dense_1", Dense()), Node("dense_2", Dense()), Node("out", Dense(), "Out")])

    assert [g.label for g in layer_groups(graph, ["dense_1", "dense_2", "out"])] == [
        "dense_1",
        "dense_2",
        "Out",
    ]


def test_a_node_that_is_gone_keeps_its_id():
    assert layer_groups(Graph(), ["dense_1"]) == [LayerGroup("dense_1", ("dense_1",))]
