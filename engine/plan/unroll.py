"""Loops made straight: the steps of a loop one after the other, as instances of its nodes.

What compiles and what is exported is always a graph without loops. Of a loop that runs T
steps it has each node T times, with the parameters of the node as it is drawn. A sequence
that enters is taken apart, and where each step leaves, all are put together under the id of
the node, so that whoever reads it finds what was drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.graph.infer import Inference, NodeShapes, infer_node
from engine.graph.loops import Loop
from engine.graph.masks import masked_nodes
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import ArrivingShapes, Layer
from engine.layers.reroute import Reroute
from engine.layers.start import Start
from engine.layers.steps import Stack, Unstack
from engine.layers.terminal import Constant
from engine.plan.extent import ModelOutput, model_outputs
from engine.plan.settle import Settled, settled
from engine.shapes import Shape
from engine.workspace import Value

End = tuple[str, str]
"""A node and one of its output ports."""


@dataclass
class Straight:
    """A graph without loops that computes the same as a drawn one.

    last: by node of a loop, where its outputs are at the last step.
    copies: by node that is not drawn, the drawn node that it repeats.
    """

    graph: Graph
    inference: Inference
    last: dict[str, tuple[End, ...]] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    _wires: list[Wire] = field(default_factory=list)
    _ends: dict[End, End] = field(default_factory=dict)

    def add(self, found: NodeShapes, wires: list[Wire]) -> None:
        """Add a node behind those whose wires lead to it; `join` makes the graph of them."""
        self.inference[found.node.id] = found
        self._wires += wires

    def join(self, late: list[Wire]) -> None:
        """late: wires to nodes that come before what they are from."""
        nodes = [found.node for found in self.inference.values()]
        self.graph = Graph.in_order(nodes, [*self._wires, *late])

    def put(
        self, node_id: str, layer: Layer, sources: list[tuple[End, str, Shape]], name: str = ""
    ) -> None:
        """Add a node that is not drawn. sources: ends, the ports that they lead to, shapes."""
        by_port: dict[str, tuple[Shape, ...]] = {}
        for _, port, shape in sources:
            by_port[port] = (*by_port.get(port, ()), shape)
        node = Node(node_id, layer, name)
        wires = [Wire(*_crossed(end, node_id, port)) for end, port, _ in sources]
        self.add(infer_node(node, ArrivingShapes(by_port)), wires)

    def end(self, wire: Wire) -> End:
        """Where the value of a drawn wire comes from, outside of its loop."""
        drawn = (wire.source, wire.source_port)
        return self._ends.get(drawn, drawn)

    def outputs(self, drawn: Graph) -> tuple[ModelOutput, ...]:
        """The model's outputs, named and in order as drawn, where they are in this graph."""
        drawn_ends = ((output.name, (output.node, output.port)) for output in model_outputs(drawn))
        return tuple(ModelOutput(name, *self._ends.get(end, end)) for name, end in drawn_ends)

    def leave(self, drawn: End, end: End) -> None:
        self._ends[drawn] = end

    def values(
        self, drawn: Graph, order: Iterable[str], values: Mapping[str, tuple[Value, ...]]
    ) -> dict[str, tuple[Value, ...]]:
        """The values of a plan by drawn node, as others see them, or else at the last step.

        order: the drawn nodes, in that of computing.
        """
        found: dict[str, tuple[Value, ...]] = {}
        for node_id in order:
            ends = [(node_id, port.name) for port in drawn.node(node_id).layer.output_ports]
            leaving = tuple(self._ends.get(end, end) for end in ends)
            if not ends and node_id in values:
                found[node_id] = ()
            for places in (leaving, self.last.get(node_id, ())):
                if ends and places and all(name in values for name, _ in places):
                    found[node_id] = tuple(self._value(values, place) for place in places)
                    break
        return found

    def _value(self, values: Mapping[str, tuple[Value, ...]], place: End) -> Value:
        node_id, name = place
        ports = [port.name for port in self.graph.node(node_id).layer.output_ports]
        return values[node_id][ports.index(name)]


