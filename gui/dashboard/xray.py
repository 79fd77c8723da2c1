"""The X-ray: how well each node of a run learns, from its curves and from what it puts out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.diagnosis.health import Health, health
from engine.graph.model import Graph
from engine.layers.base import Array
from engine.layers.terminal import Loss
from engine.training.telemetry import Telemetry
from gui.widgets.heat import BETWEEN_ONES, BETWEEN_ZERO_AND_ONE, activation_kind

FLAT = 0.95
"""From this share of its reach on, an activation is as good as flat."""


def health_of_nodes(
    graph: Graph, telemetry: Telemetry, outputs: Mapping[str, Array]
) -> dict[str, Health]:
    """By node id, of the nodes that learn. outputs: what they put out for a few examples."""
    latest = telemetry.latest()
    gradients = {
        name.removeprefix("gradient/"): value
        for name, value in latest.items()
        if name.startswith("gradient/")
    }
    strongest = max(gradients.values(), default=0.0)
    found: dict[str, Health] = {}
    for node_id, gradient in gradients.items():
        if node_id not in graph:
            continue
        dead = saturated = 0.0
        values = outputs.get(node_id)
        # An answer may well be certain: only what stands before the last layer saturates.
        if values is not None and values.size and not _answers(graph, node_id):
            activation = activation_kind(graph.node(node_id).layer)
            dead, saturated = dead_share(values, activation), saturated_share(values, activation)
        found[node_id] = health(
            gradient,
            latest.get(f"update/{node_id}"),
            strongest=strongest,
            dead=dead,
            saturated=saturated,
        )
    return found


def dead_share(values: Array, activation: str) -> float:
    """The share of the units of (units, ..., examples) that are 0 for every example."""
    if activation != "relu":
        return 0.0
    rest = tuple(range(1, values.ndim))
    return float(np.mean(np.max(values, axis=rest) == 0))


def saturated_share(values: Array, activation: str) -> float:
    """The share of outputs at the flat ends of an S-shaped activation; 0 for any other."""
    if activation in BETWEEN_ONES:
        return float(np.mean(np.abs(values) > FLAT))
    if activation in BETWEEN_ZERO_AND_ONE - {"softmax", "step"}:
        return float(np.mean(np.abs(2.0 * values - 1.0) > FLAT))
    return 0.0


def _answers(graph: Graph, node_id: str) -> bool:
    return any(isinstance(graph.node(w.target).layer, Loss) for w in graph.outgoing(node_id))
