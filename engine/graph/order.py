"""Orders on a graph, written on functions so that they serve any graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from engine.errors import CycleError

Item = TypeVar("Item")


def reaches(successors: Callable[[Item], Iterable[Item]], start: Item, goal: Item) -> bool:
    """Whether a path leads from `start` to `goal`; every item reaches itself."""
    seen = {start}
    waiting = [start]
    while waiting:
        item = waiting.pop()
        if item == goal:
            return True
        for follower in successors(item):
            if follower not in seen:
                seen.add(follower)
                waiting.append(follower)
    return False


def reachable(successors: Callable[[Item], Iterable[Item]], starts: Iterable[Item]) -> set[Item]:
    """`starts` and everything that a path leads to from them."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for follower in successors(waiting.pop()):
            if follower not in seen:
                seen.add(follower)
                waiting.append(follower)
    return seen


def topological(items: Iterable[Item], successors: Callable[[Item], Iterable[Item]]) -> list[Item]:
    """`items` so that each stands before its successors; ties keep the order given.

    Kahn's algorithm (1962). Raises CycleError if there is a loop.
    """
    items = list(items)
    waits_for = dict.fromkeys(items, 0)
    for item in items:
        for follower in successors(item):
            waits_for[follower] += 1
    ready = [item for item in items if waits_for[item] == 0]
    for item in ready:  # grows while it is walked
        for follower in successors(item):
            waits_for[follower] -= 1
            if waits_for[follower] == 0:
                ready.append(follower)
    if len(ready) < len(items):
        raise CycleError("The wires close a loop, so there is no order to compute in.")
    return ready


def components(
    items: Iterable[Item], successors: Callable[[Item], Iterable[Item]]
) -> list[list[Item]]:
    """The strongly connected components: items that each lead to all the others, by some path.

    Each stands before those that it leads to; within one the order is that given.
    Tarjan, Depth-first search and linear graph algorithms, 1972.
    """
    items = list(items)
    number: dict[Item, int] = {}
    lowest: dict[Item, int] = {}
    waiting: dict[Item, None] = {}
    found: list[list[Item]] = []
    for start in items:
        if start in number:
            continue
        number[start] = lowest[start] = len(number)
        waiting[start] = None
        path = [(start, iter(successors(start)))]
        while path:
            item, rest = path[-1]
            for follower in rest:
                if follower not in number:
                    number[follower] = lowest[follower] = len(number)
                    waiting[follower] = None
                    path.append((follower, iter(successors(follower))))
                    break
                if follower in waiting:
                    lowest[item] = min(lowest[item], number[follower])
            else:
                path.pop()
                if path:
                    before = path[-1][0]
                    lowest[before] = min(lowest[before], lowest[item])
                if lowest[item] == number[item]:
                    members = set()
                    while item not in members:
                        members.add(waiting.popitem()[0])
                    found.append(list(members))
    place = {item: index for index, item in enumerate(items)}
    return [sorted(members, key=place.__getitem__) for members in reversed(found)]
