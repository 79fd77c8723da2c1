"""The steps of a layer that does the same at each of many times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, cycle, islice, repeat
from typing import Any

from engine.workspace import Array

Call = tuple[Any, ...]
"""A function and its arguments, the last of them where the result goes.

A tuple among them has one thing for each time; everything else is the same at all times.
"""


def in_turn(calls: Iterable[Call], backwards: bool = False) -> Iterator[tuple[Any, ...]]:
    """All calls at the first time, then all at the second, ...; or from the last time to the first.

    One of them at least has a tuple. Long sequences make hundreds of thousands of steps:
    this takes a tenth of adding one after the other.
    """
    order = reversed if backwards else iter
    of_each = [
        zip(*[order(part) if type(part) is tuple else repeat(part) for part in call], strict=False)
        for call in calls
    ]
    return chain.from_iterable(zip(*of_each, strict=False))


def at_each(array: Array, count: int, first: int = 0) -> tuple[Array, ...]:
    """What each of `count` times has of an array, along its first axis.

    first: the place of the first time. Where there are too few, they are used in turn.
    """
    if first + count <= len(array):
        return tuple(array[first : first + count])
    return tuple(islice(cycle(array), first, first + count))
