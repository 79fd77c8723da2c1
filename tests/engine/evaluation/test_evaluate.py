"""Metrics over a part of a data set, with scikit-learn as the witness."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as sklearn_metrics

from engine.errors import DataError
from engine.evaluation.evaluate import confusion_matrix, evaluate
from engine.graph.infer import infer
from engine.graph.model import Wire
from engine.plan.parameters import Parameters
from engine.plan.predict import Predictor
from tests.engine.plan.networks import chain, classifier, clouds, corners, node, xor


def some_weights(graph):
    parameters = Parameters(graph, infer(graph))
    parameters.initialize(2)
    return parameters.to_dict()


@pytest.fixture
def data():
    """1,100 examples, so that they are measured in several pieces."""
    data = clouds(count=1100)
    data.parts = {"train": np.arange(1100), "test": np.arange(0, 1100, 11)}
    return data


def test_class_metrics_are_those_of_scikit_learn(data):
    graph = classifier()
    weights = some_weights(graph)
    found = evaluate(graph, weights, data, "train")
    scores = Predictor(graph, weights, np.float64).predict({"x": data.features})["out"]
    predicted = scores.argmax(axis=1)

    assert found["accuracy"] == pytest.approx(
        sklearn_metrics.accuracy_score(data.targets, predicted)
    )
    assert found["f1"] == pytest.approx(
        sklearn_metrics.f1_score(data.targets, predicted, average="macro")
    )
    assert found["loss"] == pytest.approx(sklearn_metrics.log_loss(data.targets, scores), rel=1e-5)
    np.testing.assert_array_equal(
        confusion_matrix(graph, weights, data, "train"),
        sklearn_metrics.confusion_matrix(data.targets, predicted),
    )


def test_what_is_measured_at_a_second_port_is_what_is_predicted(data):
    graph = classifier(classes=5)
    graph.add_node(node("parts", "split", size=2))
    graph.disconnect(Wire("out", "loss", target_port="prediction"))
    graph.connect(Wire("out", "parts"))
    graph.connect(Wire("parts", "loss", "rest", "prediction"))
    weights = some_weights(graph)
    found = evaluate(graph, weights, data, "train")
    scores = Predictor(graph, weights, np.float64).predict({"x": data.features})["parts"]
    of_true = np.take_along_axis(scores, data.targets[:, None], axis=1)

    assert found["accuracy"] == np.mean(scores.argmax(axis=1) == data.targets)
    assert found["loss"] == pytest.approx(-np.log(of_true).mean(), rel=1e-5)


def test_yes_or_no_is_decided_at_one_half():
    graph, data = xor(), corners()
    weights = some_weights(graph)
    inputs = {"x1": data.features[:, :1], "x2": data.features[:, 1:]}
    predicted = Predictor(graph, weights).predict(inputs)["y"][:, 0] > 0.5

    found = evaluate(graph, weights, data, "train")

    assert found["accuracy"] == np.mean(predicted == data.targets)
    np.testing.assert_array_equal(
        confusion_matrix(graph, weights, data, "train"),
        sklearn_metrics.confusion_matrix(data.targets, predicted),
    )


def test_values_are_judged_in_the_unit_of_their_column(data):
    data.kind, data.targets, data.unit = "values", data.features[:, :1] + 1, 100.0
    graph = chain(
        node("x", "input", shape=[4]),
        node("y", "dense", units=1, activation="linear"),
        node("loss", "loss", loss="squared_error"),
    )
    weights = some_weights(graph)
    found = evaluate(graph, weights, data)
    rows = data.part("test")
    predicted = 100 * Predictor(graph, weights).predict({"x": data.features[rows]})["y"]
    actual = 100 * data.targets[rows]

    assert found["mae"] == pytest.approx(
        sklearn_metrics.mean_absolute_error(actual, predicted), rel=1e-5
    )
    assert found["rmse"] == pytest.approx(
        sklearn_metrics.root_mean_squared_error(actual, predicted), rel=1e-5
    )
    assert found["r2"] == pytest.approx(sklearn_metrics.r2_score(actual, predicted), rel=1e-4)


def test_an_empty_part_is_refused(data):
    with pytest.raises(DataError) as caught:
        evaluate(classifier(), {}, data, "validation")

    assert str(caught.value) == (
        "The validation part of the data has no examples, so there is nothing to measure. "
        "Give it a share of the rows, or choose another part."
    )


def test_values_have_no_confusion_matrix(data):
    data.kind = "values"

    with pytest.raises(DataError) as caught:
        confusion_matrix(classifier(), {}, data)

    assert str(caught.value) == (
        "A confusion matrix counts classes, and the target is a value. "
        "Look at the errors of the prediction instead."
    )
