"""Ports as the canvas speaks of them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.graph.model import Graph, Wire


@dataclass(frozen=True)
class PortEnd:
    """One port of one node."""

    node: str
    port: str
    output: bool


def wire_between(one: PortEnd, other: PortEnd) -> Wire | None:
    """The wire that joins two ports, drawn from either; None between two of one direction."""
    if one.output == other.output:
        return None
    source, target = (one, other) if one.output else (other, one)
    return Wire(source.node, target.node, source.port, target.port)


def wires_of(graph: Graph, end: PortEnd) -> tuple[Wire, ...]:
    """The wires that begin or end at a port."""
    if end.output:
        return graph.outgoing(end.node, end.port)
    return graph.incoming(end.node, end.port)
