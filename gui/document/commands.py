"""What the undo stack holds. Each command is one call to a mutator each way.

Commands name only the model; the document pushes them and announces. Edits of
several steps are macros of these.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

from engine.graph.drawing import Annotation, Group
from engine.graph.model import Graph, Node, Wire
from engine.layers.base import Layer

if TYPE_CHECKING:
    from engine.training.history import Run

translate = QCoreApplication.translate

SET_LAYER, SET_VALUE, MOVE, SET_WEIGHT = range(1, 5)


def what(nodes: Sequence[Node]) -> str:
    """Nodes as an undo text names them: the title of one, the number of several."""
    if len(nodes) == 1:
        return nodes[0].title
    return translate("Undo", "{} nodes").format(len(nodes))


class AddNode(QUndoCommand):
    """Put a node at the end of the order."""

    def __init__(self, graph: Graph, node: Node) -> None:
        super().__init__(translate("Undo", "Add {}").format(node.title))
        self.graph = graph
        self.node = node

    def redo(self) -> None:
        self.graph.add_node(self.node)

    def undo(self) -> None:
        self.graph.remove_node(self.node.id)


class RemoveNode(QUndoCommand):
    """Take out a node that has no wires; undo puts it back at its place in the order."""

    def __init__(self, graph: Graph, node_id: str) -> None:
        self.graph = graph
        self.node = graph.node(node_id)
        self.index = graph.index(self.node)
        super().__init__(translate("Undo", "Remove {}").format(self.node.title))

    def redo(self) -> None:
        self.graph.remove_node(self.node.id)

    def undo(self) -> None:
        self.graph.add_node(self.node, self.index)


class Connect(QUndoCommand):
    """Draw a wire, at a place in the order of wires or after those that are there."""

    def __init__(self, graph: Graph, wire: Wire, index: int | None = None) -> None:
        source, target = graph.node(wire.source), graph.node(wire.target)
        super().__init__(translate("Undo", "Wire {} to {}").format(source.title, target.title))
        self.graph = graph
        self.wire = wire
        self.index = index

    def redo(self) -> None:
        self.graph.connect(self.wire, self.index)

    def undo(self) -> None:
        self.graph.disconnect(self.wire)


class Disconnect(QUndoCommand):
    """Remove a wire; undo puts it back at its place in the order."""

    def __init__(self, graph: Graph, wire: Wire) -> None:
        source, target = graph.node(wire.source), graph.node(wire.target)
        text = translate("Undo", "Detach {} from {}")
        super().__init__(text.format(source.title, target.title))
        self.graph = graph
        self.wire = wire
        self.index = graph.index(wire)

    def redo(self) -> None:
        self.graph.disconnect(self.wire)

    def undo(self) -> None:
        self.graph.connect(self.wire, self.index)


class Change(QUndoCommand):
    """Put one value in the place of another. Changes of the same `what` in a row become one."""

    def __init__(self, before: Any, after: Any, text: str, what: Hashable = None) -> None:
        """what: None for a change that stands alone."""
        super().__init__(text)
        self.before, self.after, self.what = before, after, what

    def mergeWith(self, other: QUndoCommand) -> bool:
        assert isinstance(other, Change)
        if self.what is None or self.what != other.what:
            return False
        self.after = other.after
        self.setText(other.text())
        self.setObsolete(self.after == self.before)
        return True

    def redo(self) -> None:
        self.put(self.after)

    def undo(self) -> None:
        self.put(self.before)

    def put(self, value: Any) -> None:
        """Call the mutator."""
        raise NotImplementedError  # what the value is of is known below


class SetLayer(Change):
    """Give nodes other settings. Edits of one `field` in a row become one."""

    def __init__(self, graph: Graph, layers: Mapping[str, Layer], field: str, text: str) -> None:
        self.graph = graph
        before = {node_id: graph.node(node_id).layer for node_id in layers}
        super().__init__(before, dict(layers), text, (field, frozenset(layers)) if field else None)

    def id(self) -> int:
        return SET_LAYER

    def put(self, value: Mapping[str, Layer]) -> None:
        for node_id, layer in value.items():
            self.graph.replace_layer(node_id, layer)


class Rename(Change):
    """Give a node another name."""

    def __init__(self, graph: Graph, node_id: str, name: str) -> None:
        node = graph.node(node_id)
        text = translate("Undo", "Rename {} to {}")
        super().__init__(node.name, name, text.format(node.title, name or node.layer.title()))
        self.graph = graph
        self.node_id = node_id

    def put(self, value: str) -> None:
        self.graph.rename(self.node_id, value)


class Move(Change):
    """Place nodes, and what is drawn around them, elsewhere.

    drawn: positions of groups, frames and notes. Nudges of the same ones in a row become one.
    """

    def __init__(
        self,
        graph: Graph,
        positions: Mapping[str, tuple[float, float]],
        drawn: Mapping[str, tuple[float, float]],
        text: str,
        nudge: bool = False,
    ) -> None:
        nodes = {node_id: graph.node(node_id).position for node_id in positions}
        others = {each: _drawn(graph, each).position for each in drawn}
        what = frozenset((*positions, *drawn)) if nudge else None
        super().__init__((nodes, others), (dict(positions), dict(drawn)), text, what)
        self.graph = graph

    def id(self) -> int:
        return MOVE

    def put(
        self, value: tuple[Mapping[str, tuple[float, float]], Mapping[str, tuple[float, float]]]
    ) -> None:
        positions, drawn = value
        drawing = self.graph.drawing
        for key, position in drawn.items():
            each = _drawn(self.graph, key)
            if isinstance(each, Group):
                drawing.change_group(replace(each, position=position))
            else:
                drawing.change_annotation(replace(each, position=position))
        self.graph.move(positions)


def _drawn(graph: Graph, key: str) -> Group | Annotation:
    """A group, a frame or a note. Raises UnknownNodeError."""
    drawing = graph.drawing
    return drawing.group(key) if drawing.has_group(key) else drawing.annotation(key)


class Tell(QUndoCommand):
    """Tell others at one point of an edit of several steps, on the way there and back."""

    def __init__(self, forth: Callable[[], object], back: Callable[[], object]) -> None:
        super().__init__()
        self.forth = forth
        self.back = back

    def redo(self) -> None:
        self.forth()

    def undo(self) -> None:
        self.back()


class SetValue(Change):
    """Change settings that are no node's. Edits of one `field` in a row become one."""

    def __init__(
        self, mutator: Callable[[Any], None], before: Any, after: Any, field: str, text: str
    ) -> None:
        super().__init__(before, after, text, (mutator, field) if field else None)
        self.mutator = mutator

    def id(self) -> int:
        return SET_VALUE

    def put(self, value: Any) -> None:
        self.mutator(value)


