"""Fragments: some nodes of a graph with the wires between them, to copy, paste and send.

As text a fragment is JSON that says so in its `format`, so that a paste of
anything else is told apart.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import msgspec
import numpy as np

from engine.errors import FragmentError, GlassboxError
from engine.fields import Plain
from engine.graph.drawing import Annotation, Drawing, Group
from engine.graph.groups import OPEN, groups_among, members, seen_groups
from engine.graph.model import Graph, Node, Wire
from engine.graph.serialize import GraphRecord, WireRecord, build_graph, to_plain
from engine.workspace import Array

FORMAT = "glassbox/fragment"
VERSION = 2

Weights = Mapping[tuple[str, str], Array]
"""(node id, name) to an array."""


@dataclass(frozen=True)
class Fragment:
    """Nodes, and the wires that join them to each other, both in the order of their graph.

    groups, annotations: what is drawn around the nodes and goes with them.
    incoming: the wires that lead to these nodes from others, for a paste that keeps them.
    weights: of these nodes, where they go with them too.
    """

    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...] = ()
    groups: tuple[Group, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    incoming: tuple[Wire, ...] = ()
    weights: Weights = field(default_factory=dict, compare=False)

    @property
    def corner(self) -> tuple[float, float]:
        """The top left corner of all of it that is seen."""
        seen = seen_groups(Drawing(self.groups))
        places = [node.position for node in self.nodes if seen[node.group] is OPEN]
        places += [group.position for group in self.groups if seen[group.id] == group.id]
        places += [each.position for each in self.annotations if seen[each.group] is OPEN]
        return (
            min((across for across, _ in places), default=0.0),
            min((down for _, down in places), default=0.0),
        )


def cut(
    graph: Graph, ids: Iterable[str], weights: Weights | None = None, incoming: bool = False
) -> Fragment:
    """What these ids of nodes, groups, frames and notes stand for, and the wires between them;
    the graph stays as it is.

    weights: those of the graph, to go with the nodes that they belong to.
    incoming: whether the wires go with them that lead to them from other nodes.

    Raises UnknownNodeError.
    """
    ids = tuple(ids)
    drawing = graph.drawing
    drawn = {a.id for a in drawing.annotations}
    groups = set(groups_among(drawing, ids))
    wanted = set(members(graph, [i for i in ids if i not in drawn]))
    nodes = tuple(node for node in graph.nodes if node.id in wanted)
    owners = {node.owner for node in nodes}
    return Fragment(
        tuple(replace(n, group=n.group if n.group in groups else "") for n in nodes),
        tuple(wire for wire in graph.wires if wire.source in wanted and wire.target in wanted),
        tuple(
            replace(g, parent=g.parent if g.parent in groups else "")
            for g in drawing.groups
            if g.id in groups
        ),
        tuple(
            replace(a, group=a.group if a.group in groups else "")
            for a in drawing.annotations
            if a.id in ids or a.group in groups
        ),
        tuple(
            wire
            for wire in graph.wires
            if incoming and wire.target in wanted and wire.source not in wanted
        ),
        {key: array for key, array in (weights or {}).items() if key[0] in owners},
    )


def paste(
    fragment: Fragment,
    graph: Graph,
    offset: tuple[float, float] = (0.0, 0.0),
    group: str = "",
    shared: Collection[str] = (),
) -> Fragment:
    """The fragment as it can be added to a graph: under new ids, moved by `offset`.

    A node that shares weights goes on sharing them with its original, the copy of
    it if that is in the fragment, or the one in the graph; where neither is there it
    has its own.

    group: the id of the group in which it is to lie.
    shared: ids of nodes in the graph; their copies become instances of them.
    """
    ids: dict[str, str] = {}
    drawing = graph.drawing
    for node in fragment.nodes:
        ids[node.id] = graph.fresh_id(node.layer.kind, ids.values())
    names: dict[str, str] = {}
    for each in fragment.groups:
        names[each.id] = drawing.fresh_id("group", names.values())
    for annotation in fragment.annotations:
        names[annotation.id] = drawing.fresh_id(annotation.kind, names.values())
    across, down = offset

    def moved(position: tuple[float, float]) -> tuple[float, float]:
        return position[0] + across, position[1] + down

    return Fragment(
        tuple(
            replace(
                node,
                id=ids[node.id],
                position=moved(node.position),
                same_as=node.owner if node.id in shared else _original(node, ids, graph),
                group=names.get(node.group, group),
            )
            for node in fragment.nodes
        ),
        tuple(replace(w, source=ids[w.source], target=ids[w.target]) for w in fragment.wires),
        tuple(
            replace(
                each,
                id=names[each.id],
                parent=names.get(each.parent, group),
                position=moved(each.position),
            )
            for each in fragment.groups
        ),
        tuple(
            replace(a, id=names[a.id], position=moved(a.position), group=names.get(a.group, group))
            for a in fragment.annotations
        ),
        tuple(
            replace(wire, target=ids[wire.target])
            for wire in fragment.incoming
            if wire.source in graph
        ),
        _weights(fragment, ids),
    )


def _original(node: Node, ids: Mapping[str, str], graph: Graph) -> str:
    """Whose weights the copy of a node uses."""
    if not node.same_as:
        return ""
    if node.same_as in ids:
        return ids[node.same_as]
    if node.same_as in graph:
        original = graph.node(node.same_as)
        # In another graph the same id may be that of something else.
        if not original.same_as and original.layer == node.layer:
            return original.id
    return ""


def _weights(fragment: Fragment, ids: Mapping[str, str]) -> Weights:
    """The weights by the new ids; a node whose original stayed behind takes a copy of its."""
    found: dict[tuple[str, str], Array] = {}
    for node in fragment.nodes:
        for (owner, name), array in fragment.weights.items():
            if owner == node.id or (owner == node.same_as and owner not in ids):
                found[ids[node.id], name] = array
    return found


def to_json(fragment: Fragment) -> str:
    """The fragment as text, for the clipboard."""
    drawing = Drawing(fragment.groups, fragment.annotations)
    plain = {
        "format": FORMAT,
        "version": VERSION,
        **to_plain(fragment.nodes, fragment.wires, drawing),
    }
    if fragment.incoming:
        plain["incoming"] = to_plain((), fragment.incoming)["wires"]
    if fragment.weights:
        plain["weights"] = [_array_to_plain(*item) for item in fragment.weights.items()]
    return json.dumps(plain, indent=1, ensure_ascii=False)


def _array_to_plain(key: tuple[str, str], array: Array) -> Plain:
    data = np.ascontiguousarray(array, dtype="<f4").tobytes()
    return {
        "node": key[0],
        "name": key[1],
        "shape": list(array.shape),
        "data": base64.b64encode(data).decode("ascii"),
    }


class _WeightRecord(msgspec.Struct, forbid_unknown_fields=True):
    """An array: its numbers as float32, the lowest byte first, in base64."""

    node: str
    name: str
    shape: tuple[int, ...]
    data: str


class _FragmentRecord(GraphRecord, kw_only=True):
    format: str
    version: int
    incoming: list[WireRecord] = []
    weights: list[_WeightRecord] = []


def from_json(text: str) -> Fragment:
    """The fragment that a text holds; nodes of unknown kinds become placeholders.

    Raises FragmentError if the text is anything else.
    """
    try:
        record = msgspec.json.decode(text, type=_FragmentRecord)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise FragmentError(
            "The text to paste is not a piece of a graph. Copy some nodes first."
        ) from error
    if record.format != FORMAT:
        raise FragmentError(
            f"The text to paste says that it is {record.format!r}, not a piece of a graph. "
            "Copy some nodes first."
        )
    if record.version > VERSION:
        raise FragmentError(
            "The nodes to paste come from a newer version of Glassbox. Update this one first."
        )
    try:
        graph, _ = build_graph(record)
    except GlassboxError as error:
        raise FragmentError(f"The nodes to paste do not fit together. {error}") from error
    drawing = graph.drawing
    weights = {(each.node, each.name): _array(each) for each in record.weights}
    incoming = tuple(
        Wire(each.source, each.target, each.source_port, each.target_port, each.delay)
        for each in record.incoming
        if each.target in graph
    )
    return Fragment(
        graph.nodes, graph.wires, drawing.groups, drawing.annotations, incoming, weights
    )


def _array(record: _WeightRecord) -> Array:
    try:
        numbers = np.frombuffer(base64.b64decode(record.data, validate=True), "<f4")
    except (binascii.Error, ValueError):
        numbers = np.empty(0, np.float32)
    if min(record.shape, default=1) < 0 or numbers.size != math.prod(record.shape):
        raise FragmentError(
            f"The weights of {record.node} are damaged: {record.name} should hold "
            f"{math.prod(record.shape)} numbers, got {numbers.size}. Copy the nodes again."
        )
    return numbers.astype(np.float32).reshape(record.shape)
