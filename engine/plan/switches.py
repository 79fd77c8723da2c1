"""Nodes that are switched off, as plans and exports see them.

A bypassed node becomes a reroute point, a muted one a source of zeros. Both keep
their ids, so that whatever is asked for by id is still there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.graph.infer import Inference, NodeShapes
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import ArrivingShapes
from engine.layers.reroute import Reroute
from engine.layers.silence import Silence


def read_by(graph: Graph, node_id: str) -> tuple[Wire, ...]:
    """The wires whose values a node uses: all, the first if it is bypassed, none if muted."""
    node = graph.node(node_id)
    if node.switch == "on" or not node.layer.output_ports:
        return graph.incoming(node_id)
    if node.switch == "muted":
        return ()
    in_order = (w for port in node.layer.input_ports for w in graph.incoming(node_id, port.name))
    return tuple(in_order)[:1]


def sources(graph: Graph, node_id: str) -> Iterable[str]:
    """The nodes whose values a node uses."""
    return dict.fromkeys(wire.source for wire in read_by(graph, node_id))


def switched(graph: Graph, inference: Inference) -> tuple[Graph, Inference]:
    """The graph that computes, and its shapes; the very same where every node is on."""
    off = {
        node.id: _stand_in(node, inference[node.id])
        for node in graph.nodes
        if node.switch != "on" and node.layer.output_ports and inference[node.id].outputs
    }
    if not off:
        return graph, inference
    found = {
        node_id: _shapes_of(off[node_id], shapes) if node_id in off else shapes
        for node_id, shapes in inference.items()
    }
    wires = {wire: wire for wire in graph.wires}
    for node_id, node in off.items():
        kept = read_by(graph, node_id)
        for wire in graph.incoming(node_id):
            if wire not in kept:
                del wires[wire]
            else:
                wires[wire] = replace(wires[wire], target_port=node.layer.input_ports[0].name)
        if isinstance(node.layer, Reroute):
            (port,) = node.layer.output_ports
            for wire in graph.outgoing(node_id):
                if wire in wires:
                    wires[wire] = replace(wires[wire], source_port=port.name)
    return Graph([off.get(n.id, n) for n in graph.nodes], wires.values()), found


def _stand_in(node: Node, shapes: NodeShapes) -> Node:
    layer = Reroute() if node.switch == "bypassed" else Silence(node.layer, shapes.outputs or ())
    return replace(node, layer=layer, switch="on", same_as="")


def _shapes_of(node: Node, shapes: NodeShapes) -> NodeShapes:
    arriving = ArrivingShapes.of(*(shapes.outputs or ())) if node.layer.input_ports else None
    return NodeShapes(node, arriving or ArrivingShapes({}), shapes.outputs)