def _crossed(end: End, target: str, target_port: str) -> tuple[str, str, str, str]:
    return end[0], target, end[1], target_port


def straight(graph: Graph, inference: Inference, iterates: bool = False) -> Straight:
    """A graph without loops, and its shapes.

    iterates: loops that settle are left to iterate until they have, instead of computing all
        the steps that they may take, one after the other.
    """
    if not graph.has_delays:
        return Straight(graph, inference)
    made = Straight(Graph(), {})
    masked = masked_nodes(graph, inference)
    runs: dict[str, bool] = {}  # by first node, which is the loop's first to come
    late: list[Wire] = []
    for node_id, found in inference.items():
        loop = found.loop
        is_first = loop is not None and loop.nodes[0] not in runs
        if loop is not None and is_first:
            runs[loop.nodes[0]] = _runs(loop, inference)
        if loop is None or not runs[loop.nodes[0]]:
            incoming = graph.incoming(node_id)
            late += [wire for wire in incoming if wire.delay]
            ends = [(made.end(wire), wire) for wire in incoming if not wire.delay]
            wires = [replace(wire, source=end[0], source_port=end[1]) for end, wire in ends]
            made.add(found, wires)
        elif is_first:
            if loop.settles and iterates:
                _place(made, settled(graph, loop, inference), graph, inference)
            else:
                _Unrolled(made, graph, loop, inference, masked).add()
    made.join(late)  # late: of loops that cannot run, so that what reads them cannot either
    return made


def _runs(loop: Loop, inference: Inference) -> bool:
    """Whether all shapes in a loop are known and fit; else its errors are for others to name."""
    found = [inference[node_id] for node_id in loop.nodes]
    return all(f.outputs is not None and f.error is None for f in found)


def _place(made: Straight, layer: Settled, graph: Graph, inference: Inference) -> None:
    """Put a loop that iterates into the straight graph as one node."""
    whole = f"{layer.loop.nodes[0]}@loop"
    sources = []
    for wire in layer.entering:
        shape = next(iter(_shapes_at(inference[wire.source], wire)))
        sources.append((made.end(wire), layer.port(wire), shape))
    made.put(whole, layer, sources)
    for node_id in layer.loop.nodes:
        found = inference[node_id]
        ports = [port.name for port in graph.node(node_id).layer.output_ports]
        shapes = found.outputs or ()
        inner = [(whole, layer.leaving(node_id, port)) for port in ports]
        # A name of its own for what leaves first, so that an output of the model has one.
        made.put(node_id, Reroute(), [(inner[0], "in", shapes[0])], found.node.name)
        made.last[node_id] = tuple(inner)
        made.leave((node_id, ports[0]), (node_id, Reroute.output_ports[0].name))
        for port, end in zip(ports[1:], inner[1:], strict=True):
            made.leave((node_id, port), end)


def _shapes_at(found: NodeShapes, wire: Wire) -> tuple[Shape, ...]:
    ports = [port.name for port in found.node.layer.output_ports]
    return (found.outputs or ())[ports.index(wire.source_port) :]


