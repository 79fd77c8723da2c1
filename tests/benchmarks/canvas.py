"""How fast the canvas is with large networks, in the real window; its canvas is 1600x1000.

Every time is the best of several medians. Beside each frame stands how many times as long it takes
as the same on a bare view of as many plain rectangles, on the same machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from statistics import median
from typing import Any

from tests.benchmarks.canvas_stage import Plain, Shown, milliseconds, once, shown
from tests.benchmarks.networks import mixed, neurons

Row = dict[str, Any]

PAN, CLOSE, WHOLE = "Panning", "A full frame at 100 %", "A full frame of the whole"
"""What is painted, as the titles of the rows say it."""

OPEN, DROP, ALL, MEMORY = "open", "drop", "all", "memory"

PROMISED: dict[int, dict[str, float]] = {
    1_000: {PAN: 4.0, CLOSE: 16.0, WHOLE: 30.0},
    10_000: {PAN: 6.0, WHOLE: 120.0, OPEN: 3_000.0, DROP: 16.0, ALL: 300.0, MEMORY: 300.0},
}

LAYOUT_MS = 300.0
"""For a layout of 1,000 nodes."""


def frames(stage: Shown) -> dict[str, float]:
    """How long it takes to paint, in milliseconds."""
    stage.go_close()
    found = {PAN: milliseconds(stage.pan), CLOSE: milliseconds(stage.frame)}
    stage.canvas.fit()
    stage.settle()
    return {**found, WHOLE: milliseconds(stage.frame, frames=4)}


def bare_frames(count: int) -> dict[str, float]:
    """The same for plain rectangles."""
    plain = Plain(count)
    found = {PAN: milliseconds(plain.pan), CLOSE: milliseconds(plain.frame)}
    plain.fit()
    found[WHOLE] = milliseconds(plain.frame, frames=4)
    plain.close()
    return found


def drags(stage: Shown) -> tuple[float, float]:
    """One node dragged with the mouse: a step of the drag, and letting go, with all that is
    known about the network up to date and seen."""
    key = stage.go_close()
    turns = [_drag(stage, key) for _ in range(3)]
    return min(moving for moving, _ in turns), min(dropping for _, dropping in turns)


def _drag(stage: Shown, key: str) -> tuple[float, float]:
    """Medians of a few drags up and down."""
    moves: list[float] = []
    drops: list[float] = []
    for turn in range(6):
        stage.rest()
        down = 1 if turn % 2 else -1
        place = stage.hand.node(key)
        stage.hand.press(place)
        stage.hand.move(stage.below(place, 24 * down))
        for step in range(1, 9):
            end = stage.below(place, (24 + 8 * step) * down)
            moves.append(once(lambda end=end: stage.hand.move(end)))
        drops.append(once(lambda end=end: (stage.hand.release(end), stage.settle())))
    return median(moves), median(drops)


def selecting(stage: Shown) -> float:
    """Selecting all, until it is seen."""
    return min(_select(stage) for _ in range(3))


def _select(stage: Shown) -> float:
    stage.document.select(())
    stage.settle()
    return once(lambda: (stage.canvas.select_all(), stage.settle()))


def layouts() -> dict[str, float]:
    """How long it takes to arrange 1,000 nodes, by how they are wired."""
    from gui.canvas.arrange import Block, arrange

    count, chance = 1_000, random.Random(7)
    blocks = {str(i): Block(144.0, 24.0, 24.0) for i in range(count)}
    wired = {
        "a chain": [(i, i + 1) for i in range(count - 1)],
        "skips": [(i, i + step) for step in (1, 3) for i in range(count - step)],
        "neurons": [
            (i, j)
            for i in range(900)
            for j in range(100 * (i // 100 + 1), i + 200)
            if j // 100 == i // 100 + 1
        ],
        "at random": [tuple(sorted(chance.sample(range(count), 2))) for _ in range(1_300)],
        "a hub": [(0, i) for i in range(1, count)],
    }
    return {
        name: milliseconds(
            lambda wires=[(str(a), str(b)) for a, b in wires]: arrange(blocks, wires), 1, 3
        )
        for name, wires in wired.items()
    }


def rows() -> list[Row]:
    """What the table of all benchmarks shows."""
    return [
        *_rows(1_000),
        *_grouped(1_000),
        *_rows(10_000),
        *_layout(),
        *_neurons(),
    ]


def _rows(count: int) -> Iterator[Row]:
    promised, bare = PROMISED[count], bare_frames(count)
    with shown(mixed(count)) as stage:
        for what, time in frames(stage).items():
            note = f"{time / bare[what]:.1f} times a bare view of as many rectangles"
            yield _row(f"{what} among {count:,} nodes", time, promised.get(what), note)
        step, drop = drags(stage)
        title = f"Moving one of {count:,} nodes, until all is checked and seen"
        yield _row(title, drop, promised.get(DROP), f"{step:.1f} ms a step of the drag")
        yield _row(f"Selecting all {count:,} nodes", selecting(stage), promised.get(ALL))
        yield _row(f"Opening a file of {count:,} nodes", stage.opened, promised.get(OPEN))
        limit = promised.get(MEMORY)
        yield {
            "name": f"canvas-{count}-memory",
            "title": f"Memory for {count:,} nodes, above the empty window",
            "megabytes": stage.memory,
            "target": limit,
            "passed": None if limit is None else stage.memory <= limit,
        }


def _grouped(count: int) -> Iterator[Row]:
    with shown(mixed(count, grouped=True)) as stage:
        for what, time in frames(stage).items():
            title = f"{what} among {count:,} nodes, half of them in groups"
            yield _row(title, time, PROMISED[count][what])


def _layout() -> Iterator[Row]:
    found = layouts()
    worst = max(found, key=lambda name: found[name])
    note = "the worst of " + ", ".join(f"{name} {time:.0f} ms" for name, time in found.items())
    yield _row("Arranging 1,000 nodes", found[worst], LAYOUT_MS, note)


def _neurons() -> Iterator[Row]:
    with shown(neurons()) as stage:
        note = f"{stage.memory:.0f} MB above the empty window"
        yield _row("Opening 1,000 neurons with 90,000 wires", stage.opened, None, note)


def _row(title: str, time: float, target: float | None, note: str = "") -> Row:
    return {
        "name": "canvas-" + title.lower().replace(" ", "-"),
        "title": title,
        "milliseconds": time,
        "target": target,
        "passed": None if target is None else time <= target,
        "note": note,
    }
