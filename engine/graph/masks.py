"""Where the padding of short sequences is known: which nodes put out sequences with a mask."""

from __future__ import annotations

from engine.graph.infer import Inference
from engine.graph.model import Graph


def masked_nodes(graph: Graph, inference: Inference) -> frozenset[str]:
    """The nodes whose output has a mask, by what their layers say of masks."""
    found: set[str] = set()
    for node_id in inference:
        layer = graph.node(node_id).layer
        if layer.masking == "makes" or (
            layer.masking == "passes"
            and any(
                wire.source in found
                for port in layer.input_ports
                if port.masks
                for wire in graph.incoming(node_id, port.name)
            )
        ):
            found.add(node_id)
    return frozenset(found)
