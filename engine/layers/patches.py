"""Images cut into the patches that a kernel sees.

An image (C, H, W, N) becomes columns: one for each place of the kernel and
each example, with the C K_h K_w values that the kernel sees there. Then a
convolution is one matrix product. Columns are made for some rows of places at
a time, so that they stay in the processor's cache between being written and
being multiplied.

Views with steps are only ever copied. Ufuncs on them would first copy them
into NumPy's own buffer, piece by piece, which takes four times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.layers.padding import Sides
from engine.workspace import AddStep, Array, Way, Workspace, shares

PASS = 16
"""What reading and writing a number costs, in multiply-adds of a large product, as measured."""

CACHE = 131_072
"""Numbers in the columns of one tile, at most: half a mebibyte of float32, as measured."""


@dataclass(frozen=True)
class Window:
    """How a kernel moves along one axis.

    length: of the image, without what is added. places: how many it visits.
    """

    length: int
    kernel: int
    stride: int
    dilation: int
    added: Sides
    places: int

    @property
    def reach(self) -> int:
        """How many values the kernel spans, those that it skips included."""
        return reach(self.kernel, self.dilation)

    @property
    def padded(self) -> int:
        return sum(self.added) + self.length


def reach(kernel: int, dilation: int) -> int:
    return dilation * (kernel - 1) + 1


@dataclass(frozen=True)
class Surrounded:
    """An image (C, H, W, N) with margins, in memory of its own if it has any.

    whole: with the margins. inside: without.
    """

    whole: Array
    inside: Array

    def fill(self, add_step: AddStep, image: Array) -> None:
        """Add the step that copies an image in, where it is not the image itself."""
        if self.whole is not image:
            add_step(np.copyto, self.inside, image)

    def fill_in_lanes(self, work: Workspace, way: Way, image: Array) -> None:
        """The same in lanes, each with some of the channels."""
        with work.lanes(PASS * image.size) as lanes:
            for lane, channels in shares(lanes, len(image)):
                if self.whole is not image:
                    way(lane)(np.copyto, self.inside[channels], image[channels])


def surrounded(
    work: Workspace, image: Array, margins: Sequence[Sides], value: float = 0
) -> Surrounded:
    """Room for an image with margins that hold a value; itself if it has none."""
    if not any(any(sides) for sides in margins):
        return Surrounded(image, image)
    channels, height, width, batch = image.shape
    (top, bottom), (left, right) = margins
    shape = channels, top + height + bottom, left + width + right, batch
    if value:
        whole = work.buffer(*shape)
        whole.fill(value)
    else:
        whole = work.cleared(*shape)
    return Surrounded(whole, whole[:, top : top + height, left : left + width])


def in_scratch(
    work: Workspace, way: Way, image: Array, margins: Sequence[Sides], value: float = 0
) -> Surrounded:
    """Room as `surrounded` gives, in scratch memory, and the steps that fill its margins."""
    if not any(any(sides) for sides in margins):
        return Surrounded(image, image)
    channels, height, width, batch = image.shape
    (top, bottom), (left, right) = margins
    whole = work.scratch(channels, top + height + bottom, left + width + right, batch)
    add_step = way(work)
    for margin in (whole[:, :top], whole[:, top + height :]):
        if margin.size:
            add_step(margin.fill, value)
    inside = whole[:, top : top + height]
    for margin in (inside[:, :, :left], inside[:, :, left + width :]):
        if margin.size:
            add_step(margin.fill, value)
    return Surrounded(whole, inside[:, :, left : left + width])


def taps(padded: Array, windows: Sequence[Window]) -> Array:
    """What each value of the kernel sees: a view (C, K_h, K_w, H_out, W_out, N)."""
    rows, columns = windows
    return stepped(
        padded,
        starts=(0, 0),
        counts=(rows.kernel, columns.kernel, rows.places, columns.places),
        steps=(rows.dilation, columns.dilation, rows.stride, columns.stride),
    )


def stepped(
    image: Array, starts: tuple[int, int], counts: Sequence[int], steps: Sequence[int]
) -> Array:
    """A view (C, A, B, H, W, N) of an image: A and H step down in it, B and W to the right."""
    top, left = starts
    channel, down, right, example = image.strides
    units = (down, right, down, right)
    return np.lib.stride_tricks.as_strided(
        image[:, top:, left:],
        (len(image), *counts, image.shape[-1]),
        (channel, *(unit * step for unit, step in zip(units, steps, strict=True)), example),
    )


class Columns:
    """The columns of some views (C, K_h, K_w, H, W, N) of an image, tile by tile.

    groups: parts of the channels whose columns are matrices of their own.
    with_ones: each group's columns end with a row of ones, which meets the bias.
    tiles: the rows of places that are columns at one time.
    """

    def __init__(
        self, work: Workspace, views: Array, groups: int = 1, with_ones: bool = False
    ) -> None:
        channels, high, wide, rows, columns, batch = views.shape
        self.groups = groups
        self.depth = channels // groups * high * wide
        channel, *others = views.strides
        self._views = np.lib.stride_tricks.as_strided(
            views,
            (groups, channels // groups, *views.shape[1:]),
            (channels // groups * channel, channel, *others),
        )
        self._width = columns * batch
        self.tiles = tiles(rows, groups * (self.depth + with_ones) * self._width)
        most = max(tile.stop - tile.start for tile in self.tiles) * self._width
        # One tile is still there in the backward pass, which then need not gather it again.
        make = work.buffer if len(self.tiles) == 1 and work.training else work.scratch
        self._memory = make(groups, self.depth + with_ones, most)
        self._with_ones = with_ones

    def matrix(self, tile: slice) -> Array:
        """The columns of a tile: (G, C / G K_h K_w, and 1 if with ones, places N)."""
        return self._memory[:, :, : (tile.stop - tile.start) * self._width]

    def gather(self, add_step: AddStep, tile: slice) -> None:
        """Add the steps that write the patches of a tile into its columns."""
        if self._with_ones and tile.start == 0:
            add_step(self._memory[:, -1].fill, 1)
        views = self._views[..., tile, :, :]
        if views.size:
            add_step(np.copyto, self.matrix(tile)[:, : self.depth].reshape(views.shape), views)


def in_groups(image: Array, groups: int, tile: slice) -> Array:
    """Some rows of an image (C, H, W, N) as matrices (G, C / G, rows W N), a view."""
    return image[:, tile].reshape(groups, len(image) // groups, -1)


def tiles(rows: int, size: int) -> tuple[slice, ...]:
    """Rows of places in tiles of about one length. size: numbers in the columns of one row."""
    most = max(1, CACHE // max(1, size))
    count = -(-rows // most)
    bounds = [rows * number // count for number in range(count + 1)]
    return tuple(slice(a, b) for a, b in pairwise(bounds))
