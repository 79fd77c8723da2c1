"""The way back from the places of a kernel to the image that it moved over.

Every place hands a value to each pixel that the kernel saw from there. Adding
them up pixel by pixel, instead of place by place, needs copies and matrix
products alone. Pixels that are a whole stride apart are seen by the same values
of the kernel: they are one phase, and are computed together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from engine.layers.padding import Sides
from engine.layers.patches import Columns, Surrounded, Window, in_groups, stepped, surrounded
from engine.layers.small_products import multiply_groups
from engine.workspace import AddStep, Array, Way, Workspace, shares


@dataclass(frozen=True)
class Phase:
    """Along one axis, the pixels first, first + stride, ...

    taps: which values of the kernel see them, from the last to the first, so that
        the places that they see them from go up.
    place: from where the last of `taps` sees the first pixel; may lie outside.
    step: how far apart the places of two taps are.
    """

    first: int
    count: int
    taps: tuple[int, ...]
    place: int
    step: int

    @property
    def end(self) -> int:
        """The last place that is read, and one more."""
        return self.place + self.step * max(0, len(self.taps) - 1) + self.count


def phases(window: Window) -> tuple[Phase, ...]:
    """All pixels of an axis, by phase."""
    found = []
    for first in range(min(window.stride, window.length)):
        place, shift = divmod(first + window.added[0], window.stride)
        seen = [
            (tap, (tap * window.dilation - shift) // window.stride)
            for tap in range(window.kernel)
            if (tap * window.dilation - shift) % window.stride == 0
        ]
        seen.reverse()
        step = seen[0][1] - seen[1][1] if len(seen) > 1 else 1
        found.append(
            Phase(
                first,
                count=-(-(window.length - first) // window.stride),
                taps=tuple(tap for tap, _ in seen),
                place=place - seen[0][1] if seen else 0,
                step=step,
            )
        )
    return tuple(found)


def margins_for(window: Window) -> Sides:
    """How many places outside the kernel's own are read, before and after them."""
    read = [phase for phase in phases(window) if phase.taps]
    before = max((-phase.place for phase in read), default=0)
    after = max((phase.end - window.places for phase in read), default=0)
    return max(0, before), max(0, after)


def with_margins(work: Workspace, places: Array, windows: Sequence[Window]) -> Surrounded:
    """Room for what stands at the places, with as many zeros around as are read."""
    return surrounded(work, places, [margins_for(window) for window in windows])


def pairs_of_phases(windows: Sequence[Window]) -> Iterator[tuple[Phase, Phase]]:
    rows, columns = windows
    return product(phases(rows), phases(columns))


def pixels(image: Array, windows: Sequence[Window], pair: tuple[Phase, Phase]) -> Array:
    """The pixels of one phase, a view of an image (C, H, W, N)."""
    (rows, columns), (down, right) = windows, pair
    return image[:, down.first :: rows.stride, right.first :: columns.stride]


class SpreadProduct:
    """Spread values by a kernel: image = Σ Kᵀ places, what a transposed convolution does.

    places: (O, H_out, W_out, N), already with margins. kernel: (G, O / G, C / G, K_h, K_w).
    image: (C, H, W, N), overwritten. bias: (C,), added to every pixel.
    """

    def __init__(
        self,
        work: Workspace,
        places: Surrounded,
        kernel: Array,
        image: Array,
        windows: Sequence[Window],
        bias: Array | None = None,
    ) -> None:
        self.work = work
        self.places = places
        self.kernel = kernel
        self.image = image
        self.windows = windows
        self.bias = bias
        self._before = [margins_for(window)[0] for window in windows]

    def bind(self, way: Way) -> None:
        for pair in pairs_of_phases(self.windows):
            self._bind_phase(way, pair)

    def _bind_phase(self, way: Way, pair: tuple[Phase, Phase]) -> None:
        down, right = pair
        target = pixels(self.image, self.windows, pair)
        if self.bias is None and not (down.taps and right.taps):
            way(self.work)(target.fill, 0)
            return
        views = self._views(pair)
        matrix = self._matrix(way(self.work), pair)
        with self.work.lanes(target.size * matrix.shape[2]) as lanes:
            for lane, rows in shares(lanes, down.count):
                self._bind_rows(lane, way(lane), matrix, views[:, :, :, rows], target[:, rows])

    def _bind_rows(
        self, lane: Workspace, add_step: AddStep, matrix: Array, views: Array, target: Array
    ) -> None:
        """Some rows of the pixels of one phase."""
        columns = Columns(lane, views, len(self.kernel), with_ones=self.bias is not None)
        is_dense = target[0].flags.c_contiguous
        sums = target if is_dense else lane.scratch(*target.shape)
        for tile in columns.tiles:
            columns.gather(add_step, tile)
            # (G, C / G, D) @ (G, D, P) -> (G, C / G, P), with D = O / G and the taps
            out = in_groups(sums, columns.groups, tile)
            multiply_groups(add_step, matrix, columns.matrix(tile), out)
        if not is_dense:
            add_step(np.copyto, target, sums)

    def _views(self, pair: tuple[Phase, Phase]) -> Array:
        starts = [b + p.place if p.taps else 0 for b, p in zip(self._before, pair, strict=True)]
        down, right = pair
        return stepped(
            self.places.whole,
            (starts[0], starts[1]),
            (len(down.taps), len(right.taps), down.count, right.count),
            (down.step, right.step, 1, 1),
        )

    def _matrix(self, add_step: AddStep, pair: tuple[Phase, Phase]) -> Array:
        """The part of the kernel that a phase sees, turned, with the bias as last column."""
        groups, filters, channels, *_ = self.kernel.shape
        depth = filters * math.prod(len(phase.taps) for phase in pair)
        matrix = self.work.scratch(groups, channels, depth + (self.bias is not None))
        down, right = (_as_slice(phase.taps) for phase in pair)
        part = self.kernel.transpose(0, 2, 1, 3, 4)[..., down, right]
        if depth:
            add_step(np.copyto, matrix[:, :, :depth].reshape(part.shape), part)
        if self.bias is not None:
            add_step(np.copyto, matrix[:, :, -1], self.bias.reshape(groups, channels))
        return matrix


