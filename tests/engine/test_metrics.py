"""Metrics: cases worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.metrics import (
    METRICS,
    Scoring,
    confusion,
    decided,
    found_at,
    metrics_for,
    scores_per_class,
)

# Three classes, five examples: actual 0 0 1 2 2, predicted 0 1 1 2 0.
ACTUAL = np.eye(3)[:, [0, 0, 1, 2, 2]]
PREDICTED = np.array(
    [[0.8, 0.3, 0.1, 0.2, 0.6], [0.1, 0.6, 0.7, 0.2, 0.1], [0.1, 0.1, 0.2, 0.6, 0.3]]
)
YES_NO_ACTUAL = np.array([[1.0, 1, 1, 0, 0, 0]])
YES_NO_PREDICTED = np.array([[0.9, 0.6, 0.5, 0.7, 0.2, 0.1]])


def value(kind, prediction, target, **settings):
    return METRICS.get(kind)(**settings).value(prediction, target)


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


def test_r2_leaves_out_outputs_whose_target_never_changes():
    prediction = np.array([[1.0, 2, 3], [7, 8, 9]])
    target = np.array([[1.0, 2, 3], [5, 5, 5]])

    assert value("r2", prediction, target) == 1


@pytest.mark.parametrize("constant", [0.1, 1 / 3, 1e6 + 0.1])
def test_a_rounding_of_the_mean_is_no_variance(constant):
    target = np.full((1, 50), constant)
    tally = METRICS.get("r2")().tally()
    for start in range(0, 50, 7):
        batch = target[:, start : start + 7]
        tally.add(batch + 1, batch)

    assert math.isnan(tally.result())
    assert math.isnan(value("r2", target + 1, target))


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


def test_the_guess_that_finds_the_class_is_counted_and_of_equals_the_first_comes_first():
    prediction = np.array([[0.6, 0.4, 0.2, np.nan], [0.3, 0.4, 0.5, 0.5], [0.1, 0.2, 0.3, 0.5]])
    target = np.eye(3)[:, [0, 1, 0, 0]]

    np.testing.assert_array_equal(found_at(prediction, target), [1, 1, 1, 1])
    np.testing.assert_array_equal(
        found_at(prediction, target, np.array([1, 2.5, 0, 4])), [1, 2.5, 0, 4]
    )


def test_the_first_guess_alone_is_the_accuracy():
    prediction, target, _ = drawn(6)

    assert value("top_k", prediction, target, k=1) == value("accuracy", prediction, target)


def test_each_kind_of_target_has_its_metrics():
    usual = ["accuracy", "precision", "recall", "f1", "auc"]

    assert [m.kind for m in metrics_for("classes")] == usual
    assert metrics_for("binary") == metrics_for("classes")
    assert [m.kind for m in metrics_for("values")] == ["mae", "rmse", "r2"]


def test_of_many_classes_the_first_guess_is_not_all():
    many = [m.kind for m in metrics_for("classes", classes=20)]

    assert set(many) == {m.kind for m in metrics_for("classes", 19)} | {"top_k", "perplexity"}


@pytest.mark.parametrize("classes", [3, 20])
def test_metrics_are_the_usual_ones_where_nothing_is_chosen(classes):
    fitting = [m for m in Scoring().metrics(classes) if "classes" in m.targets]

    assert fitting == list(metrics_for("classes", classes))


def test_the_average_and_the_number_of_guesses_are_chosen():
    chosen = {metric.kind: metric for metric in Scoring("weighted", top=2).metrics(classes=3)}

    assert [chosen[kind].average for kind in ("precision", "recall", "f1")] == ["weighted"] * 3
    assert chosen["top_k"].title() == "Top-2 accuracy"


# Against scikit-learn


def drawn(classes, count=300, seed=0):
    """Probabilities that lean to the actual class, with ties, and one-hot columns."""
    rng = np.random.default_rng(seed)
    actual = rng.integers(classes, size=count)
    target = np.eye(classes)[:, actual]
    scores = np.round(rng.random((classes, count)) + 0.5 * target, 1) + 0.05
    return scores / scores.sum(axis=0), target, actual


def drawn_yes_or_no(count=300, seed=1):
    rng = np.random.default_rng(seed)
    actual = rng.integers(2, size=count)
    return np.round(0.7 * rng.random((1, count)) + 0.3 * actual, 2), actual[None].astype(float)


@pytest.fixture(scope="module")
def reference():
    import sklearn.metrics

    return sklearn.metrics


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
@pytest.mark.parametrize("kind", ["precision", "recall", "f1"])
@pytest.mark.parametrize("classes", [2, 3, 7])
def test_scores_agree_with_scikit_learn(kind, average, classes, reference):
    prediction, target, actual = drawn(classes)
    theirs = getattr(reference, f"{kind}_score")(actual, decided(prediction), average=average)

    assert value(kind, prediction, target, average=average) == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize("kind", ["precision", "recall", "f1"])
def test_scores_of_yes_agree_with_scikit_learn(kind, reference):
    prediction, target = drawn_yes_or_no()
    theirs = getattr(reference, f"{kind}_score")(target[0], decided(prediction))

    assert value(kind, prediction, target) == pytest.approx(theirs, rel=1e-12)


def test_scores_of_each_class_agree_with_scikit_learn(reference):
    prediction, target, actual = drawn(5)
    ours = scores_per_class(confusion(prediction, target))
    theirs = reference.precision_recall_fscore_support(actual, decided(prediction))

    pairs = zip((ours.precision, ours.recall, ours.f1, ours.support), theirs, strict=True)
    for mine, other in pairs:
        np.testing.assert_allclose(mine, other, rtol=1e-12)


def test_areas_agree_with_scikit_learn(reference):
    prediction, target, actual = drawn(4)
    single, yes = drawn_yes_or_no()
    several = reference.roc_auc_score(actual, prediction.T, multi_class="ovr")

    assert value("auc", prediction, target) == pytest.approx(several, rel=1e-12)
    assert value("auc", single, yes) == pytest.approx(
        reference.roc_auc_score(yes[0], single[0]), rel=1e-12
    )


@pytest.mark.parametrize(
    "prediction",
    [
        [[0.2, 0.7], [0.3, 0.3]],  # a yes or no for each class
        [[1.5, 0.7], [-0.5, 0.3]],  # scores
        [[-0.2, -0.7], [-1.7, -0.7]],  # logarithms
        [[np.nan, 0.7], [0.3, 0.3]],
    ],
)
def test_what_is_no_probability_has_no_perplexity(prediction):
    assert math.isnan(value("perplexity", np.array(prediction), np.eye(2)))


@pytest.mark.parametrize("k", [1, 2, 4])
def test_top_k_and_perplexity_agree_with_scikit_learn(k, reference):
    rng = np.random.default_rng(5)  # without ties, which each breaks in its own way
    prediction = rng.dirichlet(np.ones(5), size=200).T
    actual = rng.integers(5, size=200)
    target = np.eye(5)[:, actual]
    theirs = reference.top_k_accuracy_score(actual, prediction.T, k=k)

    assert value("top_k", prediction, target, k=k) == pytest.approx(theirs, rel=1e-12)
    assert value("perplexity", prediction, target) == pytest.approx(
        math.exp(reference.log_loss(actual, prediction.T)), rel=1e-12
    )


def test_scores_of_values_agree_with_scikit_learn(reference):
    rng = np.random.default_rng(6)
    target = 1000 + rng.standard_normal((3, 100))
    prediction = target + 0.3 * rng.standard_normal((3, 100))
    pairs = {
        "mae": reference.mean_absolute_error(target.T, prediction.T),
        "rmse": reference.mean_squared_error(target.ravel(), prediction.ravel()) ** 0.5,
        "r2": reference.r2_score(target.T, prediction.T),
    }
    for kind, theirs in pairs.items():
        assert value(kind, prediction, target) == pytest.approx(theirs, rel=1e-10)


# Batch by batch


@pytest.mark.parametrize("kind", METRICS, ids=lambda kind: kind.kind)
def test_a_metric_taken_batch_by_batch_is_the_metric_of_all(kind):
    if "classes" in kind.targets:
        prediction, target, _ = drawn(4)
    else:
        target = 50 + np.random.default_rng(2).standard_normal((2, 300))
        prediction = target + 0.1
    tally = kind().tally()
    for start, stop in ((0, 1), (1, 200), (200, 200), (200, 300)):
        tally.add(prediction[:, start:stop], target[:, start:stop])

    assert tally.result() == pytest.approx(kind().value(prediction, target), rel=1e-11)


@pytest.mark.parametrize("kind", METRICS, ids=lambda kind: kind.kind)
def test_a_metric_of_nothing_is_not_a_number(kind):
    assert math.isnan(kind().tally().result())


@pytest.mark.parametrize("kind", [m.kind for m in METRICS if "classes" in m.targets])
def test_examples_without_a_class_do_not_count(kind):
    prediction, target, _ = drawn(4)
    longer = np.concatenate([target, np.zeros((4, 50))], axis=1)
    more = np.concatenate([prediction, np.random.default_rng(0).random((4, 50))], axis=1)

    assert value(kind, more, longer) == pytest.approx(value(kind, prediction, target))


def test_classes_at_every_step_of_a_sequence_count_each():
    prediction, target, _ = drawn(3)
    steps = value("f1", prediction.reshape(3, 6, 50), target.reshape(3, 6, 50))

    assert steps == value("f1", prediction, target)


def test_an_area_without_a_yes_or_without_a_no_is_not_a_number():
    assert math.isnan(value("auc", np.array([[0.1, 0.9]]), np.ones((1, 2))))
    assert math.isnan(value("auc", np.array([[np.nan, 0.9]]), np.array([[0.0, 1]])))


def test_a_score_off_by_a_thousandth_is_noticed(reference):
    prediction, target = drawn_yes_or_no()
    theirs = reference.roc_auc_score(target[0], prediction[0])

    assert value("auc", prediction, target) != pytest.approx(1.001 * theirs, rel=1e-4)
