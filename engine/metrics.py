"""Metrics: how good a network is, in numbers that people read.

Predictions and targets have examples as their last axis: (K, N) probabilities
and one-hot columns for classes, (1, N) for yes or no, (*shape, N) for values.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.fields import Declared
from engine.registry import Registry

Array = NDArray[Any]

CLASSES = frozenset({"classes", "binary"})
VALUES = frozenset({"values"})


class Metric(Declared):
    """One kind of metric.

    Class attributes, beside those of `Declared`
        formula: what it computes, as one line of text; p prediction, t target.
        targets: the kinds of targets that it can judge: "classes", "binary", "values".
        higher_is_better: which way is good.
    """

    formula: ClassVar[str]
    targets: ClassVar[frozenset[str]]
    higher_is_better: ClassVar[bool]

    def value(self, prediction: Array, target: Array) -> float:
        """The metric over all examples, in float64. NaN where it is not defined."""
        raise NotImplementedError  # every kind has its own formula


METRICS: Registry[Metric] = Registry("metric")


def metrics_for(target: str) -> tuple[Metric, ...]:
    """The metrics that fit a kind of target, in the order in which people ask for them."""
    return tuple(metric() for metric in METRICS if target in metric.targets)


@METRICS.register
class Accuracy(Metric):
    """The share of examples whose class is predicted."""

    kind = "accuracy"
    label = "Accuracy"
    summary = "Share of examples whose class is predicted."
    formula = "right / all"
    targets = CLASSES
    higher_is_better = True

    def value(self, prediction: Array, target: Array) -> float:
        return float(np.mean(decided(prediction) == decided(target)))


class _PerClass(Metric):
    """A score of each class, averaged over the classes that occur; of "yes" alone for yes or no."""

    targets = CLASSES
    higher_is_better = True

    def value(self, prediction: Array, target: Array) -> float:
        matrix = confusion(prediction, target)
        right = np.diagonal(matrix).astype(np.float64)
        scores = self.scores(right, matrix.sum(axis=0), matrix.sum(axis=1))
        if len(prediction) == 1:
            return float(scores[1])
        occurs = matrix.sum(axis=0) + matrix.sum(axis=1) > 0
        return float(scores[occurs].mean()) if occurs.any() else float("nan")

    def scores(self, right: Array, predicted: Array, actual: Array) -> Array:
        """One score per class, from counts of examples."""
        raise NotImplementedError  # every kind has its own ratio


@METRICS.register
class Precision(_PerClass):
    """Of the examples predicted to be of a class, the share that are: the mean over classes."""

    kind = "precision"
    label = "Precision"
    summary = "Of what is predicted to be of a class, the share that is; mean over classes."
    formula = "true positives / predicted positives"

    def scores(self, right: Array, predicted: Array, actual: Array) -> Array:
        return _ratio(right, predicted)


@METRICS.register
class Recall(_PerClass):
    """Of the examples of a class, the share that are found: the mean over classes."""

    kind = "recall"
    label = "Recall"
    summary = "Of what is of a class, the share that is found; mean over classes."
    synonyms = ("sensitivity",)
    formula = "true positives / actual positives"

    def scores(self, right: Array, predicted: Array, actual: Array) -> Array:
        return _ratio(right, actual)


@METRICS.register
class F1(_PerClass):
    """The harmonic mean of precision and recall: the mean over classes."""

    kind = "f1"
    label = "F1"
    summary = "The harmonic mean of precision and recall; mean over classes."
    formula = "2 true positives / (predicted positives + actual positives)"

    def scores(self, right: Array, predicted: Array, actual: Array) -> Array:
        return _ratio(2 * right, predicted + actual)


@METRICS.register
class MeanAbsoluteError(Metric):
    """mean |p - t|."""

    kind = "mae"
    label = "MAE"
    summary = "Mean absolute error, in the unit of the target."
    synonyms = ("mean absolute error",)
    formula = "mean |p - t|"
    targets = VALUES
    higher_is_better = False

    def value(self, prediction: Array, target: Array) -> float:
        return float(np.mean(np.abs(np.float64(prediction) - target)))


@METRICS.register
class RootMeanSquaredError(Metric):
    """√ mean (p - t)²."""

    kind = "rmse"
    label = "RMSE"
    summary = "Root of the mean squared error, in the unit of the target."
    synonyms = ("root mean squared error",)
    formula = "√ mean (p - t)²"
    targets = VALUES
    higher_is_better = False

    def value(self, prediction: Array, target: Array) -> float:
        return float(np.sqrt(np.mean((np.float64(prediction) - target) ** 2)))


@METRICS.register
class Determination(Metric):
    """1 - Σ (p - t)² / Σ (t - mean t)², each output with its own mean; then their mean."""

    kind = "r2"
    label = "R²"
    summary = "Share of the target's variance that is explained: 1 is perfect, 0 is the mean."
    synonyms = ("coefficient of determination",)
    formula = "1 - Σ (p - t)² / Σ (t - mean t)²"
    targets = VALUES
    higher_is_better = True

    def value(self, prediction: Array, target: Array) -> float:
        t = np.float64(target).reshape(-1, target.shape[-1])  # (M, N)
        p = np.float64(prediction).reshape(t.shape)
        around_mean = ((t - t.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
        if not around_mean.all():
            return float("nan")
        return float(np.mean(1 - ((p - t) ** 2).sum(axis=1) / around_mean))


def decided(scores: Array) -> Array:
    """(K, N) -> (N,): the class with the highest score; for one row, whether it is above 1/2."""
    if len(scores) == 1:
        return np.asarray(scores[0] > 0.5, dtype=np.intp)
    return np.asarray(scores.argmax(axis=0))


def confusion(prediction: Array, target: Array) -> Array:
    """(K, K) counts of examples: rows are actual classes, columns predicted ones."""
    classes = max(len(prediction), 2)
    pairs = decided(target) * classes + decided(prediction)
    return np.asarray(np.bincount(pairs, minlength=classes * classes).reshape(classes, classes))


def _ratio(part: Array, whole: Array) -> Array:
    """part / whole, and 0 where there is nothing to divide by."""
    ratio = np.zeros(len(part))
    np.divide(part, whole, out=ratio, where=whole > 0)
    return ratio
