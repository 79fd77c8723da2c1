"""Remedies as data: edits that an editor of the graph applies in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from engine.errors import FieldError
from engine.fields import Declared
from engine.graph.model import Graph, Node, Wire
from engine.graph.order import reachable
from engine.layers.base import Layer, Port

CARD_STEP = 232.0
"""From one node's left edge to the next in a row: a card of 168 pixels and a gap of 64."""


CARD_DROP = 192.0
"""From one row of cards to another, with room for a picture in each."""


Of = Literal["data", "training"]
"""Settings that are no node's."""


class Editor(Protocol):
    """The verbs that edits are made of. A document offers them as undoable commands."""

    @property
    def graph(self) -> Graph: ...
    def add_node(self, layer: Layer, position: tuple[float, float]) -> str: ...
    def remove(self, ids: Iterable[str]) -> object: ...
    def connect(self, wire: Wire) -> object: ...
    def disconnect(self, wire: Wire) -> object: ...
    def move(self, positions: Mapping[str, tuple[float, float]]) -> object: ...
    def set_field(self, node: str, field: str, value: object) -> object: ...
    def set_setting(self, of: Of, field: str, value: object) -> object: ...


@dataclass(frozen=True)
class SetField:
    """Give one setting of a node another value."""

    node: str
    field: str
    value: object

    def apply(self, editor: Editor) -> None:
        editor.set_field(self.node, self.field, self.value)


@dataclass(frozen=True)
class SetSetting:
    """Give one of the data or training settings another value."""

    of: Of
    field: str
    value: object

    def apply(self, editor: Editor) -> None:
        editor.set_setting(self.of, self.field, self.value)


@dataclass(frozen=True)
class Connect:
    """Draw a wire."""

    wire: Wire

    def apply(self, editor: Editor) -> None:
        editor.connect(self.wire)


@dataclass(frozen=True)
class RemoveNode:
    """Remove a node and its wires."""

    node: str

    def apply(self, editor: Editor) -> None:
        editor.remove([self.node])


@dataclass(frozen=True)
class InsertOnWire:
    """Put a new node into a wire, moving what follows to make room."""

    wire: Wire
    layer: Layer

    def apply(self, editor: Editor) -> None:
        graph = editor.graph
        left, top = graph.node(self.wire.source).position
        followers = reachable(graph.successors, [self.wire.target])
        gap = min(graph.node(node_id).position[0] for node_id in followers) - left
        if gap < 2 * CARD_STEP:
            editor.move({i: _shifted(graph, i, 2 * CARD_STEP - gap) for i in followers})
        new = editor.add_node(self.layer, (left + CARD_STEP, top))
        editor.disconnect(self.wire)
        inward, outward = _first(self.layer.input_ports), _first(self.layer.output_ports)
        editor.connect(replace(self.wire, target=new, target_port=inward))  # with its delay
        editor.connect(Wire(new, self.wire.target, outward, self.wire.target_port))


@dataclass(frozen=True)
class AddAfter:
    """Add a node to the right of another and wire the two. port: the output; "" is the first."""

    node: str
    layer: Layer
    port: str = ""

    def apply(self, editor: Editor) -> None:
        node = editor.graph.node(self.node)
        left, top = _shifted(editor.graph, self.node, CARD_STEP)
        # What leaves by another port has a line of its own, below that of the first.
        new = editor.add_node(self.layer, (left, top + CARD_DROP if self.port else top))
        outward = self.port or _first(node.layer.output_ports)
        inward = _first(self.layer.input_ports)
        editor.connect(Wire(self.node, new, outward, inward))


@dataclass(frozen=True)
class AddBefore:
    """Add a node to the left of another and wire it into a port."""

    node: str
    port: str
    layer: Layer

    def apply(self, editor: Editor) -> None:
        new = editor.add_node(self.layer, _shifted(editor.graph, self.node, -CARD_STEP))
        outward = _first(self.layer.output_ports)
        editor.connect(Wire(new, self.node, outward, self.port))


Edit = SetField | SetSetting | Connect | RemoveNode | InsertOnWire | AddAfter | AddBefore


@dataclass(frozen=True)
class Fix:
    """A remedy that one click applies. label: what the button says."""

    label: str
    edits: tuple[Edit, ...]

    def apply(self, editor: Editor) -> None:
        """Make the edits, in order. Raises what the editor's verbs raise."""
        for edit in self.edits:
            edit.apply(editor)


class GraphEditor:
    """The verbs of an `Editor` on a bare graph, for scripts: nothing can be undone.

    settings: those of data and training, as far as there are any; edits put others in place.
    """

    def __init__(self, graph: Graph, settings: Mapping[Of, Declared] | None = None) -> None:
        self.graph = graph
        self.settings = dict(settings or {})

    def add_node(self, layer: Layer, position: tuple[float, float]) -> str:
        node_id = self.graph.fresh_id(layer.kind)
        self.graph.add_node(Node(node_id, layer, position=position))
        return node_id

    def remove(self, ids: Iterable[str]) -> None:
        for node_id in ids:
            self.graph.remove_node(node_id)

    def connect(self, wire: Wire) -> None:
        self.graph.connect(wire)

    def disconnect(self, wire: Wire) -> None:
        self.graph.disconnect(wire)

    def move(self, positions: Mapping[str, tuple[float, float]]) -> None:
        self.graph.move(positions)

    def set_field(self, node: str, field: str, value: object) -> None:
        layer = self.graph.node(node).layer
        self.graph.replace_layer(node, layer.replaced(**{field: value}))

    def set_setting(self, of: Of, field: str, value: object) -> None:
        """Raises FieldError."""
        if of not in self.settings:
            raise FieldError(f"There are no {of} settings to change. Give them to the editor.")
        self.settings[of] = self.settings[of].replaced(**{field: value})


def _first(ports: tuple[Port, ...]) -> str:
    return ports[0].name


def _shifted(graph: Graph, node_id: str, by: float) -> tuple[float, float]:
    left, top = graph.node(node_id).position
    return left + by, top
