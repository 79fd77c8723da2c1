"""Losses that want a margin between yes and no."""

from __future__ import annotations

import numpy as np

from engine.fields import Choice, Real
from engine.losses.base import (
    LOSSES,
    Loss,
    bind_columns,
    bind_from_columns,
    bind_weighted_sum,
    column_positions,
    columns_like,
    prediction_gradient,
)
from engine.losses.cross_entropy import check_classes
from engine.shapes import Shape
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
    return np.asarray(np.maximum(0, 1 - (2 * target - 1) * prediction))


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
        bind_weighted_sum(work, [(missed, work.constant(1, missed.size), share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.sign, missed, out=gradient)
            work.backward(np.multiply, gradient, sign, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(-share), out=gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        return _missed(prediction, target)


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

    def each(self, prediction: Array, target: Array) -> Array:
        return np.asarray(_missed(prediction, target) ** 2)


@LOSSES.register
class MulticlassHinge(Loss):
    """How far the score of the class is from being ahead of the others by a margin m.

    largest: L = mean max_{j ≠ c} max(0, m + p_j - p_c), after Crammer and Singer; where several
    are largest they share the slope. all: L = mean Σ_{j ≠ c} max(0, m + p_j - p_c) / K, as
    PyTorch's MultiMarginLoss. c is the class, p any scores.

    Shapes: p and t (K, N) or (T, K, N), t one-hot.
    """

    kind = "multiclass_hinge"
    label = "Multi-class hinge"
    summary = "For one class out of several as a support vector machine: ahead by a margin."
    synonyms = ("svm", "margin", "crammer-singer", "support vector machine", "multi margin")
    formula = "L = mean max_{j ≠ c} max(0, m + p_j - p_c)"
    source = "Crammer and Singer, Multiclass kernel-based vector machines, 2001"
    target = "classes"
    expects = "number"

    margin = Real(1.0, above=0, help="How far ahead of the others the score of the class must be.")
    others = Choice(
        "largest",
        {"largest": "The largest", "all": "All of them"},
        label="Other classes",
        help="Compare with the largest of the other scores, or with all and take the mean.",
    )

    def positions(self, prediction: Shape) -> Shape:
        return column_positions(prediction)

    def check(self, prediction: Shape) -> None:
        check_classes(self.label, prediction, "score", "linear")

    def bind(self, work: Workspace) -> None:
        p = bind_columns(work, work.inputs["prediction"][0].array)
        t = bind_columns(work, work.target)
        classes, count = p.shape
        row, column = work.constant(1, 1, classes), work.constant(1, classes, 1)
        right, most, ahead = work.buffer(1, count), work.buffer(1, count), work.buffer(1, count)
        missed, part = work.buffer(classes, count), work.buffer(classes, count)
        work.forward(np.multiply, t, p, out=part)
        work.forward(np.dot, row, part, out=right)
        work.forward(np.subtract, right, work.scalar(self.margin), out=right)
        work.forward(np.dot, column, right, out=part)
        work.forward(np.subtract, p, part, out=missed)
        work.forward(np.maximum, missed, work.scalar(0), out=missed)
        work.forward(np.subtract, work.scalar(1), t, out=part)
        work.forward(np.multiply, missed, part, out=missed)
        if self.others == "largest":
            share = 1 / count
            work.forward(np.maximum.reduce, missed, axis=0, out=most[0])
        else:
            share = 1 / (count * classes)
            work.forward(np.dot, row, missed, out=most)
        bind_weighted_sum(work, [(most, work.constant(1, most.size), share)])
        gradient = prediction_gradient(work)
        if gradient is None:
            return
        # 1 where a score is too near, and against the class as much as there is against it.
        slopes, near = columns_like(work, gradient), work.buffer(classes, count)
        if self.others == "largest":
            is_most = work.buffer(classes, count, dtype=np.bool_)
            work.backward(np.dot, column, most, out=part)
            work.backward(np.equal, missed, part, out=is_most)
            # A ufunc that mixes kinds of numbers buffers them; a copy does not.
            work.backward(np.copyto, part, is_most)
            work.backward(np.sign, missed, out=near)
            work.backward(np.multiply, near, part, out=near)
            work.backward(np.dot, row, near, out=ahead)
            work.backward(np.maximum, ahead, work.scalar(1), out=ahead)
            work.backward(np.dot, column, ahead, out=part)
            work.backward(np.divide, near, part, out=near)
        else:
            work.backward(np.sign, missed, out=near)
        work.backward(np.dot, row, near, out=ahead)
        work.backward(np.dot, column, ahead, out=part)
        work.backward(np.multiply, part, t, out=part)
        work.backward(np.subtract, near, part, out=slopes)
        work.backward(np.multiply, slopes, work.scalar(share), out=slopes)
        bind_from_columns(work, slopes, gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        axis = 1 if prediction.ndim == 3 else 0
        right = (target * prediction).sum(axis=axis, keepdims=True)
        missed = np.maximum(0, self.margin + prediction - right) * (1 - target)
        whole = missed.max(axis=axis) if self.others == "largest" else missed.mean(axis=axis)
        return np.asarray(whole)