class _Unrolled:
    """The steps of one loop, written one after the other."""

    def __init__(
        self,
        made: Straight,
        graph: Graph,
        loop: Loop,
        inference: Inference,
        masked: Collection[str],
    ) -> None:
        """masked: the drawn nodes whose output has a mask."""
        self._made = made
        self._graph = graph
        self._loop = loop
        self._inference = inference
        self._inside = set(loop.nodes)
        self._each: dict[End, str] = {}
        self._masked = masked
        self._like: list[tuple[End, str, Shape]] = []  # what enters with a mask
        self._zeros: dict[End, str] = {}

    def add(self) -> None:
        for step in range(self._loop.steps):
            for node_id in self._loop.nodes:
                self._copy(node_id, step)
        for node_id in self._loop.nodes:
            self._leave(node_id)

    def _name(self, node_id: str, step: int) -> str:
        """The last step has the node's own id where it alone leaves the loop."""
        is_last = step == self._loop.steps - 1
        return node_id if is_last and not self._loop.every else f"{node_id}@{step}"

    def _copy(self, node_id: str, step: int) -> None:
        drawn, found = self._graph.node(node_id), self._inference[node_id]
        name = self._name(node_id, step)
        incoming = self._graph.incoming(node_id)
        layer = drawn.layer
        if isinstance(layer, Start):
            begins = [wire for wire in incoming if wire.target_port == "start"]
            incoming = (
                tuple(begins) if begins and step == 0 else self._graph.incoming(node_id, "in")
            )
            layer = Reroute()
        node = replace(
            drawn, id=name, layer=layer, same_as=drawn.same_as if name == node_id else drawn.owner
        )
        wires = []
        for wire in incoming:
            # Where a Start begins it reads its other port, in which a sequence stays whole.
            port = "in" if isinstance(drawn.layer, Start) else wire.target_port
            wires.append(Wire(*_crossed(self._source(wire, step), name, port)))
        shapes = replace(found, node=node, outputs=found.in_one_step, loop=None)
        self._made.add(shapes, wires)
        if name != node_id:
            self._made.copies[name] = drawn.owner

    def _source(self, wire: Wire, step: int) -> End:
        """Where a wire of the loop, or into it, comes from at a step."""
        found = self._inference[wire.source]
        if wire.source not in self._inside:
            end, (shape, *_) = self._made.end(wire), _shapes_at(found, wire)
            if not self._loop.reads_steps(self._graph, wire, shape):
                return end
            return self._unstacked(end, shape, wire.source in self._masked), Unstack.port(step)
        if step < wire.delay:
            return self._zero(wire)
        source = self._graph.node(wire.source).layer
        port = Reroute.output_ports[0].name if isinstance(source, Start) else wire.source_port
        return self._name(wire.source, step - wire.delay), port

    def _unstacked(self, end: End, shape: Shape, has_mask: bool) -> str:
        if end not in self._each:
            self._each[end] = name = f"{self._loop.nodes[0]}@{end[0]}.{end[1]}"
            self._made.put(name, Unstack(shape[0]), [(end, "in", shape)])
            if has_mask:
                self._like.append((end, "like", shape))
        return self._each[end]

    def _zero(self, wire: Wire) -> End:
        """What a delayed wire brings at the first step."""
        drawn = (wire.source, wire.source_port)
        if drawn not in self._zeros:
            found = self._inference[wire.source]
            (shape, *_) = _shapes_at(replace(found, outputs=found.in_one_step), wire)
            self._zeros[drawn] = name = f"{wire.source}.{wire.source_port}@before"
            self._made.put(name, Constant(value=0.0, shape=shape), [])
        return self._zeros[drawn], Constant.output_ports[0].name

    def _leave(self, node_id: str) -> None:
        """Give what leaves a node the node's own id."""
        last = self._name(node_id, self._loop.steps - 1)
        drawn = self._graph.node(node_id)
        ports = [port.name for port in drawn.layer.output_ports]
        self._made.last[node_id] = tuple((last, port) for port in ports)
        if not self._loop.every:
            return
        shapes = self._inference[node_id].in_one_step or ()
        for number, (port, shape) in enumerate(zip(ports, shapes, strict=True)):
            end = f"{node_id}@{port}" if number else node_id
            steps = [(self._name(node_id, step), port) for step in range(self._loop.steps)]
            arriving = [(place, "in", shape) for place in steps] + self._like
            self._made.put(end, Stack(steps=self._loop.steps), arriving, drawn.name)
            self._made.leave((node_id, port), (end, "out"))
