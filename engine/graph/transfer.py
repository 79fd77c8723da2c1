"""Transfer: what a network has learnt is kept, and only a new last layer learns something new."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from engine.errors import GraphError
from engine.graph.infer import infer
from engine.graph.model import Graph, Node
from engine.graph.order import reachable

Key = tuple[str, str]
Kept = TypeVar("Kept")


def with_new_head(
    graph: Graph, weights: Mapping[Key, Kept], units: int
) -> tuple[Graph, dict[Key, Kept]]:
    """The same network with a new last layer of so many units, and all before it frozen.

    The last layer is the one with units whose values the first loss judges. It gets a new id,
    so that training begins it anew and everything else from the weights that are returned.

    Yosinski et al., How transferable are features in deep neural networks?, 2014.

    Raises GraphError if no layer with units stands before a loss.
    """
    head = _head(graph)
    fresh = graph.fresh_id(head.layer.kind)
    features = set(before_the_head(graph))
    nodes = []
    for node in graph.nodes:
        if node is head:
            nodes.append(replace(node, id=fresh, layer=node.layer.replaced(units=units)))
        else:
            nodes.append(replace(node, frozen=node.frozen or node.id in features))
    wires = [
        replace(
            wire,
            source=fresh if wire.source == head.id else wire.source,
            target=fresh if wire.target == head.id else wire.target,
        )
        for wire in graph.wires
    ]
    kept = {key: array for key, array in weights.items() if key[0] != head.id}
    return Graph(nodes, wires, graph.drawing.copy()), kept


def before_the_head(graph: Graph) -> tuple[str, ...]:
    """The nodes with weights that the last layer depends on: what a network sees features with.

    Raises GraphError if no layer with units stands before a loss.
    """
    head = _head(graph)
    before = reachable(graph.predecessors, [head.id]) - {head.id}
    return tuple(i for i, found in infer(graph).items() if i in before and found.parameters)


def _head(graph: Graph) -> Node:
    """The last layer with units before the first loss that has one."""
    for loss in graph.nodes:
        wires = graph.incoming(loss.id, "prediction") if loss.layer.kind == "loss" else ()
        passed: set[str] = set()
        while len(wires) == 1 and wires[0].source not in passed:  # a loop leads back to itself
            node = graph.node(wires[0].source)
            passed.add(node.id)
            if hasattr(node.layer, "units"):
                return node
            wires = graph.incoming(node.id)
    raise GraphError(
        "No layer with units stands before a loss, so there is no last layer to renew. "
        "Wire a Dense into the loss."
    )
