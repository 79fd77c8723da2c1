"""Loops that iterate until they have settled: at an equilibrium y = f(y, x)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from engine.graph.infer import Inference, NodeShapes, infer_node
from engine.graph.loops import Loop, entering
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import ArrivingShapes, Layer, Port
from engine.layers.reroute import Reroute
from engine.layers.start import Start
from engine.layers.terminal import Input
from engine.plan.plan import Plan
from engine.shapes import Shape
from engine.workspace import Array, Workspace


@dataclass(frozen=True)
class Held:
    """A value that comes round: what it is at the first step, and whose it is at the next.

    input: the node of one step's graph that holds it. start: the wire that brings its first
    value, or None for zeros.
    """

    input: str
    source: str
    port: int
    start: Wire | None = None


class Settled(Layer):
    """A loop as one layer, which repeats one step of it until nothing changes any more.

    step, shapes: the graph of one step, whose inputs are what enters and what comes round.
    """

    kind = "settled"
    label = "Loop"
    summary = "Iterates a loop to its equilibrium."
    category = "recurrent"
    formula = "y = f(y, x)"

    loop: Loop
    entering: list[Wire]
    step: Graph
    shapes: Inference
    held: list[Held]
    taken: list[int]
    moved: Array

    def __init__(self, loop: Loop, wires: list[Wire], ends: list[tuple[str, str]]) -> None:
        """wires: those that enter. ends: what leaves, nodes and ports."""
        super().__init__()
        self.__dict__.update(
            loop=loop,
            entering=wires,
            step=Graph(),
            shapes={},
            held=[],
            taken=[0],
            moved=np.zeros(loop.steps),
            ends=ends,
            input_ports=tuple(Port(self.port(wire)) for wire in wires),
            output_ports=tuple(Port(self.leaving(*end)) for end in ends),
        )

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    @property
    def nodes(self) -> tuple[str, ...]:
        return self.loop.nodes

    @property
    def steps_taken(self) -> int:
        return self.taken[0]

    @property
    def changes(self) -> Array:
        """The largest change of any number that comes round, at each step of the newest batch."""
        return self.moved[: self.taken[0]]

    @staticmethod
    def port(wire: Wire) -> str:
        """The input port for what a wire brings."""
        return f"{wire.source}.{wire.source_port}"

    @staticmethod
    def leaving(node_id: str, port: str) -> str:
        """The output port for what a node puts out."""
        return f"{node_id}.{port}"

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        ends: list[tuple[str, str]] = self.__dict__["ends"]
        return tuple(_outputs(self.shapes[n])[_port(self.step, n, port)] for n, port in ends)

    def run_in(self, work: Workspace, plan: Plan) -> None:
        """Add the step that iterates. plan: of one step of the loop, for the same batch."""
        given = [(plan.inputs[p], work.inputs[p][0].array) for p in _inputs(self)]
        rounds = [
            (
                plan.inputs[held.input],
                plan.values[held.source][held.port].array,
                None if held.start is None else work.inputs[self.port(held.start)][0].array,
            )
            for held in self.held
        ]
        ends: list[tuple[str, str]] = self.__dict__["ends"]
        leaving = [
            (y.array, plan.values[n][_port(self.step, n, port)].array)
            for y, (n, port) in zip(work.outputs, ends, strict=True)
        ]
        changes = [work.buffer(*now.shape) for now, _, _ in rounds]
        loop, taken, moved = self.loop, self.taken, self.moved

        def settle() -> None:
            for inner, outer in given:
                np.copyto(inner, outer)
            for now, _, start in rounds:
                if start is None:
                    now.fill(0)
                else:
                    np.copyto(now, start)
            for step in range(1, loop.steps + 1):
                plan.forward()
                taken[0] = step
                moved[step - 1] = largest = _largest(rounds, changes)
                # What comes round stays as the last step read it: a Start may leave the loop.
                if step == loop.steps or largest <= loop.tolerance:
                    break
                for now, after, _ in rounds:
                    np.copyto(now, after)
            for outer, inner in leaving:
                np.copyto(outer, inner)

        work.forward(settle)


def _largest(rounds: list[tuple[Array, Array, Array | None]], changes: list[Array]) -> float:
    """The largest change of any number that comes round."""
    largest = 0.0
    for (now, after, _), change in zip(rounds, changes, strict=True):
        np.subtract(after, now, out=change)
        np.abs(change, out=change)
        largest = max(largest, float(change.max()))
    return largest


def _inputs(layer: Settled) -> list[str]:
    """The nodes of one step that hold what enters; each has the name of the port."""
    held = {each.input for each in layer.held}
    return [n.id for n in layer.step.nodes if isinstance(n.layer, Input) and n.id not in held]


def _port(graph: Graph, node_id: str, name: str) -> int:
    return [port.name for port in graph.node(node_id).layer.output_ports].index(name)


def _outputs(found: NodeShapes) -> tuple[Shape, ...]:
    return found.outputs or ()


def settled(graph: Graph, loop: Loop, inference: Inference) -> Settled:
    """The layer that iterates a loop."""
    wires = list({Settled.port(wire): wire for wire in entering(graph, loop)}.values())
    ends = [(n, p.name) for n in loop.nodes for p in graph.node(n).layer.output_ports]
    layer = Settled(loop, wires, ends)
    for wire in wires:
        found = inference[wire.source]
        shape = _outputs(found)[_port(graph, wire.source, wire.source_port)]
        _hold(layer, Settled.port(wire), shape)
    for node_id in loop.nodes:
        _one_step(layer, graph, node_id, inference)
    return layer


def _hold(layer: Settled, name: str, shape: Shape) -> None:
    node = Node(name, Input(shape=shape))
    layer.step.add_node(node)
    layer.shapes[name] = infer_node(node, ArrivingShapes({}))


def _one_step(layer: Settled, graph: Graph, node_id: str, inference: Inference) -> None:
    """Put a node into the graph of one step; whatever comes round to it becomes an input."""
    node, found = graph.node(node_id), inference[node_id]
    incoming, inside = graph.incoming(node_id), set(layer.loop.nodes)
    start: Wire | None = None
    if isinstance(node.layer, Start):
        start = next((wire for wire in incoming if wire.target_port == "start"), None)
        incoming = graph.incoming(node_id, "in")
        node = replace(node, layer=Reroute())
    wires = []
    for wire in incoming:
        if wire.delay:
            name = f"{wire.source}.{wire.source_port} to {node_id}"
            number = _port(graph, wire.source, wire.source_port)
            if name not in layer.step:
                _hold(layer, name, _outputs(inference[wire.source])[number])
                layer.held.append(Held(name, wire.source, number, start))
            end = name, "out"
        elif wire.source in inside:
            end = wire.source, wire.source_port
        else:
            end = Settled.port(wire), "out"
        wires.append(Wire(end[0], node_id, end[1], wire.target_port))
    layer.step.add_node(node)
    layer.shapes[node_id] = replace(found, node=node, loop=None)
    for wire in wires:
        layer.step.connect(wire)
