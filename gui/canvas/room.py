"""The room that is made around what has become larger, and given back when a group folds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from engine.graph.groups import groups_among, members
from gui.canvas import metrics
from gui.document.document import Document
from gui.document.editing import Position

ROOM = 32.0
"""Between what has become larger and what had to make room for it."""

TOWARDS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


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


def steps_aside(box: QRectF, card: QRectF, others: Mapping[str, QRectF]) -> dict[str, Position]:
    """How far others step aside for a box that has come where a card stood.

    Where one of those on a side of the card is in the way, all on that side step as far.
    """
    steps = dict.fromkeys(TOWARDS, 0.0)
    sides = {key: _side(rect, card) for key, rect in others.items()}
    for key, rect in others.items():
        if rect.intersects(box.adjusted(-ROOM / 2, -ROOM / 2, ROOM / 2, ROOM / 2)):
            side = sides[key]
            steps[side] = max(steps[side], _needed(side, rect, box))
    aside = {
        side: -(-step // metrics.COARSE_SNAP) * metrics.COARSE_SNAP for side, step in steps.items()
    }
    return {
        key: (TOWARDS[side][0] * aside[side], TOWARDS[side][1] * aside[side])
        for key, side in sides.items()
        if aside[side]
    }


def _side(rect: QRectF, card: QRectF) -> str:
    """On which side of a card something stands."""
    if rect.left() >= card.right():
        return "right"
    if rect.right() <= card.left():
        return "left"
    return "down" if rect.center().y() >= card.center().y() else "up"


def _needed(side: str, rect: QRectF, box: QRectF) -> float:
    """How far something has to go to a side to stand clear of a box."""
    if side == "right":
        return box.right() + ROOM - rect.left()
    if side == "left":
        return rect.right() - box.left() + ROOM
    return box.bottom() + ROOM - rect.top() if side == "down" else rect.bottom() - box.top() + ROOM
