"""Edits of several wires at once: cut, heal, detach, lead through points, join, move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QCoreApplication

from engine.errors import ConnectError
from engine.graph.groups import members
from engine.graph.model import Node, Wire
from engine.layers.reroute import Reroute
from gui.document import commands
from gui.document.document import Document

translate = QCoreApplication.translate

Position = tuple[float, float]


def is_point(node: Node) -> bool:
    """Whether a node is a mere point on its way: it goes when its wire goes elsewhere."""
    return isinstance(node.layer, Reroute)


def cut(document: Document, wires: Iterable[Wire], text: str = "") -> None:
    """Remove wires, in one edit."""
    wires = tuple(wires)
    if not wires:
        return
    text = text or (
        translate("Undo", "Remove wire")
        if len(wires) == 1
        else translate("Undo", "Remove {} wires").format(len(wires))
    )
    with document.edit(text):
        for wire in wires:
            document.disconnect(wire)


def detach(document: Document, ids: Sequence[str]) -> None:
    """Take nodes out of their wires, which close behind them; wires among them stay."""
    graph = document.graph
    named = document.called(ids)
    ids = members(graph, ids)
    with document.edit(translate("Undo", "Detach {}").format(named)):
        for node_id in ids:
            _bridge(document, node_id, ids)
        for node_id in ids:
            for wire in graph.wires_at(node_id):
                if not (wire.source in ids and wire.target in ids):
                    document.disconnect(wire)


def heal(document: Document, ids: Sequence[str], text: str = "") -> None:
    """Remove nodes and join what fed them to what read them, wherever the values fit."""
    named = document.called(ids)
    ids = members(document.graph, ids)
    with document.edit((text or translate("Undo", "Delete and heal {}")).format(named)):
        for node_id in ids:
            _bridge(document, node_id, (node_id,))
            document.remove((node_id,))


def remove(document: Document, ids: Sequence[str]) -> None:
    """Remove nodes with their wires; a wire outlives the points on its way."""
    if not ids:
        return
    graph = document.graph
    points = [i for i in ids if i in graph and is_point(graph.node(i))]
    others = [node_id for node_id in ids if node_id not in points]
    if not points:
        document.remove(others)
        return
    with document.edit(translate("Undo", "Remove {}").format(document.called(ids))):
        heal(document, points)
        document.remove(others)


def _bridge(document: Document, node_id: str, inside: Sequence[str]) -> None:
    """Lead what arrives at a group of nodes to the readers of one of them.

    A reader that takes one wire gets the first that fits.
    """
    graph = document.graph
    feeding = _feeding(document, node_id, inside)
    for wire in graph.outgoing(node_id):
        if wire.target in inside:
            continue
        place: Wire | None = wire
        for other in feeding:
            if other.source == wire.target:
                continue  # what is left of a loop with one node fewer
            bridge = replace(
                wire,
                source=other.source,
                source_port=other.source_port,
                delay=max(wire.delay, other.delay),
            )
            with suppress(ConnectError):
                document.connect(bridge) if place is None else document.rewire(place, bridge)
            place = None


def _feeding(document: Document, node_id: str, inside: Sequence[str]) -> list[Wire]:
    """The wires from outside that feed a node, in order, also through nodes that go with it."""
    found: list[Wire] = []
    seen = {node_id}

    def look(at: str) -> None:
        for wire in document.graph.incoming(at):
            if wire.source not in inside:
                found.append(wire)
            elif wire.source not in seen:
                seen.add(wire.source)
                look(wire.source)

    look(node_id)
    return found


def lead_through(document: Document, places: Mapping[Wire, Position]) -> tuple[str, ...]:
    """Put a point into each wire; wires of one port that run together share it. The new ids."""
    together: dict[tuple[str, str, int], list[Wire]] = {}
    for wire in places:
        together.setdefault((wire.source, wire.source_port, wire.delay), []).append(wire)
    count = len(together)
    text = (
        translate("Undo", "Add reroute point")
        if count == 1
        else translate("Undo", "Add {} reroute points").format(count)
    )
    ids = []
    with document.edit(text):
        for wires in together.values():
            first = wires[0]
            across, down = zip(*(places[wire] for wire in wires), strict=True)
            middle = (sum(across) / len(wires), sum(down) / len(wires))
            node_id = document.add_node(Reroute(), middle)
            document.connect(replace(first, target=node_id, target_port="in"))
            for wire in wires:
                onward = replace(wire, source=node_id, source_port="out", delay=0)
                document.rewire(wire, onward)
            ids.append(node_id)
    return tuple(ids)


def move_ends(document: Document, moves: Mapping[Wire, Wire]) -> None:
    """Put other wires in the place of some. Raises ConnectError, and then none has moved."""
    count = len(moves)
    with document.edit(translate("Undo", "Move {} wires").format(count)):
        for wire, other in moves.items():
            document.rewire(wire, other)


def join(document: Document, columns: Sequence[Sequence[str]]) -> None:
    """Wire every node of a column to every one of the next, by the first ports that fit.

    Raises ConnectError, with the first reason, if not one wire could be drawn.
    """
    named = commands.what([document.graph.node(i) for column in columns for i in column])
    refusals: list[ConnectError] = []
    drawn = 0
    with document.edit(translate("Undo", "Join {}").format(named)):
        for sources, targets in pairwise(columns):
            for target in targets:
                for source in sources:
                    refusal = _join_two(document, source, target)
                    drawn += refusal is None
                    refusals += [refusal] if refusal else []
    if not drawn and refusals:
        raise refusals[0]


def _join_two(document: Document, source: str, target: str) -> ConnectError | None:
    """Draw a wire by the first ports that fit; the first reason against it if none do."""
    graph = document.graph
    refusal: ConnectError | None = None
    for output in graph.node(source).layer.output_ports:
        for port in graph.node(target).layer.input_ports:
            try:
                document.connect(Wire(source, target, output.name, port.name))
                return None
            except ConnectError as error:
                refusal = refusal or error
    return refusal or ConnectError(
        translate("Undo", "{} and {} have no ports to join. Wire an output to an input.").format(
            graph.node(source).title, graph.node(target).title
        )
    )
