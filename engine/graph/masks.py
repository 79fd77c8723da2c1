"""Where the padding of short sequences is known: which nodes put out sequences with a mask."""

from __future__ import annotations

from engine.graph.infer import Inference, NodeShapes
from engine.graph.loops import entering
from engine.graph.model import Graph
from engine.layers.base import Masking


def masking_of(found: NodeShapes) -> Masking:
    """What becomes of a mask at a node.

    A bypassed node hands on what arrives, a muted one gives zeros. In a loop that gives every
    step these are as real as those that enter it; else it has computed all, real or not.
    """
    if found.node.switch == "muted":
        return "ends"
    if found.loop is not None:
        return "passes" if found.loop.every else "stops"
    return "passes" if found.node.switch == "bypassed" else found.node.layer.masking


def masked_nodes(graph: Graph, inference: Inference) -> frozenset[str]:
    """The nodes whose output has a mask, by what their layers say of masks."""
    found: set[str] = set()
    maskings = {node_id: masking_of(shapes) for node_id, shapes in inference.items()}
    if "makes" not in maskings.values():
        return frozenset()
    for node_id, shapes in inference.items():
        node, masking = shapes.node, maskings[node_id]
        ports = node.layer.input_ports
        read = ports if node.switch == "on" else ports[:1]
        passing = {port.name for port in read if port.masks}
        wires = [w for w in graph.incoming(node_id) if w.target_port in passing]
        arriving = (w.source for w in (entering(graph, shapes.loop) if shapes.loop else wires))
        if masking == "makes" or (masking == "passes" and not found.isdisjoint(arriving)):
            found.add(node_id)
    return frozenset(found)
