"""What a metric is: a number about predictions, taken all at once or batch by batch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.fields import Declared
from engine.registry import Registry

Array = NDArray[Any]

CLASSES = frozenset({"classes", "binary"})
VALUES = frozenset({"values"})


class Tally(ABC):
    """A metric under way: takes in batches, and knows the metric over all of them."""

    @abstractmethod
    def add(self, prediction: Array, target: Array, weights: Array | None = None) -> None:
        """Take in a batch. The arrays may change afterwards.

        weights: how much each example counts, (N,), or each value, (*shape, N).
        """

    @abstractmethod
    def result(self) -> float:
        """The metric over everything added. NaN where it is not defined."""


class Sums(Tally):
    """The tally of a metric that follows from sums over examples.

    parts: (prediction, target, weights) to what is summed. of: the sums to the metric.
    """

    def __init__(
        self, parts: Callable[[Array, Array, Array | None], Array], of: Callable[[Array], float]
    ) -> None:
        self._parts, self._of = parts, of
        self._sums: Array | None = None

    def add(self, prediction: Array, target: Array, weights: Array | None = None) -> None:
        parts = self._parts(prediction, target, weights)
        self._sums = parts if self._sums is None else self._sums + parts

    def result(self) -> float:
        return float("nan") if self._sums is None else float(self._of(self._sums))


class Metric(Declared):
    """One kind of metric.

    Class attributes, beside those of `Declared`
        formula: what it computes, as one line of text; p prediction, t target.
        targets: the kinds of targets that it can judge: "classes", "binary", "values".
        higher_is_better: which way is good.
        least_classes: how many classes there must be for a report to have it unasked.
    """

    formula: ClassVar[str]
    targets: ClassVar[frozenset[str]]
    higher_is_better: ClassVar[bool]
    least_classes: ClassVar[int] = 0

    def title(self) -> str:
        """What a figure of it is headed with."""
        return self.label

    def tally(self) -> Tally:
        """A new tally, in float64, for predictions that come in batches."""
        raise NotImplementedError  # every kind has its own

    def value(self, prediction: Array, target: Array, weights: Array | None = None) -> float:
        """The metric over all examples, in float64. NaN where it is not defined."""
        tally = self.tally()
        tally.add(prediction, target, weights)
        return tally.result()


METRICS: Registry[Metric] = Registry("metric")


def metrics_for(target: str, classes: int = 0) -> tuple[Metric, ...]:
    """The usual metrics for a kind of target, in the order in which people ask for them.

    classes: how many there are.
    """
    fitting = (metric for metric in METRICS if target in metric.targets)
    return tuple(metric() for metric in fitting if classes >= metric.least_classes)


def ratio(part: float, whole: float) -> float:
    """part / whole, and NaN where there is nothing to divide by."""
    return float(part / whole) if whole else float("nan")


def summed(*parts: float) -> Array:
    return np.array(parts, np.float64)
