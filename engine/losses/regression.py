"""Losses that compare numbers with numbers by their differences."""

from __future__ import annotations

import numpy as np

from engine.fields import Real
from engine.losses.base import (
    LOSSES,
    Loss,
    bind_columns,
    bind_from_columns,
    bind_weighted_sum,
    column_positions,
    columns_like,
    prediction_gradient,
    summed_columns,
)
from engine.shapes import Shape
from engine.workspace import Array, Workspace

STEEPEST = 50.0
"""Exponents are held here and grow in a straight line beyond, so that float32 never overflows."""


def _bind_difference(work: Workspace) -> Array:
    prediction = work.inputs["prediction"][0].array
    difference = work.buffer(*prediction.shape)
    work.forward(np.subtract, prediction, work.target, out=difference)
    return difference


@LOSSES.register
class SquaredError(Loss):
    """L = mean (p - t)². Shapes: p and t (*shape, N)."""

    kind = "squared_error"
    label = "Squared error"
    summary = "The mean of squared differences; large mistakes weigh most."
    synonyms = ("mse", "l2 loss", "mean squared error", "least squares")
    formula = "L = mean (p - t)²"
    source = "Legendre, 1805; PyTorch, torch.nn.MSELoss"
    target = "values"
    expects = "number"

    def bind(self, work: Workspace) -> None:
        difference = _bind_difference(work)
        bind_weighted_sum(work, [(difference, difference, 1 / difference.size)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            scale = work.scalar(2 / difference.size)
            work.backward(np.multiply, difference, scale, out=gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        return np.asarray((prediction - target) ** 2)


@LOSSES.register
class AbsoluteError(Loss):
    """L = mean |p - t|, with slope 0 at 0. Shapes: p and t (*shape, N)."""

    kind = "absolute_error"
    label = "Absolute error"
    summary = "The mean of absolute differences; outliers count no more than their distance."
    synonyms = ("mae", "l1 loss", "mean absolute error")
    formula = "L = mean |p - t|"
    source = "PyTorch, torch.nn.L1Loss"
    target = "values"
    expects = "number"

    def bind(self, work: Workspace) -> None:
        difference = _bind_difference(work)
        distance = work.buffer(*difference.shape)
        work.forward(np.abs, difference, out=distance)
        bind_weighted_sum(work, [(distance, work.constant(1, distance.size), 1 / distance.size)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.sign, difference, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(1 / distance.size), out=gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        return np.asarray(np.abs(prediction - target))


@LOSSES.register
class Huber(Loss):
    """L = mean of d² / 2 for |d| ≤ bend, bend (|d| - bend / 2) beyond, with d = p - t.

    PyTorch's SmoothL1 with that β is this divided by β.

    Shapes: p and t (*shape, N).
    """

    kind = "huber"
    label = "Huber"
    summary = "Squared error for small mistakes, absolute error for large ones."
    synonyms = ("smooth l1", "robust")
    formula = "L = mean (d² / 2 if |d| ≤ bend else bend (|d| - bend / 2)), d = p - t"
    source = "Huber, Robust estimation of a location parameter, 1964"
    target = "values"
    expects = "number"

    bend = Real(1.0, above=0, help="Distance (delta) at which squared turns into absolute.")

    def bind(self, work: Workspace) -> None:
        # With c = d held between -bend and bend, the loss is c (d - c / 2) and its slope c.
        difference = _bind_difference(work)
        held = work.buffer(*difference.shape)
        rest = work.buffer(*difference.shape)
        work.forward(np.minimum, difference, work.scalar(self.bend), out=held)
        work.forward(np.maximum, held, work.scalar(-self.bend), out=held)
        work.forward(np.multiply, held, work.scalar(-0.5), out=rest)
        work.forward(np.add, rest, difference, out=rest)
        bind_weighted_sum(work, [(held, rest, 1 / held.size)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.multiply, held, work.scalar(1 / held.size), out=gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        distance = np.abs(prediction - target)
        far = self.bend * (distance - self.bend / 2)
        return np.asarray(np.where(distance <= self.bend, distance**2 / 2, far))


@LOSSES.register
class Exponential(Loss):
    """L = mean over examples of scale exp(Σ d² / scale), with d = p - t over an example's values.

    Beyond an exponent of 50 it goes on as the straight line that touches it there. Of a
    sequence each step is summed by itself. Shapes: p and t (*shape, N), or (T, K, N).
    """

    kind = "exponential"
    label = "Exponential"
    summary = "Grows exponentially with the squared difference: one large mistake outweighs all."
    formula = "L = mean scale exp(Σ (p - t)² / scale)"
    source = "Silva et al., Data classification with multilayer perceptrons, 2008"
    target = "values"
    expects = "number"

    scale = Real(1.0, above=0, help="Squared difference at which the loss has grown by e.")

    def positions(self, prediction: Shape) -> Shape:
        return column_positions(prediction)

    def bind(self, work: Workspace) -> None:
        difference = bind_columns(work, _bind_difference(work))
        squares = work.buffer(*difference.shape)
        size, count = squares.shape
        exponent, held, grown, beyond = (work.buffer(1, count) for _ in range(4))
        work.forward(np.multiply, difference, difference, out=squares)
        sums = work.constant(1 / self.scale, 1, size)
        work.forward(np.dot, sums, squares, out=exponent)
        work.forward(np.minimum, exponent, work.scalar(STEEPEST), out=held)
        work.forward(np.exp, held, out=grown)
        work.forward(np.subtract, exponent, held, out=beyond)
        share = self.scale / count
        ones = work.constant(1, grown.size)
        bind_weighted_sum(work, [(grown, ones, share), (grown, beyond, share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            factor = work.buffer(*difference.shape)
            column, slopes = work.constant(2 / count, size, 1), columns_like(work, gradient)
            work.backward(np.dot, column, grown, out=factor)
            work.backward(np.multiply, difference, factor, out=slopes)
            bind_from_columns(work, slopes, gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        exponent = summed_columns((prediction - target) ** 2) / self.scale
        held = np.minimum(exponent, STEEPEST)
        return np.asarray(self.scale * np.exp(held) * (1 + exponent - held))
