"""What groups hold, and what is seen of a graph whose groups are folded.

A group computes nothing: its nodes name it, and everything here is derived.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.graph.drawing import Drawing
from engine.graph.model import Graph, Node

HIDDEN, OPEN = "<hidden>", "<open>"


@dataclass(frozen=True)
class BorderPort:
    """A port of a node in a group by which the group is wired to what is around it."""

    node: str
    port: str
    output: bool


def family(drawing: Drawing, group_id: str) -> tuple[str, ...]:
    """The ids of a group and of all groups in it, each before those that lie in it.

    Raises UnknownNodeError.
    """
    found = [drawing.group(group_id).id]
    for outer in found:  # grows while it is walked
        found.extend(group.id for group in drawing.children(outer))
    return tuple(found)


def inside(graph: Graph, group_id: str) -> tuple[Node, ...]:
    """The nodes in a group, those of the groups in it too, in the order of the graph."""
    names = set(family(graph.drawing, group_id))
    return tuple(node for node in graph.nodes if node.group in names)


def members(graph: Graph, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids of the nodes that ids of nodes and groups stand for, each once.

    Raises UnknownNodeError.
    """
    found: dict[str, None] = {}
    for each in ids:
        if each not in graph and graph.drawing.has_group(each):
            found.update(dict.fromkeys(node.id for node in inside(graph, each)))
        else:
            found[graph.node(each).id] = None
    return tuple(found)


def groups_among(drawing: Drawing, ids: Iterable[str]) -> tuple[str, ...]:
    """The ids of the groups that are named, and of all groups in them, the outer ones first."""
    found: dict[str, None] = {}
    for each in ids:
        if drawing.has_group(each):
            found.update(dict.fromkeys(family(drawing, each)))
    return tuple(sorted(found, key=lambda group_id: len(drawing.path(group_id))))


def open_groups(drawing: Drawing, level: str = "") -> tuple[str, ...]:
    """The groups that are seen unfolded at a level, each before those that lie in it."""
    seen = seen_groups(drawing, level)
    found = [i for i, shown in seen.items() if i and i != level and shown is OPEN]
    return tuple(sorted(found, key=lambda group_id: len(drawing.path(group_id))))


def seen_groups(drawing: Drawing, level: str = "") -> dict[str, str]:
    """For each group whether its nodes are OPEN to view, HIDDEN, or in which folded one they are.

    The nodes of no group go by the empty id.
    """
    seen = {"": HIDDEN if level else OPEN}
    if level:
        seen[level] = OPEN
    for group in drawing.groups:
        for group_id in drawing.path(group.id):
            if group_id in seen:
                continue
            outer = drawing.group(group_id)
            shown = seen[outer.parent]
            seen[group_id] = group_id if shown is OPEN and outer.folded else shown
    return seen


def border(graph: Graph, nodes: Collection[Node]) -> tuple[BorderPort, ...]:
    """The ports by which nodes are wired to others, inputs first, in the order of the graph.

    Inputs that wait for a wire, and ends that nobody reads, count too: so a
    group that is not wired yet can be.
    """
    among = {node.id for node in nodes}
    found: list[BorderPort] = []
    for node in nodes:
        for port in node.layer.input_ports:
            wires = graph.incoming(node.id, port.name)
            waits = port.required and not wires
            if waits or any(wire.source not in among for wire in wires):
                found.append(BorderPort(node.id, port.name, output=False))
    for node in nodes:
        leaving = graph.outgoing(node.id)
        ports = node.layer.output_ports
        if not leaving and ports:
            found.append(BorderPort(node.id, ports[0].name, output=True))
        for port in ports:
            if any(w.target not in among for w in leaving if w.source_port == port.name):
                found.append(BorderPort(node.id, port.name, output=True))
    return tuple(found)
