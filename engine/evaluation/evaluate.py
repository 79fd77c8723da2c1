"""Evaluate: how good a network is on a part of a data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.metrics import Metric
from engine.plan.feed import Examples, TrainingData
from engine.plan.measure import Measurement
from engine.plan.parameters import Parameters
from engine.workspace import Array


def evaluate(
    graph: Graph,
    weights: Mapping[tuple[str, str], Array],
    dataset: TrainingData,
    split: str = "test",
    dtype: np.dtype[Any] | type = np.float32,
    metrics: Sequence[Metric] | None = None,
) -> dict[str, float]:
    """The loss and metrics over all examples of `train`, `validation` or `test`.

    `loss`, and every metric of `engine.metrics` that fits the target, by kind.

    metrics: those wanted instead, of which the ones that fit the target are taken.

    Raises CompileError if the graph cannot run, DataError if the part is empty.
    """
    measurement = _measurement(graph, weights, dataset, split, dtype, metrics)
    with np.errstate(all="ignore"):  # weights that diverged give metrics that are not finite
        return measurement.run()


def confusion_matrix(
    graph: Graph,
    weights: Mapping[tuple[str, str], Array],
    dataset: TrainingData,
    split: str = "test",
) -> Array:
    """(K, K) counts over one part: rows are actual classes, columns predicted ones.

    Raises CompileError if the graph cannot run, DataError if the part is empty or
    the target is not a class.
    """
    if dataset.signature.target == "values":
        raise DataError(
            "A confusion matrix counts classes, and the target is a value. "
            "Look at the errors of the prediction instead."
        )
    return _measurement(graph, weights, dataset, split).confusion()


def _measurement(
    graph: Graph,
    weights: Mapping[tuple[str, str], Array],
    dataset: TrainingData,
    split: str,
    dtype: np.dtype[Any] | type = np.float32,
    metrics: Sequence[Metric] | None = None,
) -> Measurement:
    rows = dataset.part(split)
    if not len(rows):
        raise DataError(
            f"The {split} part of the data has no examples, so there is nothing to measure. "
            "Give it a share of the rows, or choose another part."
        )
    inference = infer(graph)
    parameters = Parameters(graph, inference, dtype)
    parameters.load(weights)
    examples = Examples(graph, dataset, parameters.dtype)
    return Measurement(graph, inference, parameters, examples, dataset, rows, metrics)
