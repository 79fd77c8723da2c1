"""What a network answers at points of its own choosing, as over a plane of two features."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.data.dataset import Dataset, select
from engine.errors import CompileError, DataError
from engine.graph.model import Graph
from engine.layers.terminal import Input
from engine.plan.extent import model_outputs
from engine.plan.parameters import Weights
from engine.plan.probe import Probe
from engine.workspace import Array


def answering(graph: Graph) -> str:
    """The node that gives the network's first output; empty where it has none."""
    first = next(iter(model_outputs(graph)), None)
    end = first and first.end(graph)
    return end[0] if end else ""


def answers(
    graph: Graph,
    weights: Mapping[tuple[str, str], Array] | Weights,
    dataset: Dataset,
    points: Array,
) -> Array | None:
    """The network's first output, (*shape, N), for N examples that are in no data set.

    points: (N, *feature_shape), as the features of `dataset`. None where no node answers, or
    where the network cannot take them.
    """
    try:
        probe = Probe(graph, len(points))
        probe.parameters.load(weights)
        inputs = {}
        for name in probe.inputs:
            layer = graph.node(name).layer
            assert isinstance(layer, Input)
            chosen = select(dataset.signature, points, layer.columns, layer.shape)
            inputs[name] = np.moveaxis(chosen, 0, -1)  # (N, *shape) -> (*shape, N)
        probe.run(inputs=inputs)
        answer = probe.answer
        # A copy: what is in the memory of a plan keeps all of it alive.
        return None if answer is None else answer.copy()
    except (CompileError, DataError):
        return None
