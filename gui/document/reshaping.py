"""The verbs that put other nodes in the place of some: repeat, replace, collapse, expand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from engine.errors import ConnectError, FieldError, GraphError
from engine.graph.fragment import cut
from engine.graph.groups import BorderPort, border, inside, members
from engine.graph.model import Wire
from engine.layers.base import Layer, Port
from gui.document import commands
from gui.document.editing import Position
from gui.document.sharing import SharingEditing
from gui.document.structure_commands import Draw

if TYPE_CHECKING:
    from engine.graph.regroup import Regrouping

translate = QCoreApplication.translate

MOST_REPEATS = 200


@dataclass(frozen=True)
class Inlet:
    """Ports in a block that are fed by one port outside; none, for a port that waits."""

    source: tuple[str, str] | None
    ports: tuple[BorderPort, ...]


class Reshaping(SharingEditing):
    """Undoable edits that leave the wires around what is changed, a part of the document."""

    regroup_began: Any
    regrouped: Any

    # Repeating

    def repeat(self, group_id: str, count: int, step: float, shared: bool) -> tuple[str, ...]:
        """Put a block in series with copies of itself, `count` in all; the ids of the groups.

        Each copy reads what the one before it gives; what read the block reads the last.
        Other inputs of the block feed every copy.

        step: from one card to the next, in pixels. shared: whether all use the same weights.
        Raises GraphError for a block that nothing can follow.
        """
        group = self.graph.drawing.group(group_id)
        name = group.name or group.id
        if not 2 <= count <= MOST_REPEATS:
            raise GraphError(
                f"{name} can be there 2 to {MOST_REPEATS} times, got {count}. "
                "Choose a number between."
            )
        inlets, outlets = self._ends(group_id)
        if not inlets or not outlets:
            raise GraphError(
                f"{name} needs an input and an output to be repeated in series, and has no "
                f"{'output' if inlets else 'input'}. Group nodes that values run through."
            )
        nodes = [node.id for node in inside(self.graph, group_id)]
        lent = self.with_weights(nodes) if shared else ()
        fragment = cut(self.graph, [group_id])
        ids = [group_id]
        with self.edit(translate("Undo", "Repeat {0} {1} times").format(name, count)):
            self._make_room(group_id, step * (count - 1))
            if not group.folded:
                before = self.graph.drawing.group(group_id)
                self.undo.push(Draw(self.graph.drawing, before, replace(before, folded=True)))
            readers = self._readers(group_id, outlets)
            last = outlets
            for number in range(1, count):
                offset = (step * number, 0.0)
                before_ids = [node.id for node in self.graph.nodes]
                (copy,) = self.paste(fragment, offset, "{}", group.parent, lent)
                new = [n.id for n in self.graph.nodes if n.id not in set(before_ids)]
                twin = dict(zip((n.id for n in fragment.nodes), new, strict=True))
                self.rename(copy, f"{name} {number + 1}")
                folded = self.graph.drawing.group(copy)
                if not folded.folded:
                    self.undo.push(Draw(self.graph.drawing, folded, replace(folded, folded=True)))
                self._feed(inlets, twin, last)
                last = tuple(replace(each, node=twin[each.node]) for each in outlets)
                ids.append(copy)
            self._reread(readers, outlets, last)
        return tuple(ids)

    def _ends(self, group_id: str) -> tuple[tuple[Inlet, ...], tuple[BorderPort, ...]]:
        nodes = inside(self.graph, group_id)
        among = {node.id for node in nodes}
        ports = border(self.graph, nodes)
        by_source: dict[tuple[str, str] | BorderPort, list[BorderPort]] = {}
        for port in ports:
            if port.output:
                continue
            wires = [w for w in self.graph.incoming(port.node, port.port) if w.source not in among]
            keys: list[tuple[str, str] | BorderPort] = [(w.source, w.source_port) for w in wires]
            for key in keys or [port]:
                by_source.setdefault(key, []).append(port)
        inlets = tuple(
            Inlet(key if isinstance(key, tuple) else None, tuple(fed))
            for key, fed in by_source.items()
        )
        return inlets, tuple(port for port in ports if port.output)

    def _readers(self, group_id: str, outlets: Sequence[BorderPort]) -> list[Wire]:
        among = {node.id for node in inside(self.graph, group_id)}
        return [
            wire
            for port in outlets
            for wire in self.graph.outgoing(port.node, port.port)
            if wire.target not in among
        ]

    def _feed(
        self, inlets: Sequence[Inlet], twin: dict[str, str], last: Sequence[BorderPort]
    ) -> None:
        """Wire a copy: its first inputs to what the block before it gives, others as ever."""
        for number, inlet in enumerate(inlets):
            if number < len(last):
                source: tuple[str, str] | None = (last[number].node, last[number].port)
            else:
                source = inlet.source
            if source is None:
                continue
            for port in inlet.ports:
                self.connect(Wire(source[0], twin[port.node], source[1], port.port))

    def _reread(
        self,
        readers: Sequence[Wire],
        outlets: Sequence[BorderPort],
        last: Sequence[BorderPort],
    ) -> None:
        """Let those that read the block read the last of its copies."""
        place = {(o.node, o.port): end for o, end in zip(outlets, last, strict=True)}
        for wire in readers:
            end = place[wire.source, wire.source_port]
            self.rewire(wire, replace(wire, source=end.node, source_port=end.port))

    def _make_room(self, each: str, width: float) -> None:
        """Move what stands to the right of a node or a block further to the right."""
        drawing = self.graph.drawing
        parent, (left, _) = self.group_of(each), self.position_of(each)
        beside = [n.id for n in self.graph.nodes if n.group == parent]
        beside += [g.id for g in drawing.children(parent) if g.id != each]
        ahead = {i: self.position_of(i) for i in beside if self.position_of(i)[0] > left}
        if ahead and width > 0:
            self.move({i: (x + width, y) for i, (x, y) in ahead.items()})

    # Copies that share weights

    def duplicate_sharing(
        self, ids: Iterable[str], offset: Position = (32.0, 32.0)
    ) -> tuple[str, ...]:
        """Add copies of nodes and groups that use the weights of the originals; the new ids."""
        ids = tuple(ids)
        return self.duplicate(ids, offset, self.with_weights(members(self.graph, ids)))

    # Replacing

    def replace_kind(self, node_id: str, layer: Layer) -> tuple[str, ...]:
        """Put a layer of another kind in the place of a node's; its wires stay where they fit.

        Settings that both kinds have are kept, but for those in which `layer` differs from
        its kind's defaults. Answers the titles of the nodes whose wires had to go.
        """
        node = self.graph.node(node_id)
        made = _with_settings_of(layer, node.layer)
        text = translate("Undo", "Replace {0} by {1}").format(node.title, made.title())
        lost: list[str] = []
        with self.edit(text):
            if node.same_as:
                self.make_independent([node_id])
            self._hand_over([node_id])
            before = [(w, self.graph.index(w)) for w in self.graph.wires_at(node_id)]
            for wire, _ in before:
                self.undo.push(commands.Disconnect(self.graph, wire))
            self.undo.push(commands.SetLayer(self.graph, {node_id: made}, "", text))
            for wire, index in sorted(before, key=lambda item: item[1]):
                fitted = self._fitted(wire, node_id, node.layer, made)
                try:
                    if fitted is None:
                        raise ConnectError(text)
                    self.graph.check_connect(fitted)
                    self.undo.push(commands.Connect(self.graph, fitted, index))
                except ConnectError:
                    other = wire.target if wire.source == node_id else wire.source
                    lost.append(self.graph.node(other).title)
        return tuple(lost)

    @staticmethod
    def _fitted(wire: Wire, node_id: str, old: Layer, new: Layer) -> Wire | None:
        """The wire at the ports of another layer: by their names, else by their places."""
        if wire.target == node_id:
            port = _same_port(wire.target_port, old.input_ports, new.input_ports)
            wire = replace(wire, target_port=port) if port else wire
            if not port:
                return None
        if wire.source == node_id:
            port = _same_port(wire.source_port, old.output_ports, new.output_ports)
            wire = replace(wire, source_port=port) if port else wire
            if not port:
                return None
        return wire

    # Neurons and layers

    def collapse(self, ids: Iterable[str]) -> str:
        """Put one Dense layer in the place of neurons, with their weights; its id.

        Raises RegroupError.
        """
        from engine.graph.regroup import collapse

        chosen = members(self.graph, ids)
        regrouping = collapse(self.graph, chosen)
        text = translate("Undo", "Collapse {} into a layer")
        named = commands.what([self.graph.node(i) for i in chosen])
        self._regroup(regrouping, text.format(named))
        (layer,) = [n.id for n in regrouping.added if n.layer.kind == "dense"]
        return layer

    def expand(self, node_id: str) -> tuple[str, ...]:
        """Put neurons in the place of a Dense layer, with its weights; their ids.

        Raises RegroupError.
        """
        from engine.graph.regroup import ACROSS, expand

        regrouping = expand(self.graph, node_id)
        text = translate("Undo", "Expand {} into neurons").format(self.graph.node(node_id).title)
        with self.edit(text):
            if any(node.layer.kind == "concat" for node in regrouping.added):
                self._make_room(node_id, ACROSS)
            self._regroup(regrouping, text)
        return tuple(node.id for node in regrouping.added)

    def _regroup(self, regrouping: Regrouping, text: str) -> None:
        groups = {self.graph.node(i).group for i in regrouping.removed}
        group = groups.pop() if len(groups) == 1 else self.level
        weights = regrouping.carry(self.weights)
        with self.edit(text):
            self.undo.push(commands.Tell(self.regroup_began.emit, self._tell_back(regrouping)))
            for wire in regrouping.cut:
                self.undo.push(commands.Disconnect(self.graph, wire))
            for node_id in regrouping.removed:
                for wire in self.graph.wires_at(node_id):
                    self.undo.push(commands.Disconnect(self.graph, wire))
                self.undo.push(commands.RemoveNode(self.graph, node_id))
            for node in regrouping.added:
                self.undo.push(commands.AddNode(self.graph, replace(node, group=group)))
            for wire, place in regrouping.wires:
                self.undo.push(commands.Connect(self.graph, wire, place))
            self._remove_empty_groups()
            if self.weights:
                self.replace_weights(weights)
            self.name_instead(regrouping.successors())
            moved = regrouping.moved
            self.undo.push(
                commands.Tell(lambda: self.regrouped.emit(moved), self.regroup_began.emit)
            )

    def _tell_back(self, regrouping: Regrouping) -> Callable[[], None]:
        from engine.graph.regroup import back

        moved = back(regrouping.moved)
        return lambda: self.regrouped.emit(moved)


def _same_port(name: str, old: Sequence[Port], new: Sequence[Port]) -> str:
    """The port that takes another's place: of the same name, else at the same place."""
    names = [port.name for port in new]
    if name in names:
        return name
    place = [port.name for port in old].index(name)
    return names[place] if place < len(names) else ""


def _with_settings_of(layer: Layer, other: Layer) -> Layer:
    """A layer with the settings that another one has too, where it has its kind's defaults."""
    usual = {field.name: field.default for field in other.fields()}
    for field in layer.fields():
        if field.name not in usual or getattr(layer, field.name) != field.default:
            continue
        value = getattr(other, field.name)
        try:
            layer = layer.replaced(**{field.name: value})
        except FieldError:
            continue  # the same name, and another meaning
    return layer
