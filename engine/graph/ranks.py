"""A topological order that is kept up to date as edges come, for finding loops quickly.

Pearce, Kelly, A dynamic topological sort algorithm for directed acyclic graphs, 2006.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

Edges = Callable[[str], Iterable[str]]
"""What the edges from an item lead to, or those to it come from."""


class Ranks:
    """Numbers that grow along every edge.

    An item keeps its number when it is removed, so that one which comes back with its
    edges, as by an undo, costs no search.
    """

    def __init__(self, items: Iterable[str] = ()) -> None:
        """items: in an order in which every edge leads on."""
        self._rank = {item: number for number, item in enumerate(items)}

    def add(self, item: str) -> None:
        """Give a new item the last number."""
        self._rank.setdefault(item, len(self._rank))

    def closes_loop(self, source: str, target: str, followers: Edges) -> bool:
        """Whether an edge would close a loop with those that are there."""
        if self._rank[source] < self._rank[target]:
            return False
        return source in self._between(target, followers, self._rank[source], 1)

    def connect(self, source: str, target: str, followers: Edges, leaders: Edges) -> None:
        """Make the numbers grow along an edge that closes no loop, before it is drawn."""
        rank = self._rank
        if rank[source] < rank[target]:
            return
        behind = self._between(target, followers, rank[source], 1)
        ahead = self._between(source, leaders, rank[target], -1)
        in_order = [*sorted(ahead, key=rank.__getitem__), *sorted(behind, key=rank.__getitem__)]
        for item, number in zip(in_order, sorted(rank[i] for i in in_order), strict=True):
            rank[item] = number

    def _between(self, start: str, next_of: Edges, limit: int, sign: int) -> set[str]:
        """What paths lead to from `start` without passing a number."""
        found, waiting = {start}, [start]
        while waiting:
            for item in next_of(waiting.pop()):
                if item not in found and sign * self._rank[item] <= sign * limit:
                    found.add(item)
                    waiting.append(item)
        return found
