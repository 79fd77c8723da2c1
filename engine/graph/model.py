"""The graph: the drawing as data, guarded by its mutators.

Every mutator checks, changes and announces, in that order. Nodes and wires
are immutable; a change puts a new one in the old one's place, so that a copy
of a graph is cheap and never shares anything that can change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from engine.errors import (
    CycleError,
    DuplicateNodeError,
    DuplicateWireError,
    GraphError,
    OccupiedPortError,
    SelfLoopError,
    SharingError,
    UnknownNodeError,
    UnknownPortError,
    UnknownWireError,
)
from engine.graph.drawing import Drawing
from engine.graph.events import (
    NodeAdded,
    NodeChanged,
    NodeRemoved,
    NodesMoved,
    WireAdded,
    WireRemoved,
)
from engine.graph.ordered import Ordered
from engine.graph.ranks import Ranks
from engine.layers.base import Layer, Port
from engine.signal import Signal

Switch = Literal["on", "bypassed", "muted"]


@dataclass(frozen=True, slots=True)
class Node:
    """One box on the canvas.

    id: unique and stable: in files, exports and undo.
    name: what the user calls it; empty means the layer's own title.
    position: top left corner on the canvas, in pixels; the compiler ignores it.
    frozen: its parameters are not trained.
    rate: what the learning rate of its parameters is multiplied by.
    same_as: the id of a node whose parameters and state it uses, as an instance of it;
        empty for a node that has its own.
    switch: "bypassed" passes on what arrives first as it is; "muted" gives zeros.
        Parameters stay, and learn nothing, until the node is on again.
    group: the id of the group that it is drawn in; the compiler ignores it.
    """

    id: str
    layer: Layer
    name: str = ""
    position: tuple[float, float] = (0.0, 0.0)
    frozen: bool = False
    rate: float = 1.0
    same_as: str = ""
    switch: Switch = "on"
    group: str = ""

    def __post_init__(self) -> None:
        """Raises GraphError for a rate below 0."""
        if not 0 <= self.rate < float("inf"):
            raise GraphError(
                f"The learning rate of {self.title} is multiplied by a number from 0 up, got "
                f"{self.rate}. Enter 1 to leave it as it is."
            )

    @property
    def title(self) -> str:
        return self.name or self.layer.title()

    @property
    def owner(self) -> str:
        """The id of the node that has the parameters which this one uses."""
        return self.same_as or self.id

    @property
    def computation(self) -> tuple[object, ...]:
        """All of it that training and prediction depend on."""
        return (self.id, self.layer, self.frozen, self.rate, self.same_as, self.switch)


@dataclass(frozen=True, slots=True)
class Wire:
    """What joins an output port of one node to an input port of another.

    delay: 1 for a wire that closes a loop; its value arrives one step later.
    """

    source: str
    target: str
    source_port: str = "out"
    target_port: str = "in"
    delay: Literal[0, 1] = 0


class Graph:
    """Nodes and wires, both ordered.

    Emits
        node_added (NodeAdded), node_removed (NodeRemoved), node_changed (NodeChanged),
        nodes_moved (NodesMoved), wire_added (WireAdded), wire_removed (WireRemoved):
        each after the change.

    drawing: the groups, frames and notes around the nodes, with signals of their own.
    """

    def __init__(
        self,
        nodes: Iterable[Node] = (),
        wires: Iterable[Wire] = (),
        drawing: Drawing | None = None,
    ) -> None:
        """Raises what `add_node` and `connect` raise."""
        self.drawing = drawing or Drawing()
        self.node_added: Signal[NodeAdded] = Signal()
        self.node_removed: Signal[NodeRemoved] = Signal()
        self.node_changed: Signal[NodeChanged] = Signal()
        self.nodes_moved: Signal[NodesMoved] = Signal()
        self.wire_added: Signal[WireAdded] = Signal()
        self.wire_removed: Signal[WireRemoved] = Signal()
        self._nodes: dict[str, Node] = {}
        self._order: Ordered[str] = Ordered()
        self._ranks = Ranks()
        self._wires: Ordered[Wire] = Ordered()
        self._incoming: dict[str, list[Wire]] = {}
        self._outgoing: dict[str, list[Wire]] = {}
        self._delayed = 0
        for node in nodes:
            self.add_node(node)
        for wire in wires:
            self.connect(wire)

    @classmethod
    def in_order(cls, nodes: Iterable[Node], wires: Iterable[Wire]) -> Graph:
        """A graph of nodes in topological order and wires that fit: nothing is checked."""
        graph = cls()
        graph._nodes = {node.id: node for node in nodes}
        graph._order, graph._ranks = Ordered(graph._nodes), Ranks(graph._nodes)
        graph._wires = Ordered(wires)
        graph._incoming = {node_id: [] for node_id in graph._nodes}
        graph._outgoing = {node_id: [] for node_id in graph._nodes}
        for wire in graph._wires:
            graph._incoming[wire.target].append(wire)
            graph._outgoing[wire.source].append(wire)
            graph._delayed += wire.delay
        return graph

    # Reading

    @property
    def nodes(self) -> tuple[Node, ...]:
        return tuple(self._nodes[node_id] for node_id in self._order)

    @property
    def wires(self) -> tuple[Wire, ...]:
        return tuple(self._wires)

    @property
    def has_delays(self) -> bool:
        """Whether some wire closes a loop, or would."""
        return self._delayed > 0

    def index(self, item: Node | Wire) -> int:
        """The place of a node or a wire in the order of its kind. Raises KeyError."""
        return self._order.index(item.id) if isinstance(item, Node) else self._wires.index(item)

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._nodes

    def node(self, node_id: str) -> Node:
        """Raises UnknownNodeError."""
        try:
            return self._nodes[node_id]
        except KeyError:
            raise UnknownNodeError(f"The graph has no node {node_id!r}.") from None

    def incoming(self, node_id: str, port: str | None = None) -> tuple[Wire, ...]:
        """The wires that end at a node (or at one of its ports), in the order of wiring."""
        wires = self._incoming[node_id]
        return tuple(wires if port is None else [w for w in wires if w.target_port == port])

    def outgoing(self, node_id: str, port: str | None = None) -> tuple[Wire, ...]:
        wires = self._outgoing[node_id]
        return tuple(wires if port is None else [w for w in wires if w.source_port == port])

    def wires_at(self, node_id: str) -> tuple[Wire, ...]:
        """The wires that end or begin at a node, each once."""
        return tuple(dict.fromkeys([*self._incoming[node_id], *self._outgoing[node_id]]))

    def successors(self, node_id: str) -> Iterable[str]:
        return dict.fromkeys(wire.target for wire in self._outgoing[node_id])

    def predecessors(self, node_id: str) -> Iterable[str]:
        return dict.fromkeys(wire.source for wire in self._incoming[node_id])

    def leaders(self, node_id: str) -> Iterable[str]:
        """The predecessors within the same step."""
        return dict.fromkeys(wire.source for wire in self._incoming[node_id] if not wire.delay)

    def followers(self, node_id: str) -> Iterable[str]:
        """The successors within the same step: those that no delay keeps apart."""
        return dict.fromkeys(wire.target for wire in self._outgoing[node_id] if not wire.delay)

    def fresh_id(self, kind: str, taken: Iterable[str] = ()) -> str:
        """An unused id for a new node of a kind: `dense_1`, `dense_2`, ..."""
        used = {*self._nodes, *taken}
        number = 1
        while f"{kind}_{number}" in used:
            number += 1
        return f"{kind}_{number}"

    def copy(self) -> Graph:
        """An independent graph of the same nodes and wires, without the listeners."""
        return Graph(self.nodes, self.wires, self.drawing.copy())

    def same_computation(self, other: Graph) -> bool:
        """Whether both compute the same: names and positions don't count."""
        return self.wires == other.wires and [n.computation for n in self.nodes] == [
            n.computation for n in other.nodes
        ]

    def instances(self, node_id: str) -> tuple[str, ...]:
        """The ids of the nodes that use the parameters of a node."""
        return tuple(node.id for node in self.nodes if node.same_as == node_id)

    # Checks

    def check_connect(self, wire: Wire) -> None:
        """Whether a wire may be drawn.

        Raises
            UnknownNodeError, UnknownPortError: an end is not there.
            SelfLoopError: both ends are one node.
            DuplicateWireError: the ports are joined already.
            OccupiedPortError: the input port takes one wire and has one.
            CycleError: the wire would close a loop.
        """
        source, target = self.node(wire.source), self.node(wire.target)
        self._port(source, source.layer.output_ports, wire.source_port, "output")
        port = self._port(target, target.layer.input_ports, wire.target_port, "input")
        if source is target and not wire.delay:
            raise SelfLoopError(f"{source.title} cannot feed itself. Wire it to another node.")
        if wire in self._wires:
            raise DuplicateWireError(f"{source.title} is already wired to {target.title}.")
        if not port.many and self.incoming(wire.target, wire.target_port):
            raise OccupiedPortError(
                f"The {port.name} port of {target.title} takes one wire and has one. "
                "Remove that wire first, or join both with Add or Concat."
            )
        if not wire.delay and self._ranks.closes_loop(wire.source, wire.target, self.followers):
            raise CycleError(
                f"A wire from {source.title} to {target.title} would close a loop, "
                "and a value cannot wait for itself. Let it arrive one step later."
            )

    @staticmethod
    def _port(node: Node, ports: tuple[Port, ...], name: str, direction: str) -> Port:
        for port in ports:
            if port.name == name:
                return port
        known = ", ".join(port.name for port in ports) or "none"
        raise UnknownPortError(
            f"{node.title} has no {direction} port {name!r}. Its {direction} ports: {known}."
        )

    # Mutators

    def add_node(self, node: Node, index: int | None = None) -> None:
        """Add a node, at a place in the order if one is given.

        Raises DuplicateNodeError. Emits node_added.
        """
        if node.id in self._nodes:
            raise DuplicateNodeError(f"The graph already has a node {node.id!r}.")
        index = len(self._order) if index is None else min(index, len(self._order))
        self._order.insert(index, node.id)
        self._nodes[node.id] = node
        self._ranks.add(node.id)
        self._incoming[node.id] = []
        self._outgoing[node.id] = []
        self.node_added.emit(NodeAdded(node, index))

    def remove_node(self, node_id: str) -> None:
        """Remove a node and, before it, its wires (last first).

        Raises UnknownNodeError. Emits wire_removed for each wire, then node_removed.
        """
        node = self.node(node_id)
        for wire in reversed(self.wires_at(node_id)):
            self.disconnect(wire)
        index = self._order.remove(node_id)
        del self._nodes[node_id], self._incoming[node_id], self._outgoing[node_id]
        self.node_removed.emit(NodeRemoved(node, index))

    def replace_layer(self, node_id: str, layer: Layer) -> None:
        """Give a node other settings. Raises UnknownNodeError. Emits node_changed."""
        self._change(node_id, replace(self.node(node_id), layer=layer))

    def rename(self, node_id: str, name: str) -> None:
        """Raises UnknownNodeError. Emits node_changed."""
        self._change(node_id, replace(self.node(node_id), name=name))

    def set_frozen(self, node_id: str, frozen: bool) -> None:
        """Keep a node's parameters from being trained. Emits node_changed."""
        self._change(node_id, replace(self.node(node_id), frozen=frozen))

    def set_rate(self, node_id: str, rate: float) -> None:
        """Multiply the learning rate of a node's parameters. Raises GraphError below 0."""
        self._change(node_id, replace(self.node(node_id), rate=rate))

    def set_switch(self, node_id: str, switch: Switch) -> None:
        """Turn a node on, past itself (bypassed) or to zeros (muted). Emits node_changed."""
        self._change(node_id, replace(self.node(node_id), switch=switch))

    def share(self, node_id: str, original: str) -> None:
        """Make a node an instance of another, or, with an empty id, a node of its own again.

        Raises UnknownNodeError, SharingError. Emits node_changed.
        """
        node = self.node(node_id)
        if original:
            self._check_share(node, self.node(original))
        self._change(node_id, replace(node, same_as=original))

    def _check_share(self, node: Node, original: Node) -> None:
        if node is original or original.same_as:
            raise SharingError(
                f"{node.title} cannot use the weights of {original.title}, which has none of its "
                "own. Choose the node that they belong to."
            )
        if node.layer.kind != original.layer.kind:
            raise SharingError(
                f"{node.title} needs the weights of another {node.layer.label}, got "
                f"{original.title}, a {original.layer.label}. Choose a node of the same kind."
            )
        if lent := self.instances(node.id):
            raise SharingError(
                f"{node.title} cannot use the weights of {original.title} while "
                f"{self.node(lent[0]).title} uses its own. Let that one have its own first."
            )

    def assign(self, groups: Mapping[str, str]) -> None:
        """Draw nodes in groups, or, with an empty id, in none. Emits node_changed for each."""
        changed = [replace(self.node(i), group=group) for i, group in groups.items()]
        for group in dict.fromkeys(groups.values()):
            if group:
                self.drawing.group(group)
        for node in changed:
            self._change(node.id, node)

    def _change(self, node_id: str, after: Node) -> None:
        before = self._nodes[node_id]
        self._nodes[node_id] = after
        self.node_changed.emit(NodeChanged(before, after))

    def move(self, positions: Mapping[str, tuple[float, float]]) -> None:
        """Place nodes elsewhere. Raises UnknownNodeError. Emits nodes_moved once."""
        moved = {i: replace(self.node(i), position=p) for i, p in positions.items()}
        self._nodes.update(moved)
        self.nodes_moved.emit(NodesMoved(tuple(moved)))

    def connect(self, wire: Wire, index: int | None = None) -> None:
        """Draw a wire, at a place in the order if one is given.

        The order of wires is the order in which a port that takes many sees them.
        Raises what `check_connect` raises. Emits wire_added.
        """
        self.check_connect(wire)
        self._delayed += wire.delay
        index = len(self._wires) if index is None else min(index, len(self._wires))
        if not wire.delay:
            self._ranks.connect(wire.source, wire.target, self.followers, self.leaders)
        self._wires.insert(index, wire)
        self._wires.place(wire, self._incoming[wire.target])
        self._wires.place(wire, self._outgoing[wire.source])
        self.wire_added.emit(WireAdded(wire, index))

    def disconnect(self, wire: Wire) -> None:
        """Remove a wire. Raises UnknownWireError. Emits wire_removed."""
        if wire not in self._wires:
            raise UnknownWireError(f"No wire leads from {wire.source!r} to {wire.target!r}.")
        index = self._wires.remove(wire)
        self._delayed -= wire.delay
        self._incoming[wire.target].remove(wire)
        self._outgoing[wire.source].remove(wire)
        self.wire_removed.emit(WireRemoved(wire, index))
