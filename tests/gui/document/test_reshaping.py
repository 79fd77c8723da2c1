"""Repeating blocks, replacing kinds, collapsing neurons and expanding layers."""

import numpy as np
import pytest

from engine.errors import GraphError, RegroupError
from engine.graph.drawing import Drawing, Group
from engine.graph.model import Graph, Node, Wire
from engine.layers.activation import Activation
from engine.layers.dense import Dense
from engine.layers.dropout import Dropout
from engine.layers.merge import Concat
from engine.layers.merge_elementwise import Add
from engine.layers.neuron import Neuron
from engine.layers.reshape import Flatten
from engine.layers.terminal import Input, Loss
from engine.project.project import Project
from gui.document.document import Document


def document_of(nodes, wires, *groups):
    return Document(Project(graph=Graph(nodes, wires, Drawing(groups))))


@pytest.fixture
def residual():
    """x → (a → sum, x → sum) → loss: a residual block in a folded group."""
    return document_of(
        [
            Node("x", Input(shape=(4,))),
            Node("a", Dense(units=4), position=(200, 0), group="block"),
            Node("sum", Add(), position=(400, 0), group="block"),
            Node("loss", Loss(loss="squared_error"), position=(600, 0)),
        ],
        [
            Wire("x", "a"),
            Wire("a", "sum"),
            Wire("x", "sum"),
            Wire("sum", "loss", target_port="prediction"),
        ],
        Group("block", "Residual", position=(250, 0)),
    )


def state(document):
    graph = document.graph
    return graph.nodes, graph.wires, graph.drawing.groups, dict(document.weights)


def test_a_repeated_block_stands_in_series_with_its_copies(residual):
    before = state(residual)

    groups = residual.repeat("block", 3, 240.0, shared=False)

    graph = residual.graph
    assert [graph.drawing.group(i).name for i in groups] == [
        "Residual",
        "Residual 2",
        "Residual 3",
    ]
    assert set(graph.wires) >= {
        Wire("sum", "dense_1"),
        Wire("sum", "add_1"),
        Wire("add_1", "dense_2"),
        Wire("add_1", "add_2"),
        Wire("add_2", "loss", target_port="prediction"),
    }
    assert graph.outgoing("add_2") == (Wire("add_2", "loss", target_port="prediction"),)
    assert residual.position_of("loss") == (1080.0, 0.0)
    assert residual.inference["loss"].outputs is not None
    assert residual.undo.undoText() == "Repeat Residual 3 times"
    residual.undo.undo()
    assert state(residual) == before


def test_copies_may_all_use_the_weights_of_the_first(residual):
    residual.repeat("block", 3, 240.0, shared=True)

    shared = {node.id: node.same_as for node in residual.graph.nodes if node.same_as}
    assert shared == {"dense_1": "a", "dense_2": "a"}


def test_a_block_without_an_output_cannot_be_repeated():
    document = document_of(
        [Node("x", Input(shape=(4,))), Node("l", Loss(loss="squared_error"), group="g")],
        [Wire("x", "l", target_port="prediction")],
        Group("g", "End"),
    )

    with pytest.raises(GraphError, match="End needs an input and an output"):
        document.repeat("g", 2, 240.0, shared=False)
    with pytest.raises(GraphError, match="2 to 200 times, got 1"):
        document.repeat("g", 1, 240.0, shared=False)
    assert document.undo.count() == 0


def test_another_kind_keeps_the_wires_and_the_settings_that_both_have():
    document = document_of(
        [Node("x", Input(shape=(4,))), Node("n", Dense(units=7)), Node("d", Dropout())],
        [Wire("x", "n"), Wire("n", "d")],
    )
    before = state(document)

    lost = document.replace_kind("n", Activation())

    assert lost == ()
    assert document.graph.wires == (Wire("x", "n"), Wire("n", "d"))
    assert isinstance(document.graph.node("n").layer, Activation)
    assert document.undo.undoText() == "Replace Dense by ReLU"
    document.undo.undo()
    assert state(document) == before


def test_settings_of_one_name_go_over():
    document = document_of([Node("n", Neuron(activation="tanh", bias=False))], [])

    document.replace_kind("n", Dense(units=3))

    assert document.graph.node("n").layer == Dense(units=3, activation="tanh", bias=False)


def test_wires_that_no_longer_fit_are_named():
    document = document_of(
        [
            Node("x", Input(shape=(4,)), "First"),
            Node("y", Input(shape=(4,)), "Second"),
            Node("n", Concat()),
        ],
        [Wire("x", "n"), Wire("y", "n")],
    )

    assert document.replace_kind("n", Flatten()) == ("Second",)
    assert document.graph.wires == (Wire("x", "n"),)
    document.undo.undo()
    assert document.graph.wires == (Wire("x", "n"), Wire("y", "n"))


def test_a_node_whose_weights_others_use_hands_them_over_when_it_is_replaced():
    document = document_of([Node("a", Dense()), Node("b", Dense(), same_as="a")], [])

    document.replace_kind("a", Dropout())

    assert document.graph.node("b").same_as == ""


@pytest.fixture
def layered():
    """x → n (3 units, with weights) → out."""
    document = document_of(
        [
            Node("x", Input(shape=(2,)), group="g"),
            Node("n", Dense(units=3, activation="tanh"), position=(200, 0), group="g"),
            Node("out", Dense(units=1), position=(400, 0), group="g"),
        ],
        [Wire("x", "n"), Wire("n", "out")],
        Group("g", folded=False),
    )
    document.weights = document.all_weights()
    return document


def test_a_layer_expands_into_neurons_and_collapses_again_with_its_weights(layered):
    before = state(layered)
    kept = layered.weights["n", "weight"].copy()

    neurons = [i for i in layered.expand("n") if layered.graph.node(i).layer.kind == "neuron"]

    assert len(neurons) == 3
    assert {layered.group_of(i) for i in neurons} == {"g"}
    assert layered.undo.undoText() == "Expand Dense into neurons"
    layer = layered.collapse(neurons)
    assert np.array_equal(layered.weights[layer, "weight"], kept)
    assert layered.undo.undoText() == "Collapse 3 nodes into a layer"
    layered.undo.undo()
    layered.undo.undo()
    nodes, wires, groups, weights = state(layered)
    assert (nodes, wires, groups) == before[:3]
    assert all(weights[key] is array for key, array in before[3].items())


def test_expanding_makes_room_for_the_concat_and_collapsing_takes_it_away(layered):
    made = layered.expand("n")
    (joined,) = [i for i in made if layered.graph.node(i).layer.kind == "concat"]

    assert layered.position_of(joined) == (432, 0)
    assert layered.position_of("out") == (632, 0)
    layer = layered.collapse([i for i in made if i != joined])
    assert joined not in layered.graph
    assert {(w.source, w.target) for w in layered.graph.wires} == {("x", layer), (layer, "out")}


def test_what_cannot_be_collapsed_says_why(layered):
    with pytest.raises(RegroupError):
        layered.collapse(["x"])
    assert layered.undo.count() == 0
