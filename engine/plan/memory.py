"""Memory that starts where the processor likes to read."""

from __future__ import annotations

import math
import mmap
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from engine.workspace import Array

CACHE_LINE = 64
SMALLEST, LARGEST = 1 << 13, 1 << 25
"""Bytes of a block of memory that arrays are cut from. Each is twice as large as the one before."""

PAGED = 1 << 20
"""Bytes of a block that comes from the system page by page, at least."""

ALONE = 1 << 22
"""Bytes of an array that has a block of its own, at least: else much of others stays unused."""

SPARE = 8 * CACHE_LINE

Take = Callable[[tuple[int, ...], np.dtype[Any]], Array]
"""Where an array of a shape comes from: of its own, or shared."""


class Store:
    """Memory of a plan's own, for as long as it lives.

    Arrays are cut from blocks: one that NumPy makes by itself takes twice the bookkeeping and
    ten times as long, and deep networks have many thousands. A large block takes no memory and
    no time before it is written to.
    """

    def __init__(self) -> None:
        self._block = zeros(0, np.uint8)
        self._used = 0
        self._pages: list[mmap.mmap] = []
        self._constants: dict[Hashable, Array] = {}

    def zeros(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """An array of zeros that starts at a cache line."""
        size = math.prod(shape) * dtype.itemsize
        if size >= ALONE:
            return np.ndarray(shape, dtype, self._new_block(size))
        if self._used + size > self._block.size:
            twice = max(SMALLEST, size, 2 * self._block.size)
            self._block = self._new_block(min(LARGEST, twice))
            self._used = 0
        array: Array = np.ndarray(shape, dtype, self._block, self._used)
        self._used += _with_gap(size)
        return array

    def settle(self) -> None:
        """All is handed out: the system may give large memory in pages of 2 MiB.

        Steps of large networks are up to a thirtieth faster so. Before, a single number that is
        written would have taken a whole page.
        """
        for pages in self._pages:
            if len(pages) >= ALONE:
                _advise(pages, "MADV_HUGEPAGE")

    def _new_block(self, size: int) -> Array:
        """Zeros, in bytes. Raises MemoryError."""
        if size < PAGED:
            return zeros(size, np.uint8)
        # NumPy's own would be cleared at once where it lies in memory that was used before.
        private = {"flags": mmap.MAP_PRIVATE} if hasattr(mmap, "MAP_PRIVATE") else {}
        try:
            pages = mmap.mmap(-1, size, **private)
        except (OSError, OverflowError) as error:
            raise MemoryError(f"The system has no {size:,} bytes to give.") from error
        _advise(pages, "MADV_NOHUGEPAGE")
        self._pages.append(pages)
        return np.frombuffer(pages, np.uint8)

    def constant(self, values: ArrayLike, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """Numbers broadcast to a shape that cannot be written to, the same for all who ask."""
        given = np.asarray(values, dtype)
        key = given.tobytes(), given.shape, shape, dtype
        found = self._constants.get(key)
        if found is None:
            found = self._constants[key] = self.zeros(shape, dtype)
            found[...] = given
            found.flags.writeable = False
        return found


class Scratch:
    """Memory that the nodes of a plan use in turns, each all of it.

    Nodes run one after the other, so that what one has written there for itself
    need not outlive its turn.
    """

    def __init__(self) -> None:
        self._blocks: list[Array] = []
        self._rests: list[int] = []  # of each block, how many bytes are free
        self._others: dict[int, Scratch] = {}

    def begin(self) -> None:
        """The turn of the next node."""
        self._rests = [block.size for block in self._blocks]
        for other in self._others.values():
            other.begin()

    def turn(self) -> Turn:
        """For a `with` block: what is taken in it is free again after it."""
        return Turn(self)

    def free(self) -> list[int]:
        """Of each block, how many bytes are free."""
        return self._rests.copy()

    def give_back(self, free: list[int]) -> None:
        """Make free what was, and all blocks that there are since."""
        self._rests = free + [block.size for block in self._blocks[len(free) :]]

    def beside(self, place: int) -> Scratch:
        """Memory for steps that run at the same time as others: of the first lane its own."""
        return self._others.setdefault(place, Scratch()) if place else self

    def take(self, shape: tuple[int, ...], dtype: np.dtype[Any] | type) -> Array:
        """An array whose memory nobody else has until the next `begin`."""
        size = math.prod(shape) * np.dtype(dtype).itemsize
        place, rest = -1, 0
        for number, free in enumerate(self._rests):  # the least of those that it fits in
            if free >= size and (place < 0 or free < rest):
                place, rest = number, free
        if place < 0:
            # A little more, so that two halves fit in with the gap between them, and what has
            # one row more.
            rest = size + max(SPARE, size // 32)
            self._blocks.append(zeros(rest, np.uint8))
            self._rests.append(rest)
        block = self._blocks[place]
        array: Array = np.ndarray(shape, dtype, block, block.size - rest)
        self._rests[place] = rest - _with_gap(size)
        return array


class Turn:
    """A `with` block after which scratch memory is free as before it.

    A class: Python's `contextmanager` takes twice as long, and deep plans have many thousands.
    """

    __slots__ = ("_free", "_scratch")

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch

    def __enter__(self) -> None:
        self._free = self._scratch.free()

    def __exit__(self, *_: object) -> None:
        self._scratch.give_back(self._free)


def _with_gap(size: int) -> int:
    """Bytes from one array to the next: arrays a power of 2 apart would get in each other's way
    in the cache."""
    return size + CACHE_LINE - size % CACHE_LINE


def _advise(pages: mmap.mmap, advice: str) -> None:
    """Tell the system how memory will be used, where it has a word for that."""
    if hasattr(mmap, advice):
        with suppress(OSError):  # of a kernel that has only one size of pages
            pages.madvise(getattr(mmap, advice))


def zeros(shape: tuple[int, ...] | int, dtype: np.dtype[Any] | type) -> Array:
    """An array of zeros that starts at a cache line.

    NumPy's own start anywhere; wide loads that straddle two lines make sums
    and products of a few thousand numbers take nearly twice as long.
    """
    dtype = np.dtype(dtype)
    shape = (shape,) if isinstance(shape, int) else shape
    size = math.prod(shape) * dtype.itemsize
    raw = np.zeros(size + CACHE_LINE, np.uint8)
    return np.ndarray(shape, dtype, raw, -raw.ctypes.data % CACHE_LINE)
