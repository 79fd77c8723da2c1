"""A new last layer on what a network has learnt: by its graph, and trained on other digits."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.errors import GraphError
from engine.evaluation.evaluate import evaluate
from engine.graph.model import Graph, Node, Wire
from engine.graph.transfer import with_new_head
from engine.layers import LAYERS
from engine.project.templates import open_template
from engine.training.trainer import Trainer


def layer(kind, **settings):
    return LAYERS.get(kind)(**settings)


def network():
    return Graph(
        [
            Node("x", layer("input", shape=(3,))),
            Node("features", layer("dense", units=4)),
            Node("dense_1", layer("dense", units=2, activation="linear"), "Head", (5, 6)),
            Node("soft", layer("activation", function="softmax")),
            Node("loss", layer("loss")),
        ],
        [
            Wire("x", "features"),
            Wire("features", "dense_1"),
            Wire("dense_1", "soft"),
            Wire("soft", "loss", target_port="prediction"),
        ],
    )


def test_the_last_layer_is_new_and_what_learns_before_it_is_frozen():
    weights = {("features", "weight"): 1, ("features", "bias"): 2, ("dense_1", "weight"): 3}
    graph, kept = with_new_head(network(), weights, 7)

    assert [node.id for node in graph.nodes] == ["x", "features", "dense_2", "soft", "loss"]
    head = graph.node("dense_2")
    assert (head.layer.units, head.name, head.position) == (7, "Head", (5, 6))
    assert [node.id for node in graph.nodes if node.frozen] == ["features"]
    assert [(wire.source, wire.target) for wire in graph.wires] == [
        ("x", "features"),
        ("features", "dense_2"),
        ("dense_2", "soft"),
        ("soft", "loss"),
    ]
    assert kept == {("features", "weight"): 1, ("features", "bias"): 2}


def test_the_network_that_was_given_stays_as_it_is():
    graph = network()
    with_new_head(graph, {}, 7)

    assert graph.same_computation(network())


def test_a_network_without_a_last_layer_is_refused():
    graph = Graph(
        [Node("x", layer("input")), Node("loss", layer("loss"))],
        [Wire("x", "loss", target_port="prediction")],
    )
    with pytest.raises(GraphError) as refusal:
        with_new_head(graph, {}, 3)
    assert str(refusal.value) == (
        "No layer with units stands before a loss, so there is no last layer to renew. "
        "Wire a Dense into the loss."
    )


def trained(graph, dataset, settings, weights=None):
    trainer = Trainer(graph, dataset, settings, weights=weights)
    trainer.run()
    return trainer.weights()


def test_features_of_five_digits_serve_to_read_the_other_five():
    """Better than features that were never trained, and not a bit of them changes."""
    project = open_template("transfer")
    first = prepare(project.data)
    others = {"ignored": ["0", "1", "2", "3", "4"], "validation": 0.0, "test": 0.3}
    second = prepare(project.data.replaced(**others))
    learnt, untrained = [], []
    for seed in (0, 2):
        settings = project.training.replaced(seed=seed)
        weights = trained(project.graph, first, settings)
        graph, kept = with_new_head(project.graph, weights, 5)
        after = trained(graph, second, settings, kept)
        random = trained(graph, second, settings)
        assert evaluate(project.graph, weights, first, "test")["accuracy"] >= 0.97
        assert {name for name, _ in kept} == {"conv2d_1", "conv2d_2"}
        for key, array in kept.items():
            np.testing.assert_array_equal(after[key], array)
        learnt.append(evaluate(graph, after, second, "test")["accuracy"])
        untrained.append(evaluate(graph, random, second, "test")["accuracy"])

    assert first.signature.classes == ("0", "1", "2", "3", "4")
    assert second.signature.classes == ("5", "6", "7", "8", "9")
    assert np.mean(learnt) >= 0.91
    assert np.mean(learnt) >= np.mean(untrained) + 0.02
