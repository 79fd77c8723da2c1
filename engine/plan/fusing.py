"""Which losses differentiate through the activation before them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import cast

from engine.graph.model import Graph, Wire
from engine.graph.order import reachable
from engine.layers.reroute import Reroute
from engine.layers.terminal import Loss


def fused_wires(graph: Graph, losses: Iterable[str], apart: Collection[str]) -> frozenset[Wire]:
    """The wires from an activation to a loss that takes over its derivative.

    They may lead through reroute points. The loss must know the activation (softmax,
    sigmoid), and no other way may lead from the activation to a loss. apart: nodes
    that never fuse, since the plan computes their activation together with others.

    A plan says so whether it trains or not, so that both keep the logits.
    """
    losses = list(losses)
    before = reachable(graph.predecessors, losses)
    found = set()
    for node_id in losses:
        loss = cast(Loss, graph.node(node_id).layer).loss
        for wire in graph.incoming(node_id, "prediction"):
            way = _without_reroutes(graph, wire)
            source = way[-1].source
            activation = graph.node(source).layer.final_activation()
            known = activation is not None and activation.kind in loss.fuses
            alone = all(_readers(graph, step.source, before) == 1 for step in way)
            if known and alone and source not in apart:
                found.update(way)
    return frozenset(found)


def _without_reroutes(graph: Graph, wire: Wire) -> list[Wire]:
    """The wire and those before it, back to the node that computes what they carry."""
    way = [wire]
    while isinstance(graph.node(way[-1].source).layer, Reroute):
        before = graph.incoming(way[-1].source)
        if not before:
            break
        way.append(before[0])
    return way


def _readers(graph: Graph, node_id: str, wanted: Collection[str]) -> int:
    return sum(wire.target in wanted for wire in graph.outgoing(node_id))
