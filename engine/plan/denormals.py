"""Numbers too small to be normal, taken for zero.

A network that has learnt its examples has probabilities and gradients of next to
nothing, and their squares are smaller still. Below about 1e-38 (float32) a processor
computes a hundred times slower, on digits that no result shows: training then takes
three times as long. Every processor can take such numbers for zero instead, as PyTorch's
`set_flush_denormal` does; it is a setting of each thread. The threads that a BLAS keeps
for large products are not touched.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class _Place:
    """Where C's `fenv_t` keeps the setting: its word's offset and width in bytes, and the bits."""

    offset: int
    width: int
    bits: int


_FLUSH_AND_ZERO = 0x8040
"""Of MXCSR, x86's control word: results (bit 15) and operands (bit 6)."""
_FLUSH = 1 << 24
"""Of FPCR, ARM's control word: results and operands."""

_PLACES = {
    ("linux", "x86_64"): _Place(28, 4, _FLUSH_AND_ZERO),
    ("linux", "aarch64"): _Place(0, 4, _FLUSH),
    ("darwin", "x86_64"): _Place(4, 4, _FLUSH_AND_ZERO),
    ("darwin", "arm64"): _Place(8, 8, _FLUSH),
}

_WINDOWS_MASK, _WINDOWS_FLUSH = 0x03000000, 0x01000000

_Switch = Callable[[bool], bool]
"""Sets whether this thread flushes, and returns whether it did before."""


@contextmanager
def flushed() -> Iterator[None]:
    """For a `with` block: this thread takes denormal numbers for zero, where that can be set."""
    switch = _switch()
    if switch is None:
        yield
        return
    before = switch(True)
    try:
        yield
    finally:
        switch(before)


def can_flush() -> bool:
    """Whether it can be set here."""
    return _switch() is not None


@cache
def _switch() -> _Switch | None:
    try:
        if sys.platform == "win32":
            return _windows()
        place = _PLACES.get((sys.platform, platform.machine()))
        return None if place is None else _posix(place)
    except (OSError, AttributeError):  # a C library without these functions
        return None


def _posix(place: _Place) -> _Switch:
    library = ctypes.CDLL(None)
    fetch, store = library.fegetenv, library.fesetenv
    word = slice(place.offset, place.offset + place.width)

    def switch(on: bool) -> bool:
        environment = (ctypes.c_uint8 * 64)()  # 16 to 32 bytes are used
        fetch(environment)
        now = int.from_bytes(bytes(environment[word]), sys.byteorder)
        then = now | place.bits if on else now & ~place.bits
        if then != now:
            environment[word] = list(then.to_bytes(place.width, sys.byteorder))
            store(environment)
        return now & place.bits == place.bits

    return switch


def _windows() -> _Switch:
    control = ctypes.CDLL("ucrtbase")._controlfp_s

    def switch(on: bool) -> bool:
        word = ctypes.c_uint()
        control(ctypes.byref(word), 0, 0)  # a mask of nothing reads
        before = word.value & _WINDOWS_MASK == _WINDOWS_FLUSH
        control(ctypes.byref(word), _WINDOWS_FLUSH if on else 0, _WINDOWS_MASK)
        return before

    return switch