def _as_slice(taps: tuple[int, ...]) -> slice:
    """Indices that go down by equal steps, as a slice."""
    if not taps:
        return slice(0, 0)
    step = taps[1] - taps[0] if len(taps) > 1 else -1
    stop = taps[-1] + step
    return slice(taps[0], stop if stop >= 0 else None, step)


class SpreadSum:
    """Give what stands at each place to the pixel that one tap of the kernel sees from there.

    sent: (C, H_out, W_out, N), to be written before each `add`.
    """

    def __init__(
        self, work: Workspace, channels: int, image: Array, windows: Sequence[Window]
    ) -> None:
        rows, columns = windows
        self.work = work
        self.image = image
        self.windows = windows
        self.sent = work.scratch(channels, rows.places, columns.places, work.batch)
        self._room = with_margins(work, self.sent, windows)
        self._before = [margins_for(window)[0] for window in windows]
        self._pairs = tuple(pairs_of_phases(windows))
        self._pair_of = {
            tap: pair for pair in self._pairs for tap in product(*(phase.taps for phase in pair))
        }
        self._sums: dict[tuple[Phase, Phase], Array] = {}
        self._parts: dict[tuple[int, ...], Array] = {}

    def send(self, add_step: AddStep, changed: bool, tap: tuple[int, int]) -> None:
        """Add the steps that hand on `sent` by way of a tap.

        changed: whether `sent` was written since the last time.
        """
        if changed:
            self._room.fill(add_step, self.sent)
        pair = self._pair_of.get(tap)  # None if it never leaves the margins
        if pair is None:
            return
        seen = self._seen(pair, tap)
        if math.prod(len(phase.taps) for phase in pair) == 1:
            add_step(np.copyto, pixels(self.image, self.windows, pair), seen)
        elif pair not in self._sums:
            self._sums[pair] = self.work.scratch(*seen.shape)
            add_step(np.copyto, self._sums[pair], seen)
        else:
            if seen.shape not in self._parts:
                self._parts[seen.shape] = self.work.scratch(*seen.shape)
            total, part = self._sums[pair], self._parts[seen.shape]
            add_step(np.copyto, part, seen)
            add_step(np.add, total, part, out=total)

    def finish(self, add_step: AddStep) -> None:
        """Add the steps that write the sums into the image, and zeros where no tap looks."""
        for pair in self._pairs:
            target = pixels(self.image, self.windows, pair)
            if pair in self._sums:
                add_step(np.copyto, target, self._sums[pair])
            elif not all(phase.taps for phase in pair):
                add_step(target.fill, 0)

    def _seen(self, pair: tuple[Phase, Phase], tap: tuple[int, int]) -> Array:
        top, left = (
            before + phase.place + phase.step * phase.taps.index(index)
            for before, phase, index in zip(self._before, pair, tap, strict=True)
        )
        down, right = pair
        return self._room.whole[:, top : top + down.count, left : left + right.count]
