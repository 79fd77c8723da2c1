"""A graph as plain JSON values, and back.

    {"nodes": [{"id": "dense_1", "kind": "dense", "position": [232, 0], "settings": {...}}],
     "wires": [{"source": "input_1", "target": "dense_1"}]}

Reading never loses a node: a kind that no registry knows, or settings that its
layer refuses, become a `Placeholder` that keeps them as they stand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec

from engine.errors import ConnectError, FieldError, GraphError, UnknownKindError
from engine.fields import Plain
from engine.graph.drawing import Annotation, Drawing, Group
from engine.graph.model import Graph, Node, Switch, Wire
from engine.layers.base import LAYERS, Layer
from engine.layers.placeholder import Placeholder


class NodeRecord(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A node as it stands in a file."""

    id: str
    kind: str
    name: str = ""
    position: tuple[float, float] = (0.0, 0.0)
    settings: dict[str, Any] = {}
    frozen: bool = False
    rate: Annotated[float, msgspec.Meta(ge=0)] = 1.0
    same_as: str = ""
    switch: Switch = "on"
    group: str = ""


class WireRecord(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A wire as it stands in a file."""

    source: str
    target: str
    source_port: str = "out"
    target_port: str = "in"
    delay: Literal[0, 1] = 0


class GraphRecord(msgspec.Struct, forbid_unknown_fields=True):
    """A graph as it stands in a file."""

    nodes: list[NodeRecord] = []
    wires: list[WireRecord] = []
    groups: list[Group] = []
    annotations: list[Annotation] = []


def graph_to_plain(graph: Graph) -> dict[str, Plain]:
    """The graph as JSON values, keys and items in a stable order."""
    return to_plain(graph.nodes, graph.wires, graph.drawing)


def to_plain(
    nodes: Iterable[Node], wires: Iterable[Wire], drawing: Drawing | None = None
) -> dict[str, Plain]:
    """Nodes, wires and what is drawn around them, as JSON values."""
    plain: dict[str, Plain] = {
        "nodes": [_node_to_plain(node) for node in nodes],
        "wires": [_wire_to_plain(wire) for wire in wires],
    }
    if drawing and drawing.groups:
        plain["groups"] = [_without_defaults(group) for group in drawing.groups]
    if drawing and drawing.annotations:
        plain["annotations"] = [_without_defaults(each) for each in drawing.annotations]
    return plain


def _without_defaults(record: Group | Annotation) -> Plain:
    """A group or annotation; positions and sizes are always written."""
    plain: dict[str, Plain] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if isinstance(value, tuple):
            plain[field.name] = [_short(number) for number in value]
        elif value != field.default:
            plain[field.name] = value
    return plain


def _node_to_plain(node: Node) -> Plain:
    plain: dict[str, Plain] = {"id": node.id, "kind": node.layer.kind}
    if node.name:
        plain["name"] = node.name
    plain["position"] = [_short(coordinate) for coordinate in node.position]
    settings = node.layer.to_plain()
    if settings:
        plain["settings"] = settings
    if node.frozen:
        plain["frozen"] = True
    if node.rate != 1:
        plain["rate"] = node.rate
    if node.same_as:
        plain["same_as"] = node.same_as
    if node.switch != "on":
        plain["switch"] = node.switch
    if node.group:
        plain["group"] = node.group
    return plain


def _short(number: float) -> int | float:
    return int(number) if number == int(number) else round(number, 2)


def _wire_to_plain(wire: Wire) -> Plain:
    plain: dict[str, Plain] = {"source": wire.source, "target": wire.target}
    if wire.source_port != "out":
        plain["source_port"] = wire.source_port
    if wire.target_port != "in":
        plain["target_port"] = wire.target_port
    if wire.delay:
        plain["delay"] = wire.delay
    return plain


def graph_from_plain(plain: object) -> tuple[Graph, list[str]]:
    """A graph from JSON values, with one note for each thing that could not be built as it stands.

    Raises
        msgspec.ValidationError, with the path, if the values have another structure.
        GraphError if two nodes have one id.
    """
    return build_graph(msgspec.convert(plain, GraphRecord))


def build_graph(record: GraphRecord) -> tuple[Graph, list[str]]:
    """A graph from its record, with notes. Raises GraphError if two nodes have one id."""
    nodes, notes = build_nodes(record)
    graph = Graph(nodes, drawing=_drawing(record, notes))
    loose = {node.id: "" for node in nodes if not graph.drawing.has_group(node.group)}
    graph.assign(loose)
    for wire in record.wires:
        ends = (wire.source, wire.target, wire.source_port, wire.target_port)
        try:
            graph.connect(Wire(*ends, wire.delay))
        except (ConnectError, GraphError) as error:
            notes.append(f"The wire from {wire.source} to {wire.target} was left out. {error}")
    return graph, notes


def _drawing(record: GraphRecord, notes: list[str]) -> Drawing:
    """The groups and annotations of a record; those that make no sense are left out."""
    try:
        return Drawing(record.groups, record.annotations)
    except GraphError as error:
        notes.append(f"The groups, frames and notes were left out. {error}")
        return Drawing()


def build_nodes(record: GraphRecord) -> tuple[list[Node], list[str]]:
    """The nodes of a record, with a note for each that became a placeholder."""
    notes: list[str] = []
    nodes = []
    for node in record.nodes:
        layer = _layer(node, record.wires)
        if isinstance(layer, Placeholder):
            notes.append(
                f"{node.name or node.id} is kept as a placeholder and cannot run: {layer.reason}"
            )
        nodes.append(
            Node(
                node.id,
                layer,
                node.name,
                node.position,
                node.frozen,
                node.rate,
                node.same_as,
                node.switch,
                node.group,
            )
        )
    return nodes, notes


def _layer(node: NodeRecord, wires: list[WireRecord]) -> Layer:
    reason = ""
    try:
        return LAYERS.get(node.kind)(**node.settings)
    except FieldError as error:
        reason = str(error)
    except UnknownKindError:
        pass  # the placeholder says so itself
    # The ports are those that the wires name: nobody knows of others.
    return Placeholder(
        node.kind,
        node.settings,
        tuple(dict.fromkeys(w.target_port for w in wires if w.target == node.id)),
        tuple(dict.fromkeys(w.source_port for w in wires if w.source == node.id)),
        reason,
    )
