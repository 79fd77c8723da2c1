"""What is compared with what, where a network is measured."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.errors import DataError
from engine.evaluation.evaluate import confusion_matrix, evaluate
from engine.evaluation.report import report
from engine.graph.infer import infer
from engine.graph.model import Graph, Node, Wire
from engine.layers import LAYERS
from engine.plan.initial import initial_weights
from engine.plan.judged import judged


def layer(kind, **settings):
    return LAYERS.get(kind)(**settings)


def autoencoder(*more, wires=()):
    """64 numbers through two and back, compared with themselves."""
    return Graph(
        [
            Node("x", layer("input", shape=(64,))),
            Node("code", layer("dense", units=2, activation="linear")),
            Node("back", layer("dense", units=64, activation="linear")),
            Node("error", layer("loss", loss="squared_error")),
            *more,
        ],
        [
            Wire("x", "code"),
            Wire("code", "back"),
            Wire("back", "error", target_port="prediction"),
            Wire("x", "error", target_port="target"),
            *wires,
        ],
    )


@pytest.fixture(scope="module")
def digits():
    return prepare(DataSettings(source="digits"))


def test_a_reconstruction_is_measured_in_values_though_the_data_has_classes(digits):
    graph = autoencoder()
    weights = initial_weights(infer(graph), seed=1)
    found = evaluate(graph, weights, digits, "test")
    (w1, b1), (w2, b2) = (
        (weights[node, "weight"], weights[node, "bias"]) for node in ("code", "back")
    )
    x = digits.features[digits.test]
    back = (x @ w1.T + b1) @ w2.T + b2

    assert found["rmse"] == pytest.approx(np.sqrt(np.mean((back - x) ** 2)), rel=1e-5)
    assert found["loss"] == pytest.approx(found["rmse"] ** 2, rel=1e-5)
    assert "accuracy" not in found


def test_a_report_on_a_reconstruction_shows_each_number_beside_its_own(digits):
    graph = autoencoder()
    found = report(graph, initial_weights(infer(graph), seed=1), digits, "test")

    assert found.classes == ()
    np.testing.assert_array_equal(found.target, digits.features[digits.test].T)
    assert found.metrics["rmse"] ** 2 == pytest.approx(found.metrics["loss"], rel=1e-5)
    assert found.mistakes(3)[0].size >= found.mistakes(3)[2].size


def test_a_loss_on_the_target_of_the_data_comes_before_a_reconstruction(digits):
    graph = autoencoder(
        Node("classes", layer("dense", units=10, activation="softmax")),
        Node("loss", layer("loss")),
        wires=[Wire("code", "classes"), Wire("classes", "loss", target_port="prediction")],
    )

    assert judged(graph).loss == "loss"
    assert "accuracy" in evaluate(graph, initial_weights(infer(graph), seed=1), digits)


def test_a_comparison_with_a_constant_is_no_measure_of_data():
    graph = Graph(
        [
            Node("x", layer("input", shape=(2,))),
            Node("score", layer("dense", units=1, activation="sigmoid")),
            Node("one", layer("constant")),
            Node("loss", layer("loss", loss="binary_cross_entropy")),
        ],
        [
            Wire("x", "score"),
            Wire("score", "loss", target_port="prediction"),
            Wire("one", "loss", target_port="target"),
        ],
    )

    assert judged(graph) is None


def test_the_value_itself_is_never_judged():
    graph = Graph(
        [
            Node("x", layer("input", shape=(2,))),
            Node("loss", layer("loss", loss="value")),
        ],
        [Wire("x", "loss", target_port="prediction")],
    )

    assert judged(graph) is None


def test_reconstructions_have_no_confusion_matrix(digits):
    graph = autoencoder()
    with pytest.raises(DataError, match="predicts nothing that can be compared"):
        confusion_matrix(graph, initial_weights(infer(graph), seed=1), digits)
