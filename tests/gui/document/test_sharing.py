"""Shared weights, freezing, rates and switches as the document edits them."""

import numpy as np
import pytest

from engine.errors import GraphError, SharingError
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.terminal import Input
from engine.project.project import Project
from engine.project.templates import open_template
from gui.document.document import Document


@pytest.fixture
def document():
    """x → a → b → c, where b and c use the weights of a."""
    graph = Graph(
        [
            Node("x", Input(shape=(4,))),
            Node("a", Dense(units=4)),
            Node("b", Dense(units=4), same_as="a"),
            Node("c", Dense(units=4), same_as="a"),
        ],
        [Wire("x", "a"), Wire("a", "b"), Wire("b", "c")],
    )
    made = Document(Project(graph=graph))
    made.weights = {("a", "weight"): np.eye(4, dtype=np.float32)}
    return made


def owners(document):
    return {node.id: node.owner for node in document.graph.nodes}


def test_an_edit_of_a_shared_node_is_one_of_its_whole_family(document):
    document.set_field("b", "units", 7)
    document.set_field("c", "units", 9)

    assert [document.graph.node(i).layer for i in "abc"] == [Dense(units=9)] * 3
    assert document.undo.count() == 1
    document.undo.undo()
    assert [document.graph.node(i).layer for i in "abc"] == [Dense(units=4)] * 3


def test_the_first_instance_owns_the_weights_when_their_node_goes(document):
    document.remove(["a"])

    assert owners(document) == {"x": "x", "b": "b", "c": "b"}
    assert np.array_equal(document.weights["b", "weight"], np.eye(4))
    document.undo.undo()
    assert owners(document) == {"x": "x", "a": "a", "b": "a", "c": "a"}
    assert list(document.weights) == [("a", "weight")]


def test_a_family_that_goes_as_a_whole_leaves_nothing_to_hand_over(document):
    document.remove(["a", "b", "c"])

    assert owners(document) == {"x": "x"}
    document.undo.undo()
    assert owners(document)["c"] == "a"


def test_an_independent_node_has_a_copy_of_the_weights(document):
    document.make_independent(["b"])

    assert owners(document)["b"] == "b"
    assert np.array_equal(document.weights["b", "weight"], document.weights["a", "weight"])
    assert document.weights["b", "weight"] is not document.weights["a", "weight"]
    assert document.undo.undoText() == "Give Dense weights of its own"
    document.undo.undo()
    assert list(document.weights) == [("a", "weight")]


def test_nodes_that_share_nothing_cannot_be_made_independent(document):
    with pytest.raises(GraphError, match="shares the weights"):
        document.make_independent(["a"])


def test_sharing_takes_over_the_settings_of_the_original(document):
    other = document.add_node(Dense(units=11), (0, 0))
    document.set_rate(["a"], 0.5)

    document.share(other, "a")

    node = document.graph.node(other)
    assert (node.layer, node.same_as, node.rate) == (Dense(units=4), "a", 0.5)
    assert document.undo.undoText() == "Let Dense share the weights of Dense"


def test_sharing_with_an_instance_or_another_kind_is_refused_whole(document):
    other = document.add_node(Dense(units=11), (0, 0))
    edits = document.undo.count()

    with pytest.raises(SharingError):
        document.share(other, "b")
    with pytest.raises(SharingError):
        document.share(other, "x")
    assert document.graph.node(other).layer == Dense(units=11)
    assert document.undo.count() == edits


def test_freezing_and_rates_are_of_the_whole_family(document):
    document.set_frozen(["c"], True)
    document.set_rate(["b"], 0.1)

    assert all(document.graph.node(i).frozen for i in "abc")
    assert all(document.graph.node(i).rate == 0.1 for i in "abc")


def test_turns_of_a_rate_become_one_edit(document):
    for rate in (0.9, 0.5, 0.1):
        document.set_rate(["a"], rate)

    assert document.undo.count() == 1
    assert document.undo.undoText() == "Set the learning rate of Dense to 0.1 times"
    document.undo.undo()
    assert document.graph.node("a").rate == 1.0


def test_a_negative_rate_is_refused(document):
    with pytest.raises(GraphError, match="from 0 up, got -1"):
        document.set_rate(["a"], -1.0)


def test_a_switch_is_of_each_node_alone(document):
    document.set_switch(["b"], "bypassed")

    assert [document.graph.node(i).switch for i in "abc"] == ["on", "bypassed", "on"]
    assert document.undo.undoText() == "Bypass Dense"
    document.set_switch(["b"], "bypassed")
    assert document.undo.count() == 1


def test_a_copy_may_share_the_weights_of_its_original(document):
    copies = document.duplicate_sharing(["x", "b"])

    assert [document.graph.node(i).same_as for i in copies] == ["", "a"]


def test_all_that_learns_before_the_last_layer_is_frozen_in_one_edit():
    document = Document(open_template("transfer"))
    document.freeze_features()
    frozen = [node.name for node in document.graph.nodes if node.frozen]

    assert frozen == ["Edges", "Strokes"]
    assert document.undo.count() == 1
    document.undo.undo()
    assert not any(node.frozen for node in document.graph.nodes)


def test_without_a_last_layer_nothing_is_frozen(document):
    with pytest.raises(GraphError, match="No layer with units stands before a loss"):
        document.freeze_features()

    assert document.undo.count() == 0
