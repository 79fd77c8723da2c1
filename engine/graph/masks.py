"""Where the padding of short sequences is known: which nodes put out sequences with a mask."""

from __future__ import annotations

from engine.graph.infer import Inference
from engine.graph.model import Graph, Node
from engine.layers.base import Masking


def masking_of(node: Node) -> Masking:
    """What becomes of a mask at a node: a bypassed one hands on what arrives, a muted one zeros."""
    if node.switch == "on":
        return node.layer.masking
    return "passes" if node.switch == "bypassed" else "ends"


def masked_nodes(graph: Graph, inference: Inference) -> frozenset[str]:
    """The nodes whose output has a mask, by what their layers say of masks."""
    found: set[str] = set()
    for node_id in inference:
        node = graph.node(node_id)
        masking, ports = masking_of(node), node.layer.input_ports
        read = ports if node.switch == "on" else ports[:1]
        passing = {port.name for port in read if port.masks}
        arriving = (w.source for w in graph.incoming(node_id) if w.target_port in passing)
        if masking == "makes" or (masking == "passes" and not found.isdisjoint(arriving)):
            found.add(node_id)
    return frozenset(found)
