"""The way back from a kernel's places to the image where it moves by one: shifted rows.

`SpreadProduct` gathers, for each pixel, what every tap of the kernel sends there. Here only
the rows of places are gathered, in long runs; one product then makes what each of the
kernel's columns sends, and these are added up, each shifted by its place in the kernel. Rows
keep zeros behind them, so that no shift reaches into the next. A fifth of the gathering for
five columns, and a larger product: BLAS takes half of the time for 30 rows that it takes for
6, so that LeNet's second convolution is back in 0.65 of the time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.layers.padding import Sides
from engine.layers.patches import PASS, Surrounded, Window, stepped, tiles
from engine.layers.small_products import multiply
from engine.layers.spread import margins_for
from engine.workspace import AddStep, Array, Way, Workspace, shares

SLOW = 10
"""A product with M rows takes as long as one with M + 10 would at full speed, as measured."""


def pays(channels: int, filters: int, windows: Sequence[Window], groups: int) -> bool:
    """Whether `ShiftedProduct` can be used and is faster than `SpreadProduct`, as measured.

    Both costs are multiply-adds for one row of one example; half a pass over what is gathered.
    """
    rows, columns = windows
    if groups > 1 or any(window.stride > 1 for window in windows):
        return False
    gathered = filters * rows.kernel * columns.kernel * columns.places
    spread = gathered * (channels + SLOW + PASS // 2)
    gathered = filters * rows.kernel * columns.padded
    sums = channels * columns.kernel
    shifted = gathered * (sums + SLOW + PASS // 2) + sums * columns.padded * PASS // 2
    return shifted < spread


def margins(windows: Sequence[Window]) -> tuple[Sides, Sides]:
    """The zeros around what stands at the places: rows that are read, and room for shifts."""
    rows, columns = windows
    return margins_for(rows), (0, columns.padded - columns.places)


class ShiftedProduct:
    """Spread values by a kernel: image = Σ Kᵀ places, where all strides are 1.

    places: (O, H_out, W_out, N), with `margins`. kernel: (O, C, K_h, K_w). image:
    (C, H, W, N), overwritten.
    """

    def __init__(
        self,
        work: Workspace,
        places: Surrounded,
        kernel: Array,
        image: Array,
        windows: Sequence[Window],
    ) -> None:
        self.work, self.image, self.windows, self.kernel = work, image, windows, kernel
        rows, _ = windows
        before, _ = margins_for(rows)
        # The last tap of the kernel sees a pixel from the first of the places that see it.
        top = before + rows.added[0] - (rows.reach - 1)
        _, _, width, _ = places.whole.shape
        views = stepped(
            places.whole, (top, 0), (rows.kernel, 1, rows.length, width), (rows.dilation, 1, 1, 1)
        )
        self.views = views[:, :, 0]  # (O, K_h, H, W, N)

    def bind(self, way: Way) -> None:
        work = self.work
        filters, channels, high, wide = self.kernel.shape
        matrix = work.scratch(wide, channels, filters, high)
        way(work)(np.copyto, matrix, self.kernel[:, :, ::-1].transpose(3, 1, 0, 2))
        matrix = matrix.reshape(wide * channels, filters * high)
        with work.lanes(self.views.size * len(matrix)) as lanes:
            for lane, rows in shares(lanes, self.image.shape[1]):
                self._bind_rows(lane, way(lane), matrix, rows)

    def _bind_rows(self, lane: Workspace, add_step: AddStep, matrix: Array, rows: slice) -> None:
        views, image = self.views[:, :, rows], self.image[:, rows]
        _, _, count, width, batch = views.shape
        length, depth = matrix.shape
        parts = tiles(count, (length + depth) * width * batch)
        with lane.turn():
            most = max(tile.stop - tile.start for tile in parts) * width * batch
            seen, found = lane.scratch(depth * most), lane.scratch(length * most)
            for tile in parts:
                some = views[:, :, tile]
                size = some.shape[2] * width * batch
                gathered = seen[: depth * size].reshape(depth, size)
                sums = found[: length * size].reshape(length, size)
                add_step(np.copyto, gathered.reshape(some.shape), some)
                # (K_w C, O K_h) @ (O K_h, P) -> (K_w C, P)
                multiply(add_step, matrix, gathered, sums)
                self._bind_shifts(add_step, sums, image[:, tile])

    def _bind_shifts(self, add_step: AddStep, sums: Array, image: Array) -> None:
        """sums: (K_w C, rows W N), spoiled."""
        _, columns = self.windows
        channels, rows, length, batch = image.shape
        first, *others = sums.reshape(columns.kernel, -1)
        for place, other in enumerate(others, 1):
            here = first[place * columns.dilation * batch :]
            add_step(np.add, here, other[: len(here)], out=here)
        whole = first.reshape(channels, rows, -1, batch)
        left = columns.added[0]
        add_step(np.copyto, image, whole[:, :, left : left + length])
