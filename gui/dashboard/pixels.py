"""Which nodes put out a picture like those of the data: not by their size alone."""

from __future__ import annotations

from engine import shapes
from engine.graph.infer import Inference
from engine.graph.model import Graph
from engine.shapes import Shape

PASSING = frozenset(
    {"flatten", "reroute", "reshape", "dropout", "gaussian_noise", "gaussian_dropout", "output"}
)
"""Kinds that leave every pixel at its place."""


def pictured(graph: Graph, inference: Inference, image_shape: Shape | None) -> set[str]:
    """Nodes whose values, in reading order, make a picture in the shape of those of the data.

    An input does; so does what it is compared with by a loss, what reads the same weights
    as something that reads a picture, and what only passes a picture on.
    """
    if image_shape is None:
        return set()
    size = shapes.size(image_shape)
    fitting = {
        node_id
        for node_id, found in inference.items()
        if found.outputs and shapes.size(found.outputs[0]) == size
    }
    found = {
        node_id
        for node_id in fitting
        if graph.node(node_id).layer.kind == "input"
        or (graph.node(node_id).layer.kind == "reshape" and _shape(inference, node_id, image_shape))
    }
    alike = [alike & fitting for alike in (*_compared(graph), *_passing(graph), *_shared(graph))]
    grown = True
    while grown:
        before = len(found)
        for group in alike:
            if found & group:
                found |= group
        grown = len(found) > before
    return found


def _shape(inference: Inference, node_id: str, shape: Shape) -> bool:
    return inference[node_id].outputs == (shape,)


def _sources(graph: Graph, node_id: str) -> set[str]:
    return {wire.source for wire in graph.incoming(node_id)}


def _compared(graph: Graph) -> list[set[str]]:
    """What each loss compares."""
    return [_sources(graph, node.id) for node in graph.nodes if node.layer.kind == "loss"]


def _passing(graph: Graph) -> list[set[str]]:
    return [
        {node.id, *_sources(graph, node.id)}
        for node in graph.nodes
        if node.layer.kind in PASSING and len(_sources(graph, node.id)) == 1
    ]


def _shared(graph: Graph) -> list[set[str]]:
    """What arrives at each instance of a node, and at the node itself."""
    by_original: dict[str, set[str]] = {}
    for node in graph.nodes:
        if node.same_as:
            ids = by_original.setdefault(node.same_as, _sources(graph, node.same_as))
            ids |= _sources(graph, node.id)
    return list(by_original.values())
