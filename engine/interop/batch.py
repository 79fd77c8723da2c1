"""The examples on which an export is verified."""

from __future__ import annotations

import numpy as np

from engine.data.dataset import Dataset
from engine.graph.model import Graph
from engine.layers.base import Array
from engine.layers.terminal import Input
from engine.plan.extent import model_inputs

EXAMPLES = 256


def example_batch(
    graph: Graph, dataset: Dataset | None, rng: np.random.Generator
) -> dict[str, Array]:
    """Input name to up to 256 examples of a data set, or to random numbers without one.

    Raises DataError if the data set does not fit the inputs.
    """
    batch: dict[str, Array] = {}
    for name, node_id in model_inputs(graph):
        layer = graph.node(node_id).layer
        assert isinstance(layer, Input)
        if dataset is not None:
            batch[name] = dataset.inputs(layer.columns, layer.shape)[:EXAMPLES]
        else:
            batch[name] = rng.normal(size=(EXAMPLES, *layer.shape)).astype(np.float32)
    return batch
