"""A layered layout: columns from the inputs to the losses, with as few crossings as is cheap.

Sugiyama, Tagawa, Toda (1981): longest-path layers, barycentre sweeps for the
order within each, then each node as near to its neighbours as the others allow.
It knows sizes and nothing of layers or graphs. Nodes are lined up by the line on
which their wires run, so that a chain becomes a straight row whatever its heights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Block(NamedTuple):
    """How much room a node takes: its width, and how far it reaches above and below its wires."""

    width: float
    above: float
    below: float


COLUMN_GAP = 64.0
ROW_GAP = 32.0
BEND = Block(0.0, 0.0, 0.0)
SWEEPS = 8
MOST_BENDS = 5_000


@dataclass
class Place:
    """A node, or a bend of a wire on its way through a column (which is 0 high).

    line: where its wires run, down from the top.
    """

    block: Block
    column: int
    before: list[Place] = field(default_factory=list)
    after: list[Place] = field(default_factory=list)
    order: float = 0.0
    line: float = 0.0


def arrange(
    blocks: Mapping[str, Block],
    wires: Iterable[tuple[str, str]],
    origin: tuple[float, float] = (0.0, 0.0),
    grid: float = 8.0,
) -> dict[str, tuple[float, float]]:
    """Top left corners for nodes of these sizes, from the top left corner `origin`.

    The lines of all nodes are on the grid, counted from the origin.

    wires: pairs of source and target; ends that have no block are left out, loops are cut.
    """
    pairs = [(a, b) for a, b in dict.fromkeys(wires) if a in blocks and b in blocks]
    columns_of = _layers(blocks, pairs)
    places = {i: Place(block, columns_of[i]) for i, block in blocks.items()}
    columns = _columns(places, pairs)
    _order(columns)
    _stack(columns)
    return _corners(places, columns, origin, grid)


def _layers(ids: Iterable[str], pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The length of the longest way that leads to each node; sources stand by their targets."""
    after: dict[str, list[str]] = {i: [] for i in ids}
    waits = dict.fromkeys(after, 0)
    for source, target in pairs:
        after[source].append(target)
        waits[target] += 1
    ready = [i for i, count in waits.items() if not count]
    layer = dict.fromkeys(after, 0)
    placed, rest = set(ready), iter(after)
    while True:
        for node in ready:  # grows while it is walked
            for target in after[node]:
                if target in placed:
                    continue
                layer[target] = max(layer[target], layer[node] + 1)
                waits[target] -= 1
                if not waits[target]:
                    ready.append(target)
                    placed.add(target)
        # Blocks can lead to each other in a ring, as wires cannot: it is cut at its first.
        first = next((i for i in rest if i not in placed), None)
        if first is None:
            break
        ready = [first]
        placed.add(first)
    fed = {target for _, target in pairs}
    for node in after:
        if node not in fed and after[node]:
            layer[node] = min(layer[target] for target in after[node]) - 1
    return layer


def _columns(places: Mapping[str, Place], pairs: Sequence[tuple[str, str]]) -> list[list[Place]]:
    """The places of each column, joined column by column.

    Wires of one source run together for as long as they can. The longest wires get no
    bends once there are `MOST_BENDS`, so that no graph takes long.
    """
    columns: list[list[Place]] = [[] for _ in range(_last(places) + 1)]
    for place in places.values():
        columns[place.column].append(place)
    bends: dict[tuple[str, int], Place] = {}
    by_length = sorted(pairs, key=lambda pair: places[pair[1]].column - places[pair[0]].column)
    for source, target in by_length:
        left, right = places[source], places[target]
        between = range(left.column + 1, right.column)
        if len(bends) + len(between) > MOST_BENDS:
            between = range(0)
        for column in between:
            bend = bends.get((source, column))
            if bend is None:
                bend = bends[source, column] = Place(BEND, column)
                columns[column].append(bend)
                _join(left, bend)
            left = bend
        _join(left, right)
    for members in columns:
        _number(members)
    return columns


def _last(places: Mapping[str, Place]) -> int:
    return max((place.column for place in places.values()), default=-1)


def _join(left: Place, right: Place) -> None:
    left.after.append(right)
    right.before.append(left)


def _order(columns: list[list[Place]]) -> None:
    """Sort each column by the mean place of its neighbours, sweeping there and back."""
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            keys = {id(place): _barycentre(place, forward) for place in column}
            column.sort(key=lambda place: keys[id(place)])
            _number(column)


def _number(column: list[Place]) -> None:
    for number, place in enumerate(column):
        place.order = number


def _barycentre(place: Place, forward: bool) -> float:
    neighbours = place.before if forward else place.after
    if not neighbours:
        return place.order
    return sum(other.order for other in neighbours) / len(neighbours)


def _stack(columns: list[list[Place]]) -> None:
    """The lines of all places: first stacked, then drawn towards their neighbours."""
    for column in columns:
        depth = 0.0
        for place in column:
            place.line = depth + place.block.above
            depth = place.line + place.block.below + ROW_GAP
        for place in column:
            place.line -= (depth - ROW_GAP) / 2
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            _settle(column, [_wish(place, forward) for place in column])


def _wish(place: Place, forward: bool) -> float:
    neighbours = (place.before if forward else place.after) or place.before or place.after
    if not neighbours:
        return place.line
    return sum(other.line for other in neighbours) / len(neighbours)


def _settle(column: list[Place], wishes: list[float]) -> None:
    """Give each its wish as nearly as the order and the gaps allow.

    Pool adjacent violators: places that would overlap become a block, which
    stands at the mean of what its members wish for it.
    """
    blocks: list[tuple[float, int]] = []  # where the first member wishes to start, members
    offsets: list[float] = []
    depth = 0.0
    for place, wish in zip(column, wishes, strict=True):
        offsets.append(depth + place.block.above)
        blocks.append((wish - offsets[-1], 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            last, members = blocks.pop()
            first, others = blocks.pop()
            total = members + others
            blocks.append(((first * others + last * members) / total, total))
        depth = offsets[-1] + place.block.below + ROW_GAP
    starts = [start for start, members in blocks for _ in range(members)]
    for place, start, offset in zip(column, starts, offsets, strict=True):
        place.line = start + offset


def _corners(
    places: Mapping[str, Place],
    columns: list[list[Place]],
    origin: tuple[float, float],
    grid: float,
) -> dict[str, tuple[float, float]]:
    lefts, left = [], origin[0]
    widths = [max((p.block.width for p in column), default=0.0) for column in columns]
    for width in widths:
        lefts.append(left)
        left += width + COLUMN_GAP
    top = min((place.line - place.block.above for place in places.values()), default=0.0)
    corners = {}
    for node_id, place in places.items():
        across = lefts[place.column] + (widths[place.column] - place.block.width) / 2
        line = math.ceil((place.line - top) / grid) * grid
        corners[node_id] = (round(across / grid) * grid, origin[1] + line - place.block.above)
    return corners
