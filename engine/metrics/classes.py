"""Metrics of predicted classes, and of yes or no.

An example whose target column is all zeros has no class and does not count, nor does one that
weighs 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.fields import Choice, Integer
from engine.metrics.base import CLASSES, METRICS, Array, Metric, Sums, Tally, ratio, summed

MANY = 20
"""Classes from which on the first guess says little: characters, words."""

LEAST = 1e-12
"""The least probability whose logarithm is taken."""

ROUNDED = 1e-3
"""How far from 1 rounding may leave the sum of probabilities."""


def decided(scores: Array) -> Array:
    """(K, N) -> (N,): the class with the highest score; for one row, whether it is above 1/2."""
    if len(scores) == 1:
        return np.asarray(scores[0] > 0.5, dtype=np.intp)
    return np.asarray(scores.argmax(axis=0))


def columns_of(
    prediction: Array, target: Array, weights: Array | None = None
) -> tuple[Array, Array, Array | None]:
    """(K, *rest, N) -> (K, M), and the weights (M,), without what has no class or weighs 0.

    A column whose values have a weight each, (K, M), counts as much as the first of them.
    """
    p, t = (array.reshape(len(array), -1) for array in (prediction, target))
    w = None if weights is None else weights.reshape(-1)[: p.shape[1]].astype(np.float64)
    counts = np.ones(t.shape[1], bool) if w is None else w > 0
    if len(t) > 1:
        counts &= t.any(axis=0)
    if counts.all():
        return p, t, w
    return p[:, counts], t[:, counts], None if w is None else w[counts]


def confusion(prediction: Array, target: Array, weights: Array | None = None) -> Array:
    """(K, K) counts of examples, or sums of weights: rows are actual classes, columns predicted."""
    classes = max(len(prediction), 2)
    p, t, w = columns_of(prediction, target, weights)
    pairs = decided(t) * classes + decided(p)
    counts = np.bincount(pairs, w, minlength=classes * classes)
    return np.asarray(counts.reshape(classes, classes))


def _total(holds: Array, weights: Array | None) -> float:
    """How many, or how much, of what holds, (M,)."""
    return float(np.count_nonzero(holds) if weights is None else weights @ holds)


@dataclass(frozen=True, eq=False)
class ClassScores:
    """Scores of each class, (K,). support: how many examples are of it. 0 where undefined."""

    precision: Array
    recall: Array
    f1: Array
    support: Array


def scores_per_class(matrix: Array) -> ClassScores:
    """From a confusion matrix."""
    right = np.diagonal(matrix).astype(np.float64)
    predicted, actual = matrix.sum(axis=0), matrix.sum(axis=1)
    return ClassScores(
        _shares(right, predicted),
        _shares(right, actual),
        _shares(2 * right, predicted + actual),
        actual,
    )


@METRICS.register
class Accuracy(Metric):
    """The share of examples whose class is predicted."""

    kind = "accuracy"
    label = "Accuracy"
    summary = "Share of examples whose class is predicted."
    formula = "right / all"
    targets = CLASSES
    higher_is_better = True

    def tally(self) -> Tally:
        return Sums(_right_and_all, lambda s: ratio(*s))


def _right_and_all(prediction: Array, target: Array, weights: Array | None) -> Array:
    p, t, w = columns_of(prediction, target, weights)
    right = decided(p) == decided(t)
    return summed(_total(right, w), _total(np.ones_like(right), w))


class ClassAverage(Metric):
    """A score of each class, brought together into one number.

    "macro": the mean over the classes that occur; for yes or no from one number the
    score of yes. "micro": from all decisions counted together. "weighted": the mean
    over classes, each as often as it occurs.
    """

    targets = CLASSES
    higher_is_better = True

    average = Choice(
        "macro",
        {
            "macro": "Macro: mean over classes",
            "micro": "Micro: all decisions together",
            "weighted": "Weighted: mean over examples",
        },
        help="How the scores of the classes become one number.",
    )

    def tally(self) -> Tally:
        return _Confusions(self)

    def of_matrix(self, matrix: Array, single: bool) -> float:
        """single: whether yes or no comes from one number."""
        if self.average == "micro":
            return ratio(np.trace(matrix), matrix.sum())
        scores = self.scores(scores_per_class(matrix))
        actual = matrix.sum(axis=1)
        if self.average == "weighted":
            return ratio(scores @ actual, actual.sum())
        if single:
            return float(scores[1]) if matrix.any() else float("nan")
        occurs = matrix.sum(axis=0) + actual > 0
        return float(scores[occurs].mean()) if occurs.any() else float("nan")

    def scores(self, each: ClassScores) -> Array:
        """Which of the scores it is."""
        raise NotImplementedError  # every kind takes another


class _Confusions(Tally):
    def __init__(self, metric: ClassAverage) -> None:
        self._metric = metric
        self._matrix: Array | None = None
        self._single = False

    def add(self, prediction: Array, target: Array, weights: Array | None = None) -> None:
        matrix = confusion(prediction, target, weights)
        self._matrix = matrix if self._matrix is None else self._matrix + matrix
        self._single = len(prediction) == 1

    def result(self) -> float:
        if self._matrix is None:
            return float("nan")
        return self._metric.of_matrix(self._matrix, self._single)


@METRICS.register
class Precision(ClassAverage):
    """Of the examples predicted to be of a class, the share that are; see `average`."""

    kind = "precision"
    label = "Precision"
    summary = "Of what is predicted to be of a class, the share that is."
    formula = "true positives / predicted positives"

    def scores(self, each: ClassScores) -> Array:
        return each.precision


@METRICS.register
class Recall(ClassAverage):
    """Of the examples of a class, the share that are found; see `average`."""

    kind = "recall"
    label = "Recall"
    summary = "Of what is of a class, the share that is found."
    synonyms = ("sensitivity",)
    formula = "true positives / actual positives"

    def scores(self, each: ClassScores) -> Array:
        return each.recall


@METRICS.register
class F1(ClassAverage):
    """The harmonic mean of precision and recall; see `average`."""

    kind = "f1"
    label = "F1"
    summary = "The harmonic mean of precision and recall."
    formula = "2 true positives / (predicted positives + actual positives)"

    def scores(self, each: ClassScores) -> Array:
        return each.f1


@METRICS.register
class RocArea(Metric):
    """How likely an example of a class gets a higher score for it than one of another class.

    The area under the ROC curve, ties counting half: of yes, or of each class against
    the rest and then the mean over classes that have examples of both.
    """

    kind = "auc"
    label = "AUC"
    summary = "How well scores rank: 1 is perfect, 0.5 is chance. The area under the ROC curve."
    synonyms = ("roc", "area under the curve")
    formula = "P(score of a yes > score of a no)"
    targets = CLASSES
    higher_is_better = True

    def tally(self) -> Tally:
        return _Scores()


class _Scores(Tally):
    """Keeps all scores: an exact area needs their order."""

    def __init__(self) -> None:
        self._kept: list[tuple[Array, Array, Array]] = []

    def add(self, prediction: Array, target: Array, weights: Array | None = None) -> None:
        p, t, w = columns_of(prediction, target, weights)
        yes = t > 0.5 if len(t) == 1 else np.arange(len(t))[:, None] == decided(t)
        self._kept.append((p.copy(), yes, np.ones(p.shape[1]) if w is None else w))

    def result(self) -> float:
        if not self._kept:
            return float("nan")
        scores, yes, weights = (
            np.concatenate(parts, axis=-1) for parts in zip(*self._kept, strict=True)
        )
        if not np.isfinite(scores).all():
            return float("nan")
        areas = [_area(*pair, weights) for pair in zip(scores, yes, strict=True)]
        defined = [area for area in areas if not math.isnan(area)]
        return float(np.mean(defined)) if defined else float("nan")


def _area(scores: Array, yes: Array, weights: Array) -> float:
    """The share of pairs of a yes and a no in which the yes scores higher, ties counting half.

    NaN without a yes or without a no. From the ranks of the yeses alone: the U statistic of
    Mann and Whitney, "On a test of whether one of two random variables is stochastically
    larger than the other" (1947).
    """
    order = np.argsort(scores)
    ranked, total = scores[order], np.append(0.0, np.cumsum(weights[order]))
    own, how_much = scores[yes], weights[yes]
    lower, not_higher = (total[np.searchsorted(ranked, own, side)] for side in ("left", "right"))
    positive = float(how_much.sum())
    # Among themselves the yeses win half of their pairs, whatever their scores.
    won = float(np.sum(how_much * (lower + not_higher))) / 2 - positive**2 / 2
    return ratio(won, positive * float(total[-1] - positive))


@METRICS.register
class TopAccuracy(Metric):
    """The share of examples whose class is among the k classes with the highest scores.

    Of equal scores the classes that come first count as higher.
    """

    kind = "top_k"
    label = "Top-k accuracy"
    summary = "Share of examples whose class is among the k most likely ones."
    synonyms = ("top-5",)
    formula = "class among the k highest / all"
    targets = frozenset({"classes"})
    higher_is_better = True
    least_classes = MANY

    k = Integer(5, minimum=1, help="How many guesses are allowed.")

    def title(self) -> str:
        return self.label.replace("-k ", f"-{self.k} ")

    def tally(self) -> Tally:
        return Sums(found_at, self.of_guesses)

    def of_guesses(self, guesses: Array) -> float:
        """guesses: from `found_at`."""
        return ratio(guesses[: self.k].sum(), guesses.sum())


def found_at(prediction: Array, target: Array, weights: Array | None = None) -> Array:
    """How many examples have their class as the likeliest, the second likeliest, ..., (K + 1,).

    Or sums of weights. Of equal scores those of the classes that come first count as higher;
    the last number is of examples whose class has no score, NaN.
    """
    p, t, w = columns_of(prediction, target, weights)
    actual = decided(t)
    own = np.take_along_axis(p, actual[None], axis=0)
    before = np.arange(len(p))[:, None] < actual
    # (K, M) -> (M,); nothing compares with NaN, which so counts as higher.
    ahead = np.count_nonzero(~(p <= own), axis=0) + np.count_nonzero((p == own) & before, axis=0)
    return np.bincount(ahead, w, minlength=len(p) + 1).astype(np.float64)


@METRICS.register
class Perplexity(Metric):
    """exp of the mean surprise: among how many equally likely classes the network still wavers.

    NaN where what is predicted are no probabilities that sum to 1.
    """

    kind = "perplexity"
    label = "Perplexity"
    summary = "Among how many equally likely classes the network wavers; for next words."
    formula = "exp(mean -log p of the actual class)"
    targets = frozenset({"classes"})
    higher_is_better = False
    least_classes = MANY

    def tally(self) -> Tally:
        return Sums(_surprise, lambda s: math.exp(ratio(*s)))


def _surprise(prediction: Array, target: Array, weights: Array | None) -> Array:
    p, t, w = columns_of(prediction, target, weights)
    if not ((p >= 0).all() and (abs(p.sum(axis=0, dtype=np.float64) - 1) <= ROUNDED).all()):
        return summed(math.nan, 1)
    actual = np.take_along_axis(p, decided(t)[None], axis=0)[0].astype(np.float64)
    w = np.ones(len(actual)) if w is None else w
    return summed(-w @ np.log(np.maximum(actual, LEAST)), w.sum())


def _shares(part: Array, whole: Array) -> Array:
    """part / whole, and 0 where there is nothing to divide by."""
    shares = np.zeros(len(part))
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares
