"""Layers as people count them: a node that learns, or a column of single neurons together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.graph.model import Graph
from engine.graph.order import topological
from engine.layers.neuron import Neuron


@dataclass(frozen=True)
class LayerGroup:
    """One line or card: its label, and the nodes it stands for."""

    label: str
    nodes: tuple[str, ...]


def layer_groups(graph: Graph, node_ids: Iterable[str]) -> list[LayerGroup]:
    """The nodes of a graph that are named, from input to output; neurons of a column as one.

    Neurons are of one column if they are equally far from the inputs and have the same
    activation. Nodes that the graph does not have stand alone under their id.
    """
    wanted = dict.fromkeys(node_ids)
    depths = _depths(graph)
    columns: dict[object, list[str]] = {}
    for node_id in wanted:
        layer = graph.node(node_id).layer if node_id in graph else None
        if isinstance(layer, Neuron):
            columns.setdefault((depths[node_id], layer.activation), []).append(node_id)
        else:
            columns[node_id] = [node_id]
    order = sorted(columns.values(), key=lambda nodes: depths.get(nodes[0], 0))
    titles = [_title(graph, nodes) for nodes in order]
    return [
        LayerGroup(title if titles.count(title) == 1 else _told_apart(title, nodes), tuple(nodes))
        for title, nodes in zip(titles, order, strict=True)
    ]


def _title(graph: Graph, nodes: list[str]) -> str:
    if len(nodes) > 1:
        return f"{len(nodes)} neurons"
    return graph.node(nodes[0]).title if nodes[0] in graph else nodes[0]


def _told_apart(title: str, nodes: list[str]) -> str:
    return f"{title} · {nodes[0]}" if len(nodes) > 1 else nodes[0]


def _depths(graph: Graph) -> dict[str, int]:
    """The longest path from an input to each node within a step: a delayed wire adds nothing."""
    depths: dict[str, int] = {}
    for node_id in topological([node.id for node in graph.nodes], graph.followers):
        depths[node_id] = 1 + max((depths[n] for n in graph.leaders(node_id)), default=-1)
    return depths
