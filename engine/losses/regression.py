"""Losses that compare numbers with numbers, value by value."""

from __future__ import annotations

import numpy as np

from engine.fields import Real
from engine.losses.base import (
    LOSSES,
    Loss,
    bind_weighted_sum,
    ones_like,
    prediction_gradient,
)
from engine.workspace import Array, Workspace


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
    synonyms = ("mse", "l2", "mean squared error", "least squares")
    formula = "L = mean (p - t)²"
    source = "Legendre, 1805; PyTorch, torch.nn.MSELoss"
    target = "values"

    def bind(self, work: Workspace) -> None:
        difference = _bind_difference(work)
        bind_weighted_sum(work, [(difference, difference, 1 / difference.size)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            scale = work.scalar(2 / difference.size)
            work.backward(np.multiply, difference, scale, out=gradient)

    def value(self, prediction: Array, target: Array) -> float:
        return float(np.mean((np.float64(prediction) - target) ** 2))


@LOSSES.register
class AbsoluteError(Loss):
    """L = mean |p - t|, with slope 0 at 0. Shapes: p and t (*shape, N)."""

    kind = "absolute_error"
    label = "Absolute error"
    summary = "The mean of absolute differences; outliers count no more than their distance."
    synonyms = ("mae", "l1", "mean absolute error")
    formula = "L = mean |p - t|"
    source = "PyTorch, torch.nn.L1Loss"
    target = "values"

    def bind(self, work: Workspace) -> None:
        difference = _bind_difference(work)
        distance = work.buffer(*difference.shape)
        work.forward(np.abs, difference, out=distance)
        bind_weighted_sum(work, [(distance, ones_like(work, distance), 1 / distance.size)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.sign, difference, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(1 / distance.size), out=gradient)

    def value(self, prediction: Array, target: Array) -> float:
        return float(np.mean(np.abs(np.float64(prediction) - target)))


@LOSSES.register
class Huber(Loss):
    """L = mean of d² / 2 for |d| ≤ bend, bend (|d| - bend / 2) beyond, with d = p - t.

    Shapes: p and t (*shape, N).
    """

    kind = "huber"
    label = "Huber"
    summary = "Squared error for small mistakes, absolute error for large ones."
    synonyms = ("smooth l1", "robust")
    formula = "L = mean (d² / 2 if |d| ≤ bend else bend (|d| - bend / 2)), d = p - t"
    source = "Huber, Robust estimation of a location parameter, 1964"
    target = "values"

    bend = Real(1.0, above=0, help="Distance at which squared turns into absolute.")

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

    def value(self, prediction: Array, target: Array) -> float:
        distance = np.abs(np.float64(prediction) - target)
        far = self.bend * (distance - self.bend / 2)
        return float(np.mean(np.where(distance <= self.bend, distance**2 / 2, far)))
