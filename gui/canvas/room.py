"""The room that is made around a group when it is unfolded, and given back when it folds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.graph.groups import groups_among, members
from gui.document.document import Document
from gui.document.editing import Position


@dataclass(frozen=True)
class Room:
    """What an unfolded group has changed.

    card: where its card stood. before: where that stood which made room. after: where all
    nodes, frames and notes stand since.
    """

    card: Position
    before: Mapping[str, Position]
    after: Mapping[str, Position]

    def is_as_made(self, document: Document, group_id: str) -> bool:
        """Whether nothing has moved or gone since, and nothing has come but into the group."""
        now, drawing = places(document), document.graph.drawing
        within = groups_among(drawing, [group_id])
        own = {*members(document.graph, [group_id])}
        own |= {each.id for each in drawing.annotations if each.group in within}
        stands = all(now.get(each) == at for each, at in self.after.items())
        return stands and own >= now.keys() - self.after.keys()


def places(document: Document) -> dict[str, Position]:
    """Where all nodes, frames and notes stand."""
    nodes, drawn = document.graph.nodes, document.graph.drawing.annotations
    return {node.id: node.position for node in nodes} | {one.id: one.position for one in drawn}
