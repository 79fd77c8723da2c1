"""The verbs that change a graph: each checks, then pushes commands on the undo stack."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from engine.errors import UnknownWireError
from engine.graph.check import Fix
from engine.graph.check.fix import Of
from engine.graph.infer import Inference
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import Layer
from gui.document import commands, wiring
from gui.document.annotating import AnnotationEditing
from gui.document.changes import changed_field
from gui.document.ends import fitted_ends
from gui.document.history import History

if TYPE_CHECKING:
    from engine.data.dataset import DataSignature

translate = QCoreApplication.translate

Position = tuple[float, float]


class GraphEditing(AnnotationEditing):
    """Undoable edits of one graph. Raises GraphError or FieldError before anything changes."""

    graph: Graph
    undo: History
    level: str
    room: Callable[[Mapping[str, Layer]], Mapping[str, Position]] = staticmethod(lambda layers: {})
    """Where nodes stand aside that others would cover with these settings; a canvas knows."""

    @property
    def inference(self) -> Inference:
        """The shapes of every node, as of now."""
        raise NotImplementedError  # the document keeps them

    # Edits of several steps

    @contextmanager
    def edit(self, text: str) -> Iterator[None]:
        """Make all verbs in a `with` block one edit, which is whole or did not happen."""
        with self.undo.edit(text):
            yield

    # Nodes

    def add_node(
        self, layer: Layer, position: Position, name: str = "", group: str | None = None
    ) -> str:
        """Add a node; its new id. It is drawn in the group that is open as a level, unless
        another is given."""
        group = self.level if group is None else group
        node = Node(self.graph.fresh_id(layer.kind), layer, name, position, group=group)
        self.undo.push(commands.AddNode(self.graph, node))
        return node.id

    def remove(self, ids: Iterable[str]) -> None:
        """Remove nodes, their wires, and their names in objectives. Raises UnknownNodeError."""
        nodes = [self.graph.node(node_id) for node_id in dict.fromkeys(ids)]
        with self.edit(translate("Undo", "Remove {}").format(commands.what(nodes))):
            for node in nodes:
                for wire in self.graph.wires_at(node.id):
                    self.undo.push(commands.Disconnect(self.graph, wire))
                self.undo.push(commands.RemoveNode(self.graph, node.id))
            self.forget({node.id for node in nodes})

    def forget(self, ids: Collection[str]) -> None:
        """Take nodes that are gone out of the settings that name them."""
        raise NotImplementedError  # the document keeps those

    def set_setting(self, of: Of, field: str, value: object) -> None:
        """Change one of the data or training settings. Raises FieldError."""
        raise NotImplementedError  # the document keeps those

    def move(self, positions: Mapping[str, Position], nudge: bool = False) -> None:
        """Place nodes elsewhere; nudges of the same nodes in a row become one edit."""
        raise NotImplementedError  # groups go with their nodes

    def rename(self, node_id: str, name: str) -> None:
        name = name.strip()
        if name != self.graph.node(node_id).name:
            self.undo.push(commands.Rename(self.graph, node_id, name))

    def family(self, node_id: str) -> tuple[str, ...]:
        """The ids of all nodes that use the same weights as this one, the owner first."""
        owner = self.graph.node(node_id).owner
        return (owner, *self.graph.instances(owner))

    def set_field(self, node_id: str, field: str, value: object) -> None:
        """Change one setting of a node. Raises FieldError."""
        self.replace_layer(node_id, self.graph.node(node_id).layer.replaced(**{field: value}))

    def replace_layer(self, node_id: str, layer: Layer) -> None:
        """Give a node, and all that share its weights, other settings.

        Wires whose ports they no longer have are removed.
        """
        node = self.graph.node(node_id)
        if layer == node.layer:
            return
        field, text = changed_field(node.layer, layer, node.title)
        text = text or translate("Undo", "Change {}").format(node.title)
        self._put_layers({node_id: layer}, field, text)

    def set_fields(self, ids: Iterable[str], field: str, value: object) -> None:
        """Change one setting of several nodes, in one edit. Raises FieldError for all of them."""
        layers = {i: self.graph.node(i).layer.replaced(**{field: value}) for i in ids}
        if any(layer != self.graph.node(i).layer for i, layer in layers.items()):
            text = translate("Undo", "Set {0} of {1} nodes")
            self._put_layers(layers, field, text.format(field.replace("_", " "), len(layers)))

    def _put_layers(self, layers: Mapping[str, Layer], field: str, text: str) -> None:
        """Give nodes, and all that share their weights, other settings."""
        every = {each: layer for i, layer in layers.items() for each in self.family(i)}
        command = commands.SetLayer(self.graph, every, field, text)
        loose = dict.fromkeys(
            w for i, layer in every.items() for w in wiring.without_port(self.graph, i, layer)
        )
        aside = self.room(every)
        if not loose and not aside:
            self.undo.push(command)
            return
        with self.edit(text):
            for wire in loose:
                self.undo.push(commands.Disconnect(self.graph, wire))
            self.undo.push(command)
            if aside:
                self.move(aside)

    # Wires

    def check_connect(self, wire: Wire, instead_of: Wire | None = None) -> None:
        """Raises ConnectError if the wire may not be drawn or its values would not fit."""
        wiring.check_connect(self.graph, self.inference, wire, instead_of)

    def connect(self, wire: Wire) -> None:
        """Draw a wire. Raises ConnectError."""
        self.check_connect(wire)
        self.undo.push(commands.Connect(self.graph, wire))

    def disconnect(self, wire: Wire) -> None:
        """Remove a wire. Raises UnknownWireError."""
        if wire not in self.graph.wires:
            raise UnknownWireError(f"No wire leads from {wire.source!r} to {wire.target!r}.")
        self.undo.push(commands.Disconnect(self.graph, wire))

    def rewire(self, wire: Wire, other: Wire) -> None:
        """Put another wire in a wire's place, in the order of wires too. Raises ConnectError."""
        if wire == other:
            return
        with self.edit(translate("Undo", "Rewire {}").format(self.graph.node(wire.source).title)):
            index = self.graph.index(wire)
            self.disconnect(wire)
            self._connect_at(index, other)

    def _connect_at(self, index: int, wire: Wire) -> None:
        self.check_connect(wire)
        self.undo.push(commands.Connect(self.graph, wire, index))

    def insert_on_wire(self, wire: Wire, node: str | Layer, position: Position) -> str:
        """Put a node, new or there already, into a wire; its id. Raises ConnectError."""
        layer = node if isinstance(node, Layer) else self.graph.node(node).layer
        name = layer.title() if isinstance(node, Layer) else self.graph.node(node).title
        with self.edit(translate("Undo", "Insert {}").format(name)):
            if isinstance(node, Layer):
                ends = {self.graph.node(i).group for i in (wire.source, wire.target)}
                group = ends.pop() if len(ends) == 1 else None
                node = self.add_node(node, position, group=group)
            else:
                self.move({node: position})
            into, out_of = wiring.spliced(wire, node, layer)
            index = self.graph.index(wire)
            self.disconnect(wire)
            self.connect(into)
            self._connect_at(index, out_of)
        return node

    def fit_ends(self, signature: DataSignature) -> None:
        """Size the inputs, the last layers and the losses for a data set, in one edit."""
        with self.edit(translate("Undo", "Fit the ends to the data")):
            for node_id, layer in fitted_ends(self.graph, signature).items():
                self.replace_layer(node_id, layer)

    def apply_fix(self, fix: Fix) -> None:
        """Apply a problem's remedy, in one edit. Raises GraphError or FieldError."""
        with self.edit(fix.label):
            fix.apply(self)
