"""Evaluate: how good a network is on a part of a data set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.errors import DataError
from engine.graph.infer import infer
from engine.graph.model import Graph
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
) -> dict[str, float]:
    """The loss and metrics over all examples of `train`, `validation` or `test`.

    `loss`, and `accuracy` where the target is a class, `mae` and `rmse` where it is a value.

    Raises CompileError if the graph cannot run, DataError if the part is empty.
    """
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
    return Measurement(graph, inference, parameters, examples, dataset, rows).run()
