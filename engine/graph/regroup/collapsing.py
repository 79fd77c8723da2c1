"""Neurons that read the same values become one Dense layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import cast

from engine.graph.infer import Inference, infer
from engine.graph.model import Graph, Node, Wire
from engine.graph.regroup.change import Moved, Regrouping, Unit, rewired
from engine.graph.regroup.rules import ACROSS, DOWN, axis_of, brings, check_neurons, joins
from engine.layers.base import Layer
from engine.layers.dense import Dense
from engine.layers.merge import Concat
from engine.layers.neuron import Neuron
from engine.layers.slicing import Slice

Run = tuple[int, int, int]
"""Units that stand side by side: the first, how many, and along which axis."""


def collapse(graph: Graph, ids: Iterable[str]) -> Regrouping:
    """Neurons that read the same values, as one Dense layer.

    What they read in several pieces is joined by a Concat. A Concat that puts just these
    neurons side by side goes, and its readers read the layer. Who reads only some of them,
    or in another order, reads slices of the layer.

    Raises RegroupError, with the reason, and UnknownNodeError.
    """
    wanted = {graph.node(node_id).id for node_id in ids}
    nodes = [node for node in graph.nodes if node.id in wanted]
    shapes = infer(graph)
    check_neurons(graph, shapes, nodes)
    change = _Collapse(graph, shapes, nodes)
    lengths = {
        node.id: [shape[0] for shape in arriving.at("in")]
        for node in nodes
        if (arriving := shapes[node.id].arriving) is not None
    }
    return change.regrouping(lengths)


class _Collapse:
    def __init__(self, graph: Graph, shapes: Inference, nodes: Sequence[Node]) -> None:
        self.graph = graph
        self.shapes = shapes
        self.nodes = self._in_reading_order(nodes)
        self.place = {node.id: place for place, node in enumerate(self.nodes)}
        self.added: list[Node] = []
        first = nodes[0]
        layer = cast(Neuron, first.layer)
        dense = self._add(
            Dense(
                units=len(nodes),
                activation=layer.activation,
                bias=layer.bias,
                initializer=layer.initializer,
            ),
            (_mean(node.position[0] for node in nodes), _mean(node.position[1] for node in nodes)),
        )
        self.dense = self.added[0] = replace(dense, frozen=first.frozen, rate=first.rate)
        self.parts: dict[Run, Node] = {}

    def _in_reading_order(self, nodes: Sequence[Node]) -> list[Node]:
        """The order in which a port reads all of them, so that one wire serves it."""
        by_id = {node.id: node for node in nodes}
        for target, port, delay in self._readers(by_id):
            wires = self.graph.incoming(target, port)
            order = [w.source for w in wires if w.source in by_id and w.delay == delay]
            if len(order) == len(nodes):
                return [by_id[node_id] for node_id in order]
        return list(nodes)

    def _readers(self, ids: Iterable[str]) -> list[tuple[str, str, int]]:
        """Ports that read some of the neurons, and with which delay."""
        wires = [wire for node_id in ids for wire in self.graph.outgoing(node_id)]
        return list(dict.fromkeys((w.target, w.target_port, w.delay) for w in wires))

    def _add(self, layer: Layer, position: tuple[float, float]) -> Node:
        node = Node(
            self.graph.fresh_id(layer.kind, [node.id for node in self.added]),
            layer,
            position=(round(position[0]), round(position[1])),
            group=self.nodes[0].group,
        )
        self.added.append(node)
        return node

    def regrouping(self, lengths: dict[str, list[int]]) -> Regrouping:
        """lengths: how many numbers each wire brings to a neuron."""
        graph = self.graph
        sources = graph.incoming(self.nodes[0].id)
        needless = self._needless()
        removed = (*self.place, *needless)
        instead: dict[Wire, list[Wire]] = {
            wire: [] for node_id in removed for wire in graph.wires_at(node_id)
        }
        for gone in needless:
            for wire in graph.outgoing(gone):
                instead[wire] = [replace(wire, source=self.dense.id)]
        for target, port in dict.fromkeys((t, p) for t, p, _ in self._readers(self.place)):
            if target in needless:
                continue
            for wire, run in self._runs(graph.incoming(target, port)):
                instead[wire] = [replace(wire, source=self._giver(run).id)]
        final = [new for wire in graph.wires for new in instead.get(wire, [wire])]
        final += self._entering(sources)
        final += [Wire(self.dense.id, part.id) for part in self.parts.values()]
        moved = tuple(
            Moved(Unit(node.id), Unit(self.dense.id, place), self._order(node, lengths[node.id]))
            for place, node in enumerate(self.nodes)
        )
        return rewired(graph, removed, final, tuple(self.added), moved)

    def _needless(self) -> tuple[str, ...]:
        """A Concat that puts all the neurons side by side, and nothing else: the layer does."""
        graph = self.graph
        readers = dict.fromkeys(target for target, _, _ in self._readers(self.place))
        found = [
            each
            for each in readers
            if isinstance(graph.node(each).layer, Concat)
            and [brings(wire) for wire in graph.incoming(each)]
            == [(node.id, "out", 0) for node in self.nodes]
            and all(self._joins(wire) for wire in graph.incoming(each))
            and not {wire.target for wire in graph.outgoing(each)} & {*readers, *self.place}
        ]
        return tuple(found[:1])  # readers of two would read the layer twice

    def _entering(self, sources: Sequence[Wire]) -> list[Wire]:
        """The wires by which the layer reads what the neurons read."""
        if len(sources) == 1:
            return [replace(sources[0], target=self.dense.id)]
        across, down = self.dense.position
        joined = self._add(Concat(), (across - ACROSS, down))
        return [replace(w, target=joined.id) for w in sources] + [Wire(joined.id, self.dense.id)]

    def _runs(self, wires: Sequence[Wire]) -> list[tuple[Wire, Run]]:
        """What one port reads of the layer: runs of units, each with its first wire."""
        runs: list[tuple[Wire, Run]] = []
        before: Wire | None = None
        for wire in wires:
            place = self.place.get(wire.source)
            if place is not None:
                goes_on = (
                    before is not None
                    and self._joins(wire)
                    and before.delay == wire.delay
                    and self.place.get(before.source) == place - 1
                )
                if goes_on:
                    first, (start, length, axis) = runs[-1]
                    runs[-1] = first, (start, length + 1, axis)
                else:
                    runs.append((wire, (place, 1, axis_of(self.shapes, wire))))
            before = wire
        return runs

    def _joins(self, wire: Wire) -> bool:
        return joins(self.graph, wire, axis_of(self.shapes, wire))

    def _giver(self, run: Run) -> Node:
        """The node that gives a run of units: the layer itself, or a slice of it."""
        start, length, axis = run
        if length == len(self.nodes):
            return self.dense
        if run not in self.parts:
            across, down = self.dense.position
            position = (across + ACROSS, down + DOWN * len(self.parts))
            self.parts[run] = self._add(Slice(axis=axis, start=start, length=length), position)
        return self.parts[run]

    def _order(self, node: Node, lengths: Sequence[int]) -> tuple[int, ...]:
        """Which weight of a neuron belongs to each number that the layer reads."""
        start, places = 0, {}
        for wire, length in zip(self.graph.incoming(node.id), lengths, strict=True):
            places[brings(wire)] = range(start, start + length)
            start += length
        sources = self.graph.incoming(self.nodes[0].id)
        return tuple(number for wire in sources for number in places[brings(wire)])


def _mean(numbers: Iterable[float]) -> float:
    numbers = list(numbers)
    return sum(numbers) / len(numbers)
