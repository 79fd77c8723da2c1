"""The weights with which a training starts, without making a plan."""

from __future__ import annotations

import numpy as np

from engine.graph.infer import Inference, NodeShapes
from engine.plan.parameters import Weights
from engine.randomness import stream
from engine.workspace import Array


def initial_weights(inference: Inference, seed: int) -> Weights:
    """The weights that `Parameters.initialize` gives a graph, by (node id, name)."""
    return {
        (node_id, name): array
        for node_id, found in inference.items()
        if not found.node.same_as
        for name, array in first_weights(found, seed).items()
    }


def first_weights(found: NodeShapes, seed: int) -> dict[str, Array]:
    """Those of one node, by name. They depend on the seed and on the names alone."""
    weights: dict[str, Array] = {}
    for spec in found.parameters:
        weights[spec.name] = np.zeros(spec.shape, np.float32)
        rng = stream(seed, "weights", found.node.id, spec.name)
        spec.initializer.fill(rng, weights[spec.name], spec.fan_in, spec.fan_out)
    for kept in found.state:
        weights[kept.name] = np.full(kept.shape, kept.start, np.float32)
    return weights