class SetWeight(Change):
    """Set one number of a parameter. Settings of the same number in a row become one."""

    def __init__(
        self,
        mutator: Callable[[tuple[str, str, int], float], None],
        place: tuple[str, str, int],
        before: float,
        after: float,
        text: str,
    ) -> None:
        super().__init__(before, after, text, place)
        self.mutator = mutator
        self.place = place

    def id(self) -> int:
        return SET_WEIGHT

    def put(self, value: float) -> None:
        self.mutator(self.place, value)


class RenameRun(Change):
    """Call a run something else."""

    def __init__(
        self, mutator: Callable[[str, str], None], run_id: str, before: str, after: str
    ) -> None:
        super().__init__(before, after, translate("Undo", "Rename {} to {}").format(before, after))
        self.mutator = mutator
        self.run_id = run_id

    def put(self, value: str) -> None:
        self.mutator(self.run_id, value)


class RemoveRun(QUndoCommand):
    """Take a run out of the project; undo puts it back at its place."""

    def __init__(
        self,
        insert: Callable[[int, Run], None],
        take: Callable[[str], None],
        index: int,
        run: Run,
    ) -> None:
        super().__init__(translate("Undo", "Delete {}").format(run.name))
        self.insert = insert
        self.take = take
        self.index = index
        self.run = run

    def redo(self) -> None:
        self.take(self.run.id)

    def undo(self) -> None:
        self.insert(self.index, self.run)
