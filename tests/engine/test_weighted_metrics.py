"""Metrics of examples that count more than others, or not at all, against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from engine.metrics import METRICS, confusion, decided

COUNT = 60


@pytest.fixture(scope="module")
def reference():
    import sklearn.metrics

    return sklearn.metrics


@pytest.fixture
def rng():
    return np.random.default_rng(4)


@pytest.fixture
def weights(rng):
    found = rng.uniform(0.1, 3, COUNT)
    found[rng.uniform(size=COUNT) < 0.3] = 0
    return found


def metric(kind, **settings):
    return METRICS.get(kind)(**settings)


def classes(rng, count=4):
    actual = rng.integers(count, size=COUNT)
    scores = rng.uniform(size=(count, COUNT)) + np.eye(count)[:, actual] * 0.5
    return scores / scores.sum(axis=0), np.eye(count)[:, actual], actual


def yes_or_no(rng):
    target = rng.integers(2, size=(1, COUNT)).astype(float)
    return np.round(np.clip(0.3 * target + rng.uniform(0, 0.7, (1, COUNT)), 0, 1), 1), target


def values(rng, count=2):
    target = rng.standard_normal((count, COUNT))
    return target + rng.standard_normal((count, COUNT)), target


def test_accuracy_and_perplexity_weigh_examples(rng, weights, reference):
    p, t, actual = classes(rng)
    accuracy = reference.accuracy_score(actual, decided(p), sample_weight=weights)
    surprise = reference.log_loss(actual, p.T, sample_weight=weights, labels=range(4))

    assert metric("accuracy").value(p, t, weights) == pytest.approx(accuracy, rel=1e-12)
    assert metric("perplexity").value(p, t, weights) == pytest.approx(np.exp(surprise), rel=1e-9)


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
@pytest.mark.parametrize("kind", ["precision", "recall", "f1"])
def test_scores_of_classes_weigh_examples(kind, average, rng, weights, reference):
    p, t, actual = classes(rng)
    theirs = getattr(reference, f"{kind}_score")(
        actual, decided(p), average=average, sample_weight=weights
    )

    assert metric(kind, average=average).value(p, t, weights) == pytest.approx(theirs, rel=1e-12)


def test_the_area_under_the_curve_weighs_examples(rng, weights, reference):
    p, t = yes_or_no(rng)
    theirs = reference.roc_auc_score(t[0], p[0], sample_weight=weights)

    assert metric("auc").value(p, t, weights) == pytest.approx(theirs, rel=1e-12)


def test_the_best_guesses_weigh_examples(rng, weights, reference):
    p, t, actual = classes(rng)
    theirs = reference.top_k_accuracy_score(actual, p.T, k=2, sample_weight=weights)

    assert metric("top_k", k=2).value(p, t, weights) == pytest.approx(theirs, rel=1e-12)


def test_errors_of_values_weigh_examples(rng, weights, reference):
    p, t = values(rng)
    columns = {"y_true": t.T, "y_pred": p.T, "sample_weight": weights}

    assert metric("mae").value(p, t, weights) == pytest.approx(
        reference.mean_absolute_error(**columns), rel=1e-12
    )
    assert metric("rmse").value(p, t, weights) ** 2 == pytest.approx(
        reference.mean_squared_error(**columns), rel=1e-12
    )
    assert metric("r2").value(p, t, weights) == pytest.approx(
        reference.r2_score(**columns), rel=1e-12
    )


DRAWN = {"classes": lambda rng: classes(rng)[:2], "binary": yes_or_no, "values": values}
EACH = [
    pytest.param(kind.kind, target, id=f"{kind.kind}-{target}")
    for kind in METRICS
    for target in sorted(kind.targets)
]


@pytest.mark.parametrize(("kind", "target"), EACH)
def test_what_weighs_nothing_is_left_out_and_may_be_anything(kind, target, rng, weights):
    p, t = DRAWN[target](rng)
    kept = weights > 0
    expected = metric(kind).value(p[:, kept], t[:, kept], weights[kept])
    p[:, ~kept] = np.nan

    assert metric(kind).value(p, t, weights) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("kind", "target"), EACH)
def test_batches_and_all_at_once_agree(kind, target, rng, weights):
    p, t = DRAWN[target](rng)
    tally = metric(kind).tally()
    for here in (slice(0, 7), slice(7, 8), slice(8, COUNT)):
        tally.add(p[:, here], t[:, here], weights[here])

    assert tally.result() == pytest.approx(metric(kind).value(p, t, weights), rel=1e-11)


@pytest.mark.parametrize(("kind", "target"), EACH)
def test_weights_of_one_are_as_none(kind, target, rng):
    p, t = DRAWN[target](rng)

    assert metric(kind).value(p, t, np.ones(COUNT)) == pytest.approx(
        metric(kind).value(p, t), rel=1e-12
    )


@pytest.mark.parametrize("kind", ["accuracy", "f1", "auc", "top_k", "perplexity"])
def test_columns_whose_values_have_a_weight_each_count_once(kind, rng, weights):
    p, t, _ = classes(rng)
    of_values = np.broadcast_to(weights, p.shape)

    assert metric(kind).value(p, t, of_values) == metric(kind).value(p, t, weights)


@pytest.mark.parametrize(("kind", "target"), EACH)
def test_where_nothing_counts_there_is_no_metric(kind, target, rng):
    p, t = DRAWN[target](rng)

    assert np.isnan(metric(kind).value(p, t, np.zeros(COUNT)))


@pytest.mark.parametrize("kind", ["mae", "rmse", "r2"])
def test_single_values_may_be_left_out(kind, rng, reference):
    p, t = values(rng)
    weights = (rng.uniform(size=p.shape) < 0.6).astype(float)
    t[weights == 0] = np.nan
    each = {"mae": "mean_absolute_error", "rmse": "mean_squared_error", "r2": "r2_score"}[kind]
    there = [w > 0 for w in weights]
    if kind == "r2":
        found = [reference.r2_score(y[w], x[w]) for x, y, w in zip(p, t, there, strict=True)]
        expected = np.mean(found)
    else:
        expected = getattr(reference, each)(t[weights > 0], p[weights > 0])

    found = metric(kind).value(p, t, weights)
    assert found ** (2 if kind == "rmse" else 1) == pytest.approx(expected, rel=1e-12)


def test_a_confusion_matrix_adds_up_weights(rng, weights, reference):
    p, t, actual = classes(rng)
    theirs = reference.confusion_matrix(actual, decided(p), sample_weight=weights)

    np.testing.assert_allclose(confusion(p, t, weights), theirs, rtol=1e-12)
