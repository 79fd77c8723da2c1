"""Metrics: cases worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.metrics import METRICS, confusion, decided, metrics_for

# Three classes, five examples: actual 0 0 1 2 2, predicted 0 1 1 2 0.
ACTUAL = np.eye(3)[:, [0, 0, 1, 2, 2]]
PREDICTED = np.array(
    [[0.8, 0.3, 0.1, 0.2, 0.6], [0.1, 0.6, 0.7, 0.2, 0.1], [0.1, 0.1, 0.2, 0.6, 0.3]]
)
YES_NO_ACTUAL = np.array([[1.0, 1, 1, 0, 0, 0]])
YES_NO_PREDICTED = np.array([[0.9, 0.6, 0.5, 0.7, 0.2, 0.1]])


def value(kind, prediction, target):
    return METRICS.get(kind)().value(prediction, target)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("accuracy", 3 / 5),
        ("precision", (1 / 2 + 1 / 2 + 1) / 3),
        ("recall", (1 / 2 + 1 + 1 / 2) / 3),
        ("f1", (1 / 2 + 2 / 3 + 2 / 3) / 3),
    ],
)
def test_scores_of_three_classes_by_hand(kind, expected):
    assert value(kind, PREDICTED, ACTUAL) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("accuracy", 4 / 6), ("precision", 2 / 3), ("recall", 2 / 3), ("f1", 2 / 3)],
)
def test_scores_of_yes_or_no_by_hand_where_one_half_is_no(kind, expected):
    assert value(kind, YES_NO_PREDICTED, YES_NO_ACTUAL) == pytest.approx(expected)


def test_the_confusion_matrix_counts_actual_by_predicted():
    np.testing.assert_array_equal(confusion(PREDICTED, ACTUAL), [[1, 1, 0], [0, 1, 0], [1, 0, 1]])
    np.testing.assert_array_equal(confusion(YES_NO_PREDICTED, YES_NO_ACTUAL), [[2, 1], [1, 2]])


def test_a_tie_goes_to_the_first_class():
    np.testing.assert_array_equal(decided(np.array([[0.5], [0.5]])), [0])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("mae", 1.0), ("rmse", math.sqrt(1.5)), ("r2", 1 - 6 / 20)],
)
def test_scores_of_values_by_hand(kind, expected):
    target = np.array([[1.0, 3, 5, 7]])
    prediction = target + np.array([0, 1, -1, 2])

    assert value(kind, prediction, target) == pytest.approx(expected)


def test_r2_gives_each_output_its_own_mean():
    target = np.array([[0.0, 2], [100, 104]])
    prediction = np.array([[0.0, 2], [102, 102]])

    assert value("r2", prediction, target) == pytest.approx((1 + 0) / 2)


def test_r2_of_a_target_that_never_changes_is_not_a_number():
    assert math.isnan(value("r2", np.zeros((1, 3)), np.ones((1, 3))))


def test_a_perfect_prediction_is_perfect():
    for kind in ("accuracy", "precision", "recall", "f1"):
        assert value(kind, ACTUAL, ACTUAL) == 1
    values = np.array([[1.0, 2, 3]])
    assert (value("mae", values, values), value("r2", values, values)) == (0, 1)


def test_classes_that_never_occur_do_not_count():
    actual, predicted = np.eye(4)[:, [0, 1, 1]], np.eye(4)[:, [0, 1, 0]]

    assert value("recall", predicted, actual) == pytest.approx((1 + 1 / 2) / 2)


def test_each_kind_of_target_has_its_metrics():
    assert [m.kind for m in metrics_for("classes")] == ["accuracy", "precision", "recall", "f1"]
    assert metrics_for("binary") == metrics_for("classes")
    assert [m.kind for m in metrics_for("values")] == ["mae", "rmse", "r2"]
