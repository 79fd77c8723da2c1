"""The examples on which an export is verified."""

from __future__ import annotations

import numpy as np

from engine.data.dataset import Dataset
from engine.errors import DataError
from engine.graph.model import Graph
from engine.interop.noise import noise_inputs
from engine.layers.base import Array
from engine.layers.terminal import Input
from engine.plan.extent import model_inputs

EXAMPLES = 256


def example_batch(
    graph: Graph, dataset: Dataset | None, rng: np.random.Generator
) -> tuple[dict[str, Array], bool]:
    """Input name to up to 256 examples, and whether they are a data set's.

    Random numbers stand in where there is no data set or it does not fit the inputs;
    for sources of noise, which are inputs of an exported model, they are drawn.
    """
    batch, is_data = _inputs(graph, dataset, rng)
    count = len(next(iter(batch.values()), range(EXAMPLES)))
    noise = {name: source.drawn(count, rng) for name, source in noise_inputs(graph).items()}
    return batch | noise, is_data


def _inputs(
    graph: Graph, dataset: Dataset | None, rng: np.random.Generator
) -> tuple[dict[str, Array], bool]:
    layers = {
        name: layer
        for name, node_id in model_inputs(graph)
        if isinstance(layer := graph.node(node_id).layer, Input)
    }
    if dataset is not None:
        try:
            return {
                name: dataset.inputs(layer.columns, layer.shape)[:EXAMPLES]
                for name, layer in layers.items()
            }, True
        except DataError:
            pass  # the network was trained on other data
    return {
        name: rng.normal(size=(EXAMPLES, *layer.shape)).astype(np.float32)
        for name, layer in layers.items()
    }, False
