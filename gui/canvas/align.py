"""Lining things up: aligned edges, equal gaps, straight wires. Pure geometry.

Positions are top left corners; each function gives only those that change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

Corner = tuple[float, float]
LEAST_GAP = 4.0
"""Smaller gaps are not made equal: the boxes as good as touch."""

Edge = Literal["left", "center", "right", "top", "middle", "bottom"]


class Box(NamedTuple):
    """Where a node stands, its size, and how far below its top its wires run."""

    x: float
    y: float
    width: float
    height: float
    line: float


def align(boxes: Mapping[str, Box], edge: Edge) -> dict[str, Corner]:
    """Bring one edge of all to one line: the outermost edge, or the mean of the middles.

    "middle" lines nodes up by their wires, whatever their heights.
    """
    if edge in ("left", "right", "center"):
        to = _common(edge, [_across(box, edge) for box in boxes.values()])
        moved = {i: (box.x + to - _across(box, edge), box.y) for i, box in boxes.items()}
    else:
        to = _common(edge, [_down(box, edge) for box in boxes.values()])
        moved = {i: (box.x, box.y + to - _down(box, edge)) for i, box in boxes.items()}
    return _changed(boxes, moved)


def _across(box: Box, edge: Edge) -> float:
    return box.x + {"left": 0.0, "center": box.width / 2, "right": box.width}[edge]


def _down(box: Box, edge: Edge) -> float:
    return box.y + {"top": 0.0, "middle": box.line, "bottom": box.height}[edge]


def _common(edge: Edge, places: Sequence[float]) -> float:
    if edge in ("left", "top"):
        return min(places)
    if edge in ("right", "bottom"):
        return max(places)
    return round(sum(places) / len(places))


def distribute(boxes: Mapping[str, Box], axis: Literal["across", "down"]) -> dict[str, Corner]:
    """Make the gaps between neighbours equal; the first and the last stay. Needs three."""
    start = 0 if axis == "across" else 1
    in_order = sorted(boxes, key=lambda i: boxes[i][start])
    if len(in_order) < 3:
        return {}
    sizes = [boxes[i][start + 2] for i in in_order]
    first, last = boxes[in_order[0]], boxes[in_order[-1]]
    room = last[start] + last[start + 2] - first[start] - sum(sizes)
    gap, place = room / (len(in_order) - 1), first[start]
    moved: dict[str, Corner] = {}
    for node_id, size in zip(in_order, sizes, strict=True):
        box = boxes[node_id]
        at = round(place)
        moved[node_id] = (at, box.y) if axis == "across" else (box.x, at)
        place += size + gap
    return _changed(boxes, moved)


def straighten(boxes: Mapping[str, Box], wires: Iterable[tuple[str, str]]) -> dict[str, Corner]:
    """Bring nodes to the height at which the wires into them run level.

    wires: pairs of source and target, in order. Each node follows its first source,
    and each source is followed by one node, so that nodes never end up on each other.
    """
    source_of: dict[str, str] = {}
    followed: set[str] = set()
    for source, target in wires:
        apart = source in boxes and target in boxes and source != target
        if apart and target not in source_of and source not in followed:
            source_of[target] = source
            followed.add(source)
    lines: dict[str, float] = {}

    def line(node_id: str) -> float:
        """Where the wires of a chain run: where those of its first node do."""
        chain = [node_id]
        before = source_of.get(node_id, node_id)
        while before != chain[-1] and before != node_id and before not in lines:
            chain.append(before)
            before = source_of.get(before, before)
        level = lines.get(before, boxes[chain[-1]].y + boxes[chain[-1]].line)
        lines.update(dict.fromkeys(chain, level))
        return level

    moved = {i: (box.x, line(i) - box.line) for i, box in boxes.items()}
    return _changed(boxes, moved)


def _changed(boxes: Mapping[str, Box], moved: Mapping[str, Corner]) -> dict[str, Corner]:
    return {i: to for i, to in moved.items() if to != (boxes[i].x, boxes[i].y)}


class Guide(NamedTuple):
    """A line on which a dragged box and a standing one meet, or one of two equal gaps.

    upright: whether it runs down the canvas. place: its x if so, else its y.
    start, end: from where to where it runs. gap: whether it fills a gap.
    """

    upright: bool
    place: float
    start: float
    end: float
    gap: bool = False

    @property
    def holds_across(self) -> bool:
        """Whether it says where the box stands across the canvas, and not down it."""
        return self.upright != self.gap


def snap(moving: Box, others: Iterable[Box], reach: float) -> tuple[Corner, list[Guide]]:
    """How far to shift a box so that it lines up with others near by, and the lines that show it.

    Left and right edges and middles meet across; tops, bottoms and wires meet down. Where
    none meet, the gaps to neighbours in a row may become equal to each other or to the next.
    reach: how far it may be shifted.
    """
    standing = list(others)
    across, upright = _meet(_uprights(moving), standing, _uprights, reach)
    down, level = _meet(_levels(moving), standing, _levels, reach)
    spans: list[tuple[bool, float, float]] = []
    if not upright:
        across, gaps = _even(moving, standing, 0, reach)
        spans += [(False, *gap) for gap in gaps]
    if not level:
        down, gaps = _even(moving, standing, 1, reach)
        spans += [(True, *gap) for gap in gaps]
    shifted = moving._replace(x=moving.x + across, y=moving.y + down)
    guides = _guides(shifted, upright, level)
    middle = (shifted.x + shifted.width / 2, shifted.y + shifted.height / 2)
    guides += [Guide(up, middle[not up], a, b, gap=True) for up, a, b in spans]
    return (across, down), guides


def stretch(growing: Box, others: Iterable[Box], reach: float) -> tuple[Corner, list[Guide]]:
    """How far to pull the lower right corner of a box so that its edges meet those of others.

    The right edge meets left and right ones, the bottom tops and bottoms; and the lines that
    show it. reach: how far it may be pulled.
    """
    standing = list(others)
    right, bottom = growing.x + growing.width, growing.y + growing.height
    across, upright = _meet((right, right), standing, _sides, reach)
    down, level = _meet((bottom, bottom), standing, _ends, reach)
    grown = growing._replace(width=growing.width + across, height=growing.height + down)
    return (across, down), _guides(grown, upright, level)


def _guides(
    shifted: Box, upright: Mapping[float, list[Box]], level: Mapping[float, list[Box]]
) -> list[Guide]:
    """Lines through what a box now meets, by their places."""
    guides = []
    for place, boxes in upright.items():
        ends = [y for box in (*boxes, shifted) for y in (box.y, box.y + box.height)]
        guides.append(Guide(True, place, min(ends), max(ends)))
    for place, boxes in level.items():
        ends = [x for box in (*boxes, shifted) for x in (box.x, box.x + box.width)]
        guides.append(Guide(False, place, min(ends), max(ends)))
    return guides


def _even(
    moving: Box, standing: Sequence[Box], axis: int, reach: float
) -> tuple[float, list[tuple[float, float]]]:
    """The least shift with which gaps in the box's row (axis 0) or column (1) become equal.

    Also those gaps, from where to where; none if no shift within reach does it.
    """
    size, aside = moving[axis + 2], 1 - axis
    low, high = moving[aside], moving[aside] + moving[aside + 2]
    row = sorted(
        (box[axis], box[axis] + box[axis + 2])
        for box in standing
        if box[aside] < high and box[aside] + box[aside + 2] > low
    )
    middle = moving[axis] + size / 2
    before = [span for span in row if span[1] <= middle]
    after = [span for span in row if span[0] >= middle]
    places: list[tuple[float, list[tuple[float, float]]]] = []
    if before and after:
        start, end = before[-1][1], after[0][0]
        place = (start + end - size) / 2
        places.append((place, [(start, place), (place + size, end)]))
    if len(before) > 1:
        (_, first), (start, end) = before[-2:]
        place = end + start - first
        places.append((place, [(first, start), (end, place)]))
    if len(after) > 1:
        (start, end), (last, _) = after[:2]
        place = start - (last - end) - size
        places.append((place, [(place + size, start), (end, last)]))
    fitting = [
        (place - moving[axis], gaps)
        for place, gaps in places
        if abs(place - moving[axis]) <= reach and all(b - a >= LEAST_GAP for a, b in gaps)
    ]
    return min(fitting, key=lambda found: abs(found[0]), default=(0.0, []))


def _uprights(box: Box) -> tuple[float, ...]:
    return (box.x, box.x + box.width / 2, box.x + box.width)


def _levels(box: Box) -> tuple[float, ...]:
    return (box.y, box.y + box.line, box.y + box.height)


def _sides(box: Box) -> tuple[float, ...]:
    return (box.x, box.x + box.width)


def _ends(box: Box) -> tuple[float, ...]:
    return (box.y, box.y + box.height)


def _meet(
    mine: tuple[float, ...],
    standing: Sequence[Box],
    lines_of: Callable[[Box], tuple[float, ...]],
    reach: float,
) -> tuple[float, dict[float, list[Box]]]:
    """The least shift with which two lines of one kind meet, and where lines then meet.

    mine: the lines of what is shifted, in the order in which `lines_of` has those of the others.
    """
    shifts = [
        (theirs - own, box)
        for box in standing
        for own, theirs in zip(mine, lines_of(box), strict=True)
        if abs(theirs - own) <= reach
    ]
    if not shifts:
        return 0.0, {}
    shift = min((found for found, _ in shifts), key=abs)
    met: dict[float, list[Box]] = {}
    for box in standing:
        for own, theirs in zip(mine, lines_of(box), strict=True):
            if abs(theirs - own - shift) < 0.5:
                met.setdefault(theirs, []).append(box)
    return shift, met
