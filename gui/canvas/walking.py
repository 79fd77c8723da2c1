"""Going from place to place with the arrow keys, and along the wires."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, Qt

from engine.graph.model import Graph
from engine.graph.order import reachable

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Which way a key points: (1, 0) is right, (0, -1) is up."""


def nearest_towards(
    start: QPointF, places: Sequence[QPointF], direction: tuple[int, int]
) -> int | None:
    """Which place is meant by an arrow key: near, and more ahead than aside. None if none is.

    direction: (1, 0) is right, (0, -1) is up.
    """
    best, best_cost = None, float("inf")
    for number, place in enumerate(places):
        away = place - start
        ahead = away.x() * direction[0] + away.y() * direction[1]
        aside = abs(away.x() * direction[1]) + abs(away.y() * direction[0])
        if ahead <= 1:
            continue
        # Twice as far aside as ahead is another direction.
        cost = ahead + 2 * aside if aside <= 2 * ahead else ahead + 20 * aside
        if cost < best_cost:
            best, best_cost = number, cost
    return best


def upstream(graph: Graph, ids: Iterable[str]) -> set[str]:
    """The nodes and all that feeds them."""
    return reachable(lambda i: [wire.source for wire in graph.incoming(i)], ids)


def downstream(graph: Graph, ids: Iterable[str]) -> set[str]:
    """The nodes and all that they feed."""
    return reachable(lambda i: [wire.target for wire in graph.outgoing(i)], ids)
