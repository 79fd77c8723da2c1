"""Windows that move by one: what a tap of theirs sees is a run of the padded image, moved on.

Places keep the rows of the padded image, with room behind them. So what a tap sees from all
places lies in one piece, on which ufuncs work without a copy. Nobody reads what then stands in
the room behind.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.layers.patches import Window
from engine.workspace import Array

ROOM = 2.5
"""So many times the numbers of the places, room included, still take less time, as measured."""


def pay(windows: Sequence[Window]) -> bool:
    """Whether windows move by one, with little room behind their places."""
    rows, columns = windows
    room = rows.padded * columns.padded
    return rows.stride == columns.stride == 1 and room <= ROOM * rows.places * columns.places


class Runs:
    """What taps see from places in a padded image (C, H', W', N), which is one piece of memory.

    steps: how far on the next tap sees, down and right, as numbers in memory.
    reach: how far on the last one sees.
    """

    def __init__(self, padded: Array, windows: Sequence[Window]) -> None:
        rows, columns = windows
        _, _, width, batch = padded.shape
        self.padded = padded
        self.windows = windows
        self.steps = rows.dilation * width * batch, columns.dilation * batch
        self.reach = (rows.kernel - 1) * self.steps[0] + (columns.kernel - 1) * self.steps[1]

    def seen(self, array: Array, i: int, j: int) -> Array:
        """What a tap sees in such an image; the first tap sees the places themselves."""
        start = i * self.steps[0] + j * self.steps[1]
        return array.reshape(-1)[start : start + array.size - self.reach]

    def image(self, array: Array) -> Array:
        """Such an image without its margins, a view."""
        (top, high), (left, wide) = ((w.added[0], w.length) for w in self.windows)
        return array[:, top : top + high, left : left + wide]

    def places(self, array: Array) -> Array:
        """Such an image without the room behind the places, a view."""
        rows, columns = self.windows
        return array[:, : rows.places, : columns.places]
