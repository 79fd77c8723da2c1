"""A Dense layer becomes neurons, wired one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from engine.graph.infer import Inference, infer
from engine.graph.model import Graph, Node, Wire
from engine.graph.regroup.change import Moved, Regrouping, Unit, rewired
from engine.graph.regroup.rules import ACROSS, DOWN, axis_of, check_layer, joins
from engine.layers.dense import Dense
from engine.layers.merge import Concat
from engine.layers.neuron import Neuron


def expand(graph: Graph, node_id: str) -> Regrouping:
    """A Dense layer of up to 256 units as neurons.

    Who puts all that it reads side by side reads the neurons themselves; others read them
    through a Concat. A Concat that only this layer reads goes, and the neurons read its parts.

    Raises RegroupError, with the reason, and UnknownNodeError.
    """
    node = graph.node(node_id)
    shapes = infer(graph)
    check_layer(graph, shapes, node)
    arriving = shapes[node_id].arriving
    assert arriving is not None  # checked above
    return _Expansion(graph, shapes, node).regrouping(arriving.one[0])


class _Expansion:
    def __init__(self, graph: Graph, shapes: Inference, node: Node) -> None:
        self.graph = graph
        self.shapes = shapes
        self.node = node
        layer = cast(Dense, node.layer)
        neuron = Neuron(activation=layer.activation, bias=layer.bias, initializer=layer.initializer)
        across, down = node.position
        ids: list[str] = []
        for _ in range(layer.units):
            ids.append(graph.fresh_id("neuron", ids))
        self.neurons = [
            replace(
                node,
                id=neuron_id,
                layer=neuron,
                name="",
                position=(across, down + DOWN * (place - (layer.units - 1) // 2)),
            )
            for place, neuron_id in enumerate(ids)
        ]
        self.joined: dict[int, Node] = {}

    def regrouping(self, features: int) -> Regrouping:
        """features: how many numbers the layer reads."""
        graph, node = self.graph, self.node
        sources, removed = self._sources()
        instead: dict[Wire, list[Wire]] = {}
        for wire in graph.wires:
            if wire.source == node.id:
                instead[wire] = self._leaving(wire)
        for gone in removed:
            instead |= {wire: [] for wire in graph.incoming(gone)}
        final = [new for wire in graph.wires for new in instead.get(wire, [wire])]
        final += [replace(w, target=n.id) for n in self.neurons for w in sources]
        for joined in self.joined.values():
            final += [Wire(neuron.id, joined.id) for neuron in self.neurons]
        moved = tuple(
            Moved(Unit(node.id, row), Unit(neuron.id), tuple(range(features)))
            for row, neuron in enumerate(self.neurons)
        )
        added = (*self.neurons, *self.joined.values())
        return rewired(graph, removed, final, added, moved)

    def _sources(self) -> tuple[list[Wire], tuple[str, ...]]:
        """The wires that each neuron gets, and the nodes that go."""
        graph, node = self.graph, self.node
        (wire,) = graph.incoming(node.id)
        parts = graph.incoming(wire.source)
        before = graph.node(wire.source)
        goes = (
            isinstance(before.layer, Concat)
            and before.layer.axis == 0
            and before.switch == "on"
            and not wire.delay
            and self.shapes[wire.source].loop == self.shapes[node.id].loop
            and len(graph.outgoing(wire.source)) == 1
            and all(part.source != node.id for part in parts)
        )
        if goes:
            return list(parts), (node.id, wire.source)
        return self._own(wire), (node.id,)

    def _own(self, wire: Wire) -> list[Wire]:
        """What a neuron reads in place of one wire: of a layer that reads itself, each neuron."""
        if wire.source != self.node.id:
            return [wire]
        return [replace(wire, source=neuron.id) for neuron in self.neurons]

    def _leaving(self, wire: Wire) -> list[Wire]:
        if wire.target == self.node.id:
            return []  # it reads itself: the neurons have that among their sources
        axis = axis_of(self.shapes, wire)
        if len(self.neurons) == 1 or joins(self.graph, wire, axis):
            return [replace(wire, source=neuron.id) for neuron in self.neurons]
        return [replace(wire, source=self._join(axis).id)]

    def _join(self, axis: int) -> Node:
        """The node that puts the neurons side by side again, under the name of the layer."""
        if axis not in self.joined:
            across, down = self.node.position
            self.joined[axis] = Node(
                self.graph.fresh_id("concat", [node.id for node in self.joined.values()]),
                Concat(axis=axis),
                self.node.name,
                (across + ACROSS, down + DOWN * len(self.joined)),
                group=self.node.group,
            )
        return self.joined[axis]
