"""A layered layout: columns from the inputs to the losses, with as few crossings as is cheap.

Sugiyama, Tagawa, Toda (1981): longest-path layers, barycentre sweeps for the
order within each, then each node as near to its neighbours as the others allow.
It knows sizes and nothing of layers or graphs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Size = tuple[float, float]

COLUMN_GAP = 64.0
ROW_GAP = 24.0
SWEEPS = 8


@dataclass
class Place:
    """A node, or a bend of a wire on its way through a column (which is 0 high)."""

    width: float
    height: float
    column: int
    before: list[Place] = field(default_factory=list)
    after: list[Place] = field(default_factory=list)
    order: float = 0.0
    middle: float = 0.0


def arrange(
    sizes: Mapping[str, Size],
    wires: Iterable[tuple[str, str]],
    origin: tuple[float, float] = (0.0, 0.0),
    grid: float = 8.0,
) -> dict[str, tuple[float, float]]:
    """Top left corners for nodes of these sizes, from the top left corner `origin`.

    wires: pairs of source and target, without loops; ends that have no size are left out.
    """
    pairs = [(a, b) for a, b in dict.fromkeys(wires) if a in sizes and b in sizes]
    columns_of = _layers(sizes, pairs)
    places = {i: Place(*sizes[i], columns_of[i]) for i in sizes}
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
    for node in ready:  # grows while it is walked
        for target in after[node]:
            layer[target] = max(layer[target], layer[node] + 1)
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    fed = {target for _, target in pairs}
    for node in ready:
        if node not in fed and after[node]:
            layer[node] = min(layer[target] for target in after[node]) - 1
    return layer


def _columns(places: Mapping[str, Place], pairs: Sequence[tuple[str, str]]) -> list[list[Place]]:
    columns: list[list[Place]] = [[] for _ in range(_last(places) + 1)]
    for place in places.values():
        columns[place.column].append(place)
    for source, target in pairs:
        left, right = places[source], places[target]
        for column in range(left.column + 1, right.column):
            bend = Place(0, 0, column)
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
    """Middles of all places: first stacked, then drawn towards their neighbours."""
    for column in columns:
        top = 0.0
        for place in column:
            place.middle = top + place.height / 2
            top += place.height + ROW_GAP
        for place in column:
            place.middle -= (top - ROW_GAP) / 2
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for column in columns if forward else reversed(columns):
            _settle(column, [_wish(place, forward) for place in column])


def _wish(place: Place, forward: bool) -> float:
    neighbours = (place.before if forward else place.after) or place.before or place.after
    if not neighbours:
        return place.middle
    return sum(other.middle for other in neighbours) / len(neighbours)


def _settle(column: list[Place], wishes: list[float]) -> None:
    """Give each its wish as nearly as the order and the gaps allow.

    Pool adjacent violators: places that would overlap become a block, which
    stands at the mean of what its members wish for it.
    """
    blocks: list[tuple[float, int]] = []  # where the first member wishes to start, members
    offsets: list[float] = []
    depth = 0.0
    for place, wish in zip(column, wishes, strict=True):
        offsets.append(depth + place.height / 2)
        blocks.append((wish - offsets[-1], 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            last, members = blocks.pop()
            first, others = blocks.pop()
            total = members + others
            blocks.append(((first * others + last * members) / total, total))
        depth += place.height + ROW_GAP
    starts = [start for start, members in blocks for _ in range(members)]
    for place, start, offset in zip(column, starts, offsets, strict=True):
        place.middle = start + offset


def _corners(
    places: Mapping[str, Place],
    columns: list[list[Place]],
    origin: tuple[float, float],
    grid: float,
) -> dict[str, tuple[float, float]]:
    lefts, left = [], origin[0]
    widths = [max((place.width for place in column), default=0.0) for column in columns]
    for width in widths:
        lefts.append(left)
        left += width + COLUMN_GAP
    top = min((place.middle - place.height / 2 for place in places.values()), default=0.0)
    corners = {}
    for node_id, place in places.items():
        across = lefts[place.column] + (widths[place.column] - place.width) / 2
        down = origin[1] + place.middle - place.height / 2 - top
        corners[node_id] = (round(across / grid) * grid, round(down / grid) * grid)
    return corners
