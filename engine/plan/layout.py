"""Where single neurons stand side by side, so that they run as one matrix product.

Neurons of the same depth, activation and bias compute s(W x + b) with one row
of W each. Their parameters follow each other in the flat vector, so that a
fully wired group finds its W as a view.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.activations import Activation
from engine.graph.infer import Inference
from engine.graph.model import Graph
from engine.layers.neuron import Neuron


@dataclass(frozen=True)
class Unit:
    """Nodes that run together: neurons side by side, or one node of any kind."""

    nodes: tuple[str, ...]
    grouped: bool = False


def units(graph: Graph, inference: Inference, included: Iterable[str]) -> list[Unit]:
    """The nodes that are to run, grouped, in an order to compute in."""
    depth = depths(graph, inference)
    members: dict[object, list[str]] = {}
    for node_id in inference:
        layer = graph.node(node_id).layer
        key: object = node_id
        if isinstance(layer, Neuron) and _may_share(layer.activation):
            key = (depth[node_id], layer.activation, layer.bias)
        members.setdefault(key, []).append(node_id)
    wanted = set(included)
    found = [
        Unit(tuple(n for n in nodes if n in wanted), grouped=isinstance(key, tuple))
        for key, nodes in members.items()
    ]
    # Every wire leads to a greater depth, so this order is topological, groups included.
    return sorted((unit for unit in found if unit.nodes), key=lambda unit: depth[unit.nodes[0]])


def _may_share(activation: Activation) -> bool:
    """Whether it does the same to neurons side by side as to each alone."""
    return activation.elementwise and not activation.parameters()


def depths(graph: Graph, inference: Inference) -> dict[str, int]:
    """The length of the longest path to each node."""
    depth: dict[str, int] = {}
    for node_id in inference:
        before = (depth[source] for source in graph.predecessors(node_id))
        depth[node_id] = 1 + max(before, default=-1)
    return depth
