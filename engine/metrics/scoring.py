"""Which metrics judge a network, where people choose how scores of classes become one number."""

from __future__ import annotations

from dataclasses import dataclass

from engine.metrics.base import METRICS, Metric
from engine.metrics.classes import ClassAverage, TopAccuracy


@dataclass(frozen=True)
class Scoring:
    """What can be chosen.

    average: of precision, recall and F1: "macro", "micro" or "weighted".
    top: among how many of the likeliest classes one counts as found; 0 leaves it to the number
        of classes whether that is told at all.
    """

    average: str = "macro"
    top: int = 0

    def metrics(self, classes: int) -> tuple[Metric, ...]:
        """The usual metrics in their order. classes: how many there are."""
        each = (kind() for kind in METRICS)
        return tuple(
            self._chosen(metric)
            for metric in each
            if classes >= metric.least_classes or (self.top and isinstance(metric, TopAccuracy))
        )

    def _chosen(self, metric: Metric) -> Metric:
        if isinstance(metric, ClassAverage):
            return metric.replaced(average=self.average)
        if self.top and isinstance(metric, TopAccuracy):
            return metric.replaced(k=self.top)
        return metric
