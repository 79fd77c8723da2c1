"""What is measured while training: a part of the examples, by a few metrics."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from engine.graph.infer import Inference
from engine.graph.model import Graph
from engine.metrics import (
    Accuracy,
    MeanAbsoluteError,
    Perplexity,
    RootMeanSquaredError,
    TopAccuracy,
)
from engine.plan.feed import Examples, TrainingData
from engine.plan.measure import Measurement, sample
from engine.plan.parameters import Parameters

MOST_EXAMPLES = {"train": 500, "validation": 2_000}
WATCHED = (Accuracy(), TopAccuracy(), Perplexity(), MeanAbsoluteError(), RootMeanSquaredError())
"""Metrics with curves; of these, the ones that fit the target."""


def measurements(
    graph: Graph,
    inference: Inference,
    parameters: Parameters,
    examples: Examples,
    data: TrainingData,
) -> dict[str, Measurement]:
    """Of each part of the data that has examples."""
    parts = {name: sample(data.part(name), most) for name, most in MOST_EXAMPLES.items()}
    classes = len(data.signature.classes)
    watched = [metric for metric in WATCHED if classes >= metric.least_classes]
    return {
        name: Measurement(graph, inference, parameters, examples, data, rows, watched)
        for name, rows in parts.items()
        if len(rows)
    }


def watched_loss(
    measurements: Mapping[str, Measurement], losses: Collection[str] | None = None
) -> float:
    """The sum of some losses, or of all, as measured last: in validation, or else in training.

    Else is where no validation example counts for any of these losses.
    """
    parts = [measurements[part] for part in ("validation", "train") if part in measurements]
    counting = (part for part in parts if part.counts(losses))
    return next((part.loss_of(losses) for part in counting), math.nan)


def measured_values(
    measurements: Mapping[str, Measurement], measured: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """The points of curves, by name: all that was measured but the loss in training.

    That is the mean over batches. Where there are several losses each has a curve in validation.
    """
    values = {
        f"{name}/{part}": value
        for part, found in measured.items()
        for name, value in found.items()
        if (name, part) != ("loss", "train")
    }
    if "validation" in measurements:
        each = measurements["validation"].each_loss
        if len(each) > 1:
            values |= {f"loss/{node_id}/validation": loss for node_id, loss in each.items()}
    return values
