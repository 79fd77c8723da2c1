"""The shortest way to a network in a script: layers one after the other."""

from __future__ import annotations

from engine.graph.model import Graph, Node, Wire
from engine.layers.base import Layer

SPACING = 240.0
"""Pixels from one node to the next on the canvas."""


def chain(*layers: Layer) -> Graph:
    """A graph of layers, each wired into the first input port of the next.

    Nodes are named by kind and number: `dense_1`, `dense_2`, ...
    Raises ConnectError where two cannot be joined.
    """
    graph = Graph()
    previous: Node | None = None
    for number, layer in enumerate(layers):
        node = Node(graph.fresh_id(layer.kind), layer, position=(SPACING * number, 0.0))
        graph.add_node(node)
        if previous is not None:
            source_port = previous.layer.output_ports[0].name if previous.layer.output_ports else ""
            target_port = layer.input_ports[0].name if layer.input_ports else ""
            graph.connect(Wire(previous.id, node.id, source_port, target_port))
        previous = node
    return graph
