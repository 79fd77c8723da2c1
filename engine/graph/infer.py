"""Shapes through a graph: what arrives at and leaves each node, before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine import shapes
from engine.errors import CycleError, ShapeError
from engine.graph.model import Graph, Node
from engine.graph.order import topological
from engine.layers.base import ArrivingShapes, ParameterSpec, StateSpec
from engine.shapes import Shape


@dataclass(frozen=True)
class NodeShapes:
    """What inference found for one node.

    arriving: None where a required wire is missing or an earlier node has no shape.
    outputs: one shape per output port; None where unknown.
    parameters, state: what it computes with; an instance borrows them.
    error: the layer's own sentence where it refuses what arrives, or why it cannot be an
        instance of another node.
    """

    node: Node
    arriving: ArrivingShapes | None
    outputs: tuple[Shape, ...] | None
    parameters: tuple[ParameterSpec, ...] = ()
    error: str | None = None
    state: tuple[StateSpec, ...] = ()

    @property
    def parameter_count(self) -> int:
        """How many numbers of its own are trained: those of an instance are its original's."""
        return 0 if self.node.same_as else sum(shapes.size(s.shape) for s in self.parameters)

    @property
    def weight_shapes(self) -> dict[str, Shape]:
        """By name, the arrays that a trained network keeps for it: parameters, then state."""
        if self.node.same_as:
            return {}
        parameters = {spec.name: spec.shape for spec in self.parameters}
        return parameters | {spec.name: spec.shape for spec in self.state}

    @property
    def multiply_adds(self) -> int:
        if self.arriving is None or self.outputs is None:
            return 0
        return self.node.layer.multiply_adds(self.arriving)


Inference = dict[str, NodeShapes]
"""Node id to what was found, in topological order."""


def infer(graph: Graph, previous: Mapping[str, NodeShapes] | None = None) -> Inference:
    """The shapes of every node.

    previous: an earlier result for the same or a similar graph; nodes whose
    layer and arriving shapes are unchanged are taken from it, so that an edit
    costs little more than what it touches.

    Raises CycleError if the wires close a loop.
    """
    found: Inference = {}
    for node_id in _order(graph):
        before = previous.get(node_id) if previous else None
        found[node_id] = _infer_again(graph, graph.node(node_id), found, before)
    return check_instances(found)


def infer_changed(
    graph: Graph, previous: Mapping[str, NodeShapes], changed: Iterable[str]
) -> Inference:
    """The shapes of every node after nodes got other settings or names, and nothing else.

    previous: what `infer` found before. changed: ids of the nodes. Costs what the
    nodes cost whose settings or arriving shapes are other than before.
    """
    found = dict(previous)
    waiting = set(changed)
    for node_id, before in previous.items():  # in topological order, which still holds
        if node_id not in waiting:
            continue
        found[node_id] = now = _infer_again(graph, graph.node(node_id), found, before)
        if now.outputs != before.outputs:
            waiting.update([wire.target for wire in graph.outgoing(node_id)])
    return check_instances(found)


def _infer_again(
    graph: Graph, node: Node, found: Inference, before: NodeShapes | None
) -> NodeShapes:
    """What is found for a node now: what was before, if its layer and what arrives are as then."""
    arriving = _arriving(graph, node, found)
    if before and before.arriving == arriving:
        if before.node is node:
            return before
        if before.node.layer == node.layer:
            return replace(before, node=node)
    return infer_node(node, arriving)


def _order(graph: Graph) -> list[str]:
    try:
        return topological([node.id for node in graph.nodes], graph.successors)
    except CycleError as error:
        raise CycleError(f"{error} Remove one of the wires of the loop.") from None


def _arriving(graph: Graph, node: Node, found: Inference) -> ArrivingShapes | None:
    ports = node.layer.input_ports
    by_port: dict[str, tuple[Shape, ...]] = {port.name: () for port in ports}
    for wire in graph.incoming(node.id):
        source = found[wire.source]
        if source.outputs is None:
            return None
        leaving = source.node.layer.output_ports
        number = 0
        while leaving[number].name != wire.source_port:
            number += 1
        by_port[wire.target_port] += (source.outputs[number],)
    for port in ports:
        if port.required and not by_port[port.name]:
            return None
    return ArrivingShapes(by_port)


def infer_node(node: Node, arriving: ArrivingShapes | None) -> NodeShapes:
    """The shapes of one node, given what arrives."""
    if arriving is None:
        return NodeShapes(node, None, None)
    try:
        outputs = node.layer.infer(arriving)
    except ShapeError as error:
        return NodeShapes(node, arriving, None, error=str(error))
    layer = node.layer
    return NodeShapes(
        node, arriving, outputs, layer.parameters(arriving), state=layer.state(arriving)
    )


def check_instances(found: Inference) -> Inference:
    """Name, at each instance, why it cannot use the weights of its original, if it cannot.

    What it puts out keeps its shape, so that nothing behind it is blamed as well.
    """
    for node_id, now in found.items():
        if not now.node.same_as or now.outputs is None:
            continue
        error = _misfit(now, found.get(now.node.same_as))
        if error != now.error:
            found[node_id] = replace(now, error=error)
    return found


def _misfit(instance: NodeShapes, original: NodeShapes | None) -> str | None:
    title = instance.node.title
    if original is None:
        return (
            f"{title} needs the weights of another node, {instance.node.same_as!r}, which is gone. "
            "Give it weights of its own, or those of a node that is there."
        )
    if original.outputs is None:
        return (
            f"{title} needs the weights of {original.node.title}, whose shapes are not known. "
            f"Wire {original.node.title} so that it can run."
        )
    needed, there = _arrays(instance), _arrays(original)
    if needed == there:
        return None
    return (
        f"{title} needs {_in_words(needed)}, got those of {original.node.title}, "
        f"{_in_words(there)}. Give both the same settings and as much to read, "
        f"or give {title} weights of its own."
    )


def _arrays(found: NodeShapes) -> list[tuple[str, Shape, str | None]]:
    return [
        *((spec.name, spec.shape, spec.beside) for spec in found.parameters),
        *((spec.name, spec.shape, None) for spec in found.state),
    ]


def _in_words(arrays: list[tuple[str, Shape, str | None]]) -> str:
    return ", ".join(f"{name} {shape}" for name, shape, _ in arrays) or "no weights"
