"""Large networks to measure on, such as people draw: mixed kinds, skips, groups, neurons."""

from __future__ import annotations

from collections.abc import Callable

from engine.graph.drawing import Group
from engine.graph.model import Graph, Node, Wire
from engine.layers.activation import Activation
from engine.layers.base import Layer
from engine.layers.dense import Dense
from engine.layers.dropout import Dropout
from engine.layers.layer_norm import LayerNorm
from engine.layers.merge_elementwise import Add
from engine.layers.neuron import Neuron
from engine.layers.terminal import Input, Loss, Output

LONG = 25
"""Nodes in a row."""

FEATURES = 16

KINDS: tuple[Callable[[], Layer], ...] = (
    lambda: Dense(units=FEATURES),
    Activation,
    Add,
    Dropout,
    lambda: Dense(units=FEATURES),
    Add,
    LayerNorm,
    Activation,
    Add,
    lambda: Dense(units=FEATURES),
)


def mixed(nodes: int, grouped: bool = False) -> Graph:
    """Rows of layers of many kinds, three of ten with a skip: 1.3 wires a node.

    grouped: every second row is in a group, every second of these folded.
    """
    graph = Graph()
    for row in range(nodes // LONG):
        group = ""
        if grouped and row % 2:
            group = f"row_{row}"
            place = (0.0, row * 96.0)
            graph.drawing.add_group(Group(group, f"Row {row}", folded=row % 4 == 1, position=place))
        _add_row(graph, row, group)
    return graph


def _add_row(graph: Graph, row: int, group: str) -> None:
    ids: list[str] = []
    for column in range(LONG):
        if column == 0:
            layer: Layer = Input(shape=(FEATURES,))
        elif column == LONG - 1:
            layer = Loss(loss="squared_error") if row == 0 else Output()
        else:
            layer = KINDS[column % len(KINDS)]()
        place = (column * 208.0, row * 96.0)
        node = Node(f"r{row}c{column}", layer, position=place, group=group)
        graph.add_node(node)
        if ids:
            port = layer.input_ports[0].name
            graph.connect(Wire(ids[-1], node.id, target_port=port))
        if layer.kind == "add":
            graph.connect(Wire(ids[-2], node.id))
        ids.append(node.id)


def neurons(layers: int = 10, each: int = 100) -> Graph:
    """Layers of single neurons, each wired to all of the next one."""
    graph = Graph()
    before: list[str] = []
    for column in range(layers):
        ids = [f"n{column}_{row}" for row in range(each)]
        for row, node_id in enumerate(ids):
            layer: Layer = Input(shape=(1,)) if column == 0 else Neuron()
            graph.add_node(Node(node_id, layer, position=(column * 240.0, row * 72.0)))
            for source in before:
                graph.connect(Wire(source, node_id))
        before = ids
    return graph
