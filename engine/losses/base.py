"""What a loss is: how wrong a prediction is, as one number, and how it falls.

Predictions and targets have examples as their last axis: (K, N). The loss of
a batch is the mean over its examples (and over the values of each example
where values are compared one by one), as PyTorch's `reduction="mean"`.
"""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from engine import shapes
from engine.errors import DataError, ShapeError
from engine.fields import Declared
from engine.registry import Registry
from engine.shapes import Shape
from engine.workspace import Array, Workspace

Expectation = Literal["distribution", "probability", "positive", "number"]


class Loss(Declared):
    """One kind of loss.

    Class attributes, beside those of `Declared`
        formula: what it computes, as one line of text; p prediction, t target.
        source: the paper or standard it follows.
        target: what it compares with: "classes" (one column of K numbers per
            example that sum to 1: one-hot), "binary" (0 or 1) or "values".
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

        The gradient is dL/dz of the activation before the loss if `work.fused`.
        """
        raise NotImplementedError  # every kind has its own steps

    def value(self, prediction: Array, target: Array) -> float:
        """The loss in plain NumPy and float64, for checks and reports."""
        raise NotImplementedError  # every kind has its own formula


LOSSES: Registry[Loss] = Registry("loss")


def prediction_gradient(work: Workspace) -> Array | None:
    """Where to write dL/d(prediction), or None where nothing needs it."""
    return work.inputs["prediction"][0].gradient if work.training else None


def bind_weighted_sum(work: Workspace, pairs: list[tuple[Array, Array, float]]) -> None:
    """Add the steps that write Σ weight <x, y> over all (x, y, weight) to `work.loss`."""
    sums = work.buffer(len(pairs))
    weights = work.buffer(len(pairs))
    for number, (x, y, weight) in enumerate(pairs):
        weights[number] = weight
        # A slice keeps an array where an index would copy a number.
        here = sums[number : number + 1].reshape(())
        work.forward(np.dot, x.reshape(-1), y.reshape(-1), here)
    work.forward(np.dot, sums, weights, work.loss.reshape(()))


def rows_of(array: Array) -> Array:
    """(*shape, N) -> (size, N), the same memory."""
    return array.reshape(-1, array.shape[-1])


def filled(work: Workspace, *shape: int, value: float = 1.0) -> Array:
    """An array of one number."""
    array = work.buffer(*shape)
    array.fill(value)
    return array


def ones_like(work: Workspace, array: Array) -> Array:
    """As many ones as `array` has values: a sum is the product with them."""
    return filled(work, array.size)
