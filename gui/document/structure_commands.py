"""Commands on groups, frames and notes, and on what nodes are beside their settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtGui import QUndoCommand

from engine.graph.drawing import Annotation, Drawing, Group
from engine.graph.model import Graph, Switch
from gui.document.commands import Change

SET_PROPERTY = 5
"""Beside those in `commands`."""

Property = Literal["frozen", "rate", "switch", "same_as"]


class Draw(QUndoCommand):
    """Add (no `before`), remove (no `after`) or replace a group, a frame or a note."""

    def __init__(
        self,
        drawing: Drawing,
        before: Group | Annotation | None,
        after: Group | Annotation | None,
        text: str = "",
    ) -> None:
        super().__init__(text)
        self.drawing = drawing
        self.before = before
        self.after = after
        self.index: int | None = None
        if after is None and before is not None:
            # A removed one comes back at its place in the order.
            drawn: Sequence[object] = (
                drawing.groups if isinstance(before, Group) else drawing.annotations
            )
            self.index = drawn.index(before)

    def redo(self) -> None:
        self._put(self.before, self.after)

    def undo(self) -> None:
        self._put(self.after, self.before)

    def _put(self, old: Group | Annotation | None, new: Group | Annotation | None) -> None:
        drawing = self.drawing
        if new is None:
            assert old is not None  # one of the two is there
            remove = drawing.remove_group if isinstance(old, Group) else drawing.remove_annotation
            remove(old.id)
        elif isinstance(new, Group):
            drawing.change_group(new) if old else drawing.add_group(new, self.index)
        else:
            drawing.change_annotation(new) if old else drawing.add_annotation(new, self.index)


class Assign(Change):
    """Draw nodes in other groups."""

    def __init__(self, graph: Graph, groups: Mapping[str, str], text: str = "") -> None:
        before = {node_id: graph.node(node_id).group for node_id in groups}
        super().__init__(before, dict(groups), text)
        self.graph = graph

    def put(self, value: Mapping[str, str]) -> None:
        self.graph.assign(value)


class SetProperty(Change):
    """Give nodes another value of one property. Settings of the same in a row may become one."""

    def __init__(
        self,
        graph: Graph,
        ids: Sequence[str],
        name: Property,
        value: bool | float | str,
        text: str = "",
        *,
        merges: bool = False,
    ) -> None:
        before = {node_id: getattr(graph.node(node_id), name) for node_id in ids}
        what = (name, frozenset(ids)) if merges else None
        super().__init__(before, dict.fromkeys(ids, value), text, what)
        self.graph = graph
        self.name = name

    def id(self) -> int:
        return SET_PROPERTY

    def put(self, value: Mapping[str, bool | float | str]) -> None:
        for node_id, each in value.items():
            put_property(self.graph, node_id, self.name, each)


def put_property(graph: Graph, node_id: str, name: Property, value: bool | float | str) -> None:
    """Call the mutator of a property."""
    if name == "frozen":
        graph.set_frozen(node_id, bool(value))
    elif name == "rate":
        graph.set_rate(node_id, float(value))
    elif name == "same_as":
        graph.share(node_id, str(value))
    else:
        switches: dict[str, Switch] = {"bypassed": "bypassed", "muted": "muted"}
        graph.set_switch(node_id, switches.get(str(value), "on"))
