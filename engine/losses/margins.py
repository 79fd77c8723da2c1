"""Losses that want a margin between yes and no."""

from __future__ import annotations

import numpy as np

from engine.losses.base import LOSSES, Loss, bind_weighted_sum, ones_like, prediction_gradient
from engine.workspace import Array, Workspace


class _Hinge(Loss):
    """What both share: y is 1 for yes, -1 for no, and the margin missed is max(0, 1 - y p)."""

    source = "Cortes and Vapnik, Support-vector networks, 1995"
    target = "binary"
    expects = "number"
    decision = 0.0

    def bind_missed(self, work: Workspace) -> tuple[Array, Array]:
        """Add the steps that write y and the margin that is missed."""
        p, t = work.inputs["prediction"][0].array, work.target
        sign, missed = work.buffer(*p.shape), work.buffer(*p.shape)
        work.forward(np.multiply, t, work.scalar(2), out=sign)
        work.forward(np.subtract, sign, work.scalar(1), out=sign)
        work.forward(np.multiply, sign, p, out=missed)
        work.forward(np.subtract, work.scalar(1), missed, out=missed)
        work.forward(np.maximum, missed, work.scalar(0), out=missed)
        return sign, missed


def _missed(prediction: Array, target: Array) -> Array:
    return np.asarray(np.maximum(0, 1 - (2 * np.float64(target) - 1) * prediction))


@LOSSES.register
class Hinge(_Hinge):
    """L = mean max(0, 1 - y p), y = 2 t - 1: yes above 1 and no below -1 cost nothing.

    The slope is 0 at the kink. Shapes: p and t (*shape, N), t is 0 or 1.
    """

    kind = "hinge"
    label = "Hinge"
    summary = "For yes or no as a support vector machine: far enough on the right side is enough."
    synonyms = ("svm", "margin", "support vector machine")
    formula = "L = mean max(0, 1 - (2t - 1) p)"

    def bind(self, work: Workspace) -> None:
        sign, missed = self.bind_missed(work)
        share = 1 / missed.size
        bind_weighted_sum(work, [(missed, ones_like(work, missed), share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.sign, missed, out=gradient)
            work.backward(np.multiply, gradient, sign, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(-share), out=gradient)

    def value(self, prediction: Array, target: Array) -> float:
        return float(np.mean(_missed(prediction, target)))


@LOSSES.register
class SquaredHinge(_Hinge):
    """L = mean max(0, 1 - y p)², y = 2 t - 1. Shapes: p and t (*shape, N), t is 0 or 1."""

    kind = "squared_hinge"
    label = "Squared hinge"
    summary = "Hinge without its kink: large misses weigh more."
    synonyms = ("svm", "margin", "support vector machine")
    formula = "L = mean max(0, 1 - (2t - 1) p)²"

    def bind(self, work: Workspace) -> None:
        sign, missed = self.bind_missed(work)
        share = 1 / missed.size
        bind_weighted_sum(work, [(missed, missed, share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.multiply, missed, sign, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(-2 * share), out=gradient)

    def value(self, prediction: Array, target: Array) -> float:
        return float(np.mean(_missed(prediction, target) ** 2))
