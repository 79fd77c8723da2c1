"""What a loss is: how wrong a prediction is, as one number, and how it falls.

Predictions and targets have examples as their last axis: (K, N), and (T, K, N)
where every step of a sequence is judged. The loss of a batch is the mean over
its positions: over examples, steps, and values that are compared one by one,
as PyTorch's `reduction="mean"`. With weights w it is Σ w ℓ / Σ w, and 0 where
all weights are 0: what is padded, ignored or weighs 0 does not count at all.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from engine import shapes
from engine.errors import DataError, ShapeError
from engine.fields import Declared
from engine.registry import Registry
from engine.shapes import Shape
from engine.sums import bind_products
from engine.workspace import Array, Workspace

LEAST_WEIGHT = 1e-12
"""What a sum of weights is taken to be at least, so that none at all give 0."""

Expectation = Literal["distribution", "probability", "positive", "number"]


class Loss(Declared):
    """One kind of loss.

    Class attributes, beside those of `Declared`
        formula: what it computes, as one line of text; p prediction, t target.
        source: the paper or standard it follows.
        target: what it compares with: "classes" (one column of K numbers per
            example that sum to 1: one-hot), "binary" (0 or 1), "values", or "none".
        expects: what a prediction must be: "distribution" (K probabilities that sum
            to 1), "probability" (each from 0 to 1), "positive" (never negative, and
            so the targets) or "number" (any).
        decision: for yes or no from one number, what it must exceed to mean yes.
        fuses: kinds of activations that it differentiates through, which is
            both exact for extreme sums and faster.
    """

    formula: ClassVar[str]
    source: ClassVar[str] = ""
    target: ClassVar[str]
    expects: ClassVar[Expectation]
    decision: ClassVar[float] = 0.5
    fuses: ClassVar[frozenset[str]] = frozenset()

    def positions(self, prediction: Shape) -> Shape:
        """What the mean is over, beside examples: each value by itself, or each whole column.

        Those that compare columns of K numbers have one position for each example (K,), or one
        for each step of a sequence (T, K).
        """
        return prediction

    def check(self, prediction: Shape) -> None:
        """Raises ShapeError, with the remedy, if it cannot judge such a prediction."""

    def target_shape(self, prediction: Shape) -> Shape:
        """The shape of the targets for such a prediction."""
        return prediction

    def check_target(self, prediction: Shape, target: Shape) -> None:
        """Raises ShapeError if a target of that shape does not fit: nothing is broadcast."""
        expected = self.target_shape(prediction)
        if target != expected:
            raise ShapeError(
                f"{self.label} compares a prediction of {shapes.text(prediction)} with a target "
                f"of {shapes.text(expected)}, got {shapes.text(target)}. Make both the same size."
            )

    def check_data(self, targets: Array) -> None:
        """Raises DataError for targets of a data set that it cannot judge, (examples, values)."""
        if self.expects == "positive" and targets.size and targets.min() < 0:
            raise DataError(
                f"{self.label} needs targets that are never negative, got {targets.min():.4g}. "
                "Switch 'Standardise target' off in the data settings, or use squared error."
            )

    def bind(self, work: Workspace) -> None:
        """Add the steps that write `work.loss` and, while training, the prediction's gradient.

        The gradient is dL/dz of the activation before the loss if `work.fused`. Here it is
        that of the mean where no weights are; `bind_weighed` has it with them.
        """
        raise NotImplementedError  # every kind has its own steps

    def bind_weighed(self, work: Workspace) -> None:
        """As `bind`, with each position counting as much as `work.weights` says."""
        bind_mask(work, self.positions(work.inputs["prediction"][0].array.shape[:-1]))
        self.bind(work)
        gradient = prediction_gradient(work)
        if gradient is not None and work.per_weight is not None:
            work.backward(np.multiply, gradient, spread(work, gradient), out=gradient)
            work.backward(np.multiply, gradient, work.per_weight, out=gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        """The loss of every position in plain NumPy and float64, (*positions, N)."""
        raise NotImplementedError  # every kind has its own formula

    def value(self, prediction: Array, target: Array, weights: Array | None = None) -> float:
        """The loss in plain NumPy and float64, for checks and reports.

        weights: how much each position counts, (*positions, N).
        """
        each = self.each(prediction.astype(np.float64), target.astype(np.float64))
        if weights is None:
            return float(np.mean(each))
        return float(np.sum(weights * each) / max(np.sum(weights), LEAST_WEIGHT))


def column_positions(prediction: Shape) -> Shape:
    """(K,) -> (), (T, K) -> (T,): the positions of a loss that compares whole columns."""
    return prediction[:1] if len(prediction) == 2 else ()


LOSSES: Registry[Loss] = Registry("loss")


def prediction_gradient(work: Workspace) -> Array | None:
    """Where to write dL/d(prediction), or None where nothing needs it."""
    return work.inputs["prediction"][0].gradient if work.training else None


def bind_weighted_sum(work: Workspace, pairs: list[tuple[Array, Array, float]]) -> None:
    """Add the steps that write Σ factor <x, y> over all (x, y, factor) to `work.loss`.

    x lies as the prediction does, or has one row where that has columns. If positions have
    weights it is Σ factor <w x, y> over their mean.
    """
    sums = work.buffer(len(pairs))
    factors = work.buffer(len(pairs))
    for number, (x, y, factor) in enumerate(pairs):
        factors[number] = factor
        if work.per_weight is not None:
            weighed = work.buffer(*x.shape)
            work.forward(np.multiply, x, spread(work, x), out=weighed)
            x = weighed
        pair = x.reshape(1, -1), y.reshape(1, -1)
        bind_products(work, work.forward, *pair, sums[number : number + 1])
    work.forward(np.dot, sums, factors, work.loss.reshape(()))
    if work.per_weight is not None:
        work.forward(np.multiply, work.loss, work.per_weight, out=work.loss)


def bind_mask(work: Workspace, positions: Shape) -> None:
    """Let the steps that the prediction's mask leaves out weigh nothing; sum the weights.

    `work.weight_sum` becomes their sum, `work.per_weight` the reciprocal of their mean, (1,).
    """
    mask = work.inputs["prediction"][0].mask
    if mask is not None and positions[:1] == mask.shape[:1]:
        count = (1,) * (len(positions) - 1)
        steps = mask.reshape(len(mask), *count, -1)  # (T, N) -> (T, 1.., N)
        weights = work.buffer(*positions, work.batch)
        work.forward(np.copyto, weights, steps)
        if work.weights is not None:
            work.forward(np.multiply, weights, work.weights, out=weights)
        work.weights = weights
    if work.weights is not None:
        work.weight_sum = total = work.buffer(1)
        work.per_weight = mean = work.buffer(1)
        flat = work.weights.reshape(-1)
        work.forward(np.dot, flat, work.constant(1, flat.size), total.reshape(()))
        work.forward(np.maximum, total, work.scalar(LEAST_WEIGHT), out=mean)
        work.forward(np.divide, work.scalar(flat.size), mean, out=mean)


def spread(work: Workspace, array: Array) -> Array:
    """The weights of positions, repeated over each column of an array that lies like them."""
    weights = work.weights
    assert weights is not None
    if weights.size == array.size:
        return weights.reshape(array.shape)
    repeated = work.buffer(*array.shape)
    between = (1,) * (array.ndim - weights.ndim)
    # A ufunc that repeats what it reads buffers it.
    work.forward(np.copyto, repeated, weights.reshape(*weights.shape[:-1], *between, -1))
    return repeated


def positions_in(prediction: Array, loss: Loss) -> int:
    """How many positions a batch of predictions (*shape, N) has."""
    return shapes.size(loss.positions(prediction.shape[:-1])) * int(prediction.shape[-1])


def bind_columns(work: Workspace, array: Array) -> Array:
    """(K, N) itself; a sequence (T, K, N) as columns (K, T N), copied at every forward pass."""
    if array.ndim != 3:
        return rows_of(array)
    steps, rows, batch = array.shape
    columns = work.buffer(rows, steps * batch)
    by_step = columns.reshape(rows, steps, batch).transpose(1, 0, 2)
    work.forward(np.copyto, by_step, array)
    return columns


def bind_from_columns(work: Workspace, columns: Array, out: Array) -> None:
    """Add the backward step that brings columns (K, T N) into a sequence (T, K, N)."""
    if out.ndim == 3:
        steps, rows, batch = out.shape
        by_step = columns.reshape(rows, steps, batch).transpose(1, 0, 2)
        work.backward(np.copyto, out, by_step)


def columns_like(work: Workspace, array: Array) -> Array:
    """Memory for columns: that of (*shape, N) itself, or of its own for a sequence (T, K, N)."""
    if array.ndim != 3:
        return rows_of(array)
    return work.buffer(array.shape[1], array.shape[0] * array.shape[2])


def rows_of(array: Array) -> Array:
    """(*shape, N) -> (size, N), the same memory."""
    return array.reshape(-1, array.shape[-1])


def summed_columns(array: Array) -> Array:
    """(*shape, N) -> (N,), and (T, K, N) -> (T, N)."""
    return np.asarray(array.sum(axis=1) if array.ndim == 3 else rows_of(array).sum(axis=0))
