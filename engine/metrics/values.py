"""Metrics of predicted values."""

from __future__ import annotations

import math

import numpy as np

from engine.metrics.base import METRICS, VALUES, Array, Metric, Sums, Tally, ratio, summed

ROUNDINGS = 16
"""By how many roundings of its mean a target must vary to count as one that changes."""


def _weighed(errors: Array, weights: Array | None) -> Array:
    """Their sum and how many there are, or both with weights; what weighs 0 may be anything."""
    if weights is None:
        return summed(errors.sum(), errors.size)
    w = np.broadcast_to(weights, errors.shape)
    return summed(np.sum(w * errors, where=w > 0), w.sum())


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

    def tally(self) -> Tally:
        return Sums(lambda p, t, w: _weighed(np.abs(np.float64(p) - t), w), lambda s: ratio(*s))


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

    def tally(self) -> Tally:
        return Sums(
            lambda p, t, w: _weighed((np.float64(p) - t) ** 2, w),
            lambda s: math.sqrt(ratio(*s)),
        )


@METRICS.register
class Determination(Metric):
    """1 - Σ (p - t)² / Σ (t - mean t)², each output with its own mean; then their mean.

    Outputs whose target never changes, such as the corners of pictures, are left out.
    """

    kind = "r2"
    label = "R²"
    summary = "Share of the target's variance that is explained: 1 is perfect, 0 is the mean."
    synonyms = ("coefficient of determination",)
    formula = "1 - Σ (p - t)² / Σ (t - mean t)²"
    targets = VALUES
    higher_is_better = True

    def tally(self) -> Tally:
        return _Explained()


class _Explained(Tally):
    """Sums of squares around the mean, merged batch by batch (Chan, Golub and LeVeque, 1979)."""

    def __init__(self) -> None:
        self._count: Array = np.zeros(1)
        self._mean: Array = np.zeros(1)
        self._around: Array = np.zeros(1)
        self._missed: Array = np.zeros(1)

    def add(self, prediction: Array, target: Array, weights: Array | None = None) -> None:
        if not target.shape[-1]:
            return
        t = np.float64(target).reshape(-1, target.shape[-1])  # (M, N)
        p = np.float64(prediction).reshape(t.shape)
        w = np.ones(t.shape)
        if weights is not None:
            w *= weights if weights.ndim == 1 else weights.reshape(t.shape)
            p, t = np.where(w > 0, p, 0), np.where(w > 0, t, 0)
        count = w.sum(axis=1)
        total = np.maximum(self._count + count, np.finfo(np.float64).tiny)
        mean = (w * t).sum(axis=1) / np.maximum(count, np.finfo(np.float64).tiny)
        apart = mean - self._mean
        around = (w * (t - mean[:, None]) ** 2).sum(axis=1)
        self._around = self._around + around + apart**2 * self._count * count / total
        self._mean = self._mean + apart * count / total
        self._missed = self._missed + (w * (p - t) ** 2).sum(axis=1)
        self._count = self._count + count

    def result(self) -> float:
        # Of one number many times the mean is off by a rounding, which is no variance.
        rounding = ROUNDINGS * np.finfo(np.float64).eps * self._mean
        varied = self._around > self._count * rounding**2
        if not varied.any():
            return float("nan")
        return float(np.mean(1 - self._missed[varied] / self._around[varied]))
