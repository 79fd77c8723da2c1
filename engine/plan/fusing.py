"""Which losses differentiate through the activation before them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import cast

from engine.graph.model import Graph, Wire
from engine.graph.order import reachable
from engine.layers.terminal import Loss


def fused_wires(graph: Graph, losses: Iterable[str], apart: Collection[str]) -> frozenset[Wire]:
    """The wires from an activation to a loss that takes over its derivative.

    The loss must know the activation (softmax, sigmoid), and no other way may
    lead from the activation to a loss. apart: nodes that never fuse, since the
    plan computes their activation together with others.

    A plan says so whether it trains or not, so that both keep the logits.
    """
    losses = list(losses)
    before = reachable(graph.predecessors, losses)
    found = set()
    for node_id in losses:
        loss = cast(Loss, graph.node(node_id).layer).loss
        for wire in graph.incoming(node_id, "prediction"):
            activation = graph.node(wire.source).layer.final_activation()
            readers = [w for w in graph.outgoing(wire.source) if w.target in before]
            known = activation is not None and activation.kind in loss.fuses
            if known and len(readers) == 1 and wire.source not in apart:
                found.add(wire)
    return frozenset(found)
