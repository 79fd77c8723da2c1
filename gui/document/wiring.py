"""Whether a wire may be drawn: what the graph says, and whether the values would fit."""

from __future__ import annotations

from engine.errors import (
    IncompatibleShapeError,
    OccupiedPortError,
    ShapeError,
    UnknownPortError,
)
from engine.graph.infer import Inference
from engine.graph.model import Graph, Wire
from engine.layers.base import ArrivingShapes, Layer
from engine.shapes import Shape


def check_connect(
    graph: Graph, inference: Inference, wire: Wire, instead_of: Wire | None = None
) -> None:
    """Whether a wire may be drawn, in place of another if one is given.

    Raises what `Graph.check_connect` raises, and IncompatibleShapeError where
    the target's layer refuses what would arrive.
    """
    if wire == instead_of:
        return
    try:
        graph.check_connect(wire)
    except OccupiedPortError:
        if instead_of is None or _end(instead_of) != _end(wire):
            raise
    _check_shapes(graph, inference, wire, instead_of)


def _end(wire: Wire) -> tuple[str, str]:
    return wire.target, wire.target_port


def _check_shapes(graph: Graph, inference: Inference, wire: Wire, instead_of: Wire | None) -> None:
    target = graph.node(wire.target).layer
    by_port: dict[str, tuple[Shape, ...]] = {port.name: () for port in target.input_ports}
    for other in (*graph.incoming(wire.target), wire):
        if other == instead_of:
            continue
        shape = leaving(graph, inference, other)
        if shape is None:
            return
        by_port[other.target_port] = (*by_port[other.target_port], shape)
    if any(port.required and not by_port[port.name] for port in target.input_ports):
        return
    try:
        target.infer(ArrivingShapes(by_port))
    except ShapeError as error:
        # What does not fit already is a problem on the list; it keeps no wire away.
        if not _refused_already(inference, wire.target):
            raise IncompatibleShapeError(str(error)) from None


def _refused_already(inference: Inference, node_id: str) -> bool:
    return node_id in inference and inference[node_id].error is not None


def leaving(graph: Graph, inference: Inference, wire: Wire) -> Shape | None:
    """The shape that travels along a wire, or None where it is unknown."""
    found = inference.get(wire.source)
    if found is None or found.outputs is None:
        return None
    ports = graph.node(wire.source).layer.output_ports
    return next(
        (
            shape
            for port, shape in zip(ports, found.outputs, strict=True)
            if port.name == wire.source_port
        ),
        None,
    )


def spliced(wire: Wire, node_id: str, layer: Layer) -> tuple[Wire, Wire]:
    """The two wires that take a wire's place when a node is put into it, by its first ports.

    Raises UnknownPortError if the node lacks one.
    """
    if not layer.input_ports or not layer.output_ports:
        raise UnknownPortError(
            f"{layer.title()} has no {'output' if layer.input_ports else 'input'} port, "
            "so it cannot stand inside a wire. Wire it at its one end."
        )
    return (
        Wire(wire.source, node_id, wire.source_port, layer.input_ports[0].name, wire.delay),
        Wire(node_id, wire.target, layer.output_ports[0].name, wire.target_port),
    )


def without_port(graph: Graph, node_id: str, layer: Layer) -> list[Wire]:
    """The wires of a node that would end nowhere if it had this layer."""
    inputs = {port.name for port in layer.input_ports}
    outputs = {port.name for port in layer.output_ports}
    loose = [w for w in graph.incoming(node_id) if w.target_port not in inputs]
    return loose + [w for w in graph.outgoing(node_id) if w.source_port not in outputs]
