"""Tables: named columns of equal length, as a source reads them and before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine import shapes
from engine.errors import DataError
from engine.shapes import Shape

Array = NDArray[Any]
ColumnKind = Literal["number", "category", "text"]

STRETCH = 2**18
"""Numbers that are looked at together, where there are more than that: 2 MiB of float64."""


@dataclass(frozen=True, eq=False)
class Column:
    """One named column of N values.

    kind and values
        number: float64 (N,) or (N, *shape), or float32 of images; NaN is missing. Mapped from a
            file it may be of any number type; the rows taken from it are float64. Where the
            numbers are tokens, `levels` says what each stands for; an empty word stands for no
            token.
        category: int64 (N,), each the place of its word in `levels`; -1 is missing. A sequence
            of words is (N, T), with -1 where it is over.
        text: objects (N,), each a str or None where missing.
    origin: the column of the source that this one was made from; its own name until
        a transform makes several columns out of one.
    """

    name: str
    kind: ColumnKind
    values: Array
    levels: tuple[str, ...] = ()
    origin: str = ""

    def __post_init__(self) -> None:
        if not self.origin:
            object.__setattr__(self, "origin", self.name)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def gaps(self) -> Array:
        """Which values are not there, (N,) or (N, *shape)."""
        if self.kind == "number":
            return np.isnan(self.values)
        if self.kind == "category":
            return self.values < 0
        return np.array([value is None for value in self.values], dtype=bool)

    @property
    def missing(self) -> Array:
        """Which rows lack a value, (N,)."""
        if self.mapped:
            return np.concatenate([piece.missing for piece in self.pieces()])
        gaps = self.gaps
        return gaps if gaps.ndim == 1 else np.any(gaps, axis=tuple(range(1, gaps.ndim)))

    @property
    def empty(self) -> Array:
        """Which rows have no value at all, (N,)."""
        if self.mapped:
            return np.concatenate([piece.empty for piece in self.pieces()])
        gaps = self.gaps
        return gaps if gaps.ndim == 1 else np.all(gaps, axis=tuple(range(1, gaps.ndim)))

    def take(self, rows: Array | slice) -> Column:
        """The same column with only these rows, in this order."""
        values = self.values[rows]
        return replace(self, values=finite_or_missing(values) if self.mapped else values)

    @property
    def mapped(self) -> bool:
        """Whether the values are on the disk, and read when they are asked for."""
        return isinstance(self.values, np.memmap)

    def glance(self) -> Column:
        """The column itself; of one on the disk some rows alone, spread evenly, for a summary."""
        if not self.mapped:
            return self
        apart = -(-self.values.size // STRETCH)
        return self.take(np.arange(0, len(self), apart))

    def pieces(self) -> Iterator[Column]:
        """The column in stretches that fit the processor's cache, in order."""
        for part in stretches(len(self), shapes.size(self.values.shape[1:])):
            yield self.take(part)

    def text(self, row: int) -> str:
        """One value as people read it; empty where missing."""
        value = self.values[row]
        if self.kind == "category" and self.values.ndim > 1:
            return sequence_text([self.levels[place] for place in value.flat if place >= 0])
        if self.kind == "category":
            return self.levels[value] if value >= 0 else ""
        if self.kind == "text":
            return "" if value is None else str(value)
        if self.levels and value.ndim:
            return sequence_text([word for token in value.flat if (word := self._word(token))])
        if value.size == max(value.shape, default=0) > 0:
            return numbers_text(value.ravel())
        if self.values.ndim > 1:
            return "×".join(str(length) for length in self.values.shape[1:])
        return "" if np.isnan(value) else number_text(value)

    def _word(self, token: float) -> str:
        return "" if np.isnan(token) else self.levels[int(token)]

    def texts(self) -> Array:
        """All values as text, None where missing, (N,)."""
        if self.kind == "text":
            return self.values
        words = np.empty(len(self), dtype=object)
        words[:] = [self.text(row) or None for row in range(len(self))]
        return words


def finite_or_missing(values: Array) -> Array:
    """A copy in float64 in which what is no number of any size, such as inf, is missing."""
    copied = np.array(values, np.float64)
    copied[~np.isfinite(copied)] = np.nan
    return copied


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length, and what is known about them.

    target: the column that the source means to be predicted; empty if it does not say.
    image_shape: the shape (C, H, W) in which all number columns but the target, row by
        row, make a picture; None if they make none. photographs: whether those are shown as
        they were taken, and not as drawings in ink.
    ahead: of a sequence whose target is a later one of its values: how many steps behind its
        last; 0 where it is none.
    settled: what a reader found out where its settings said "auto", by field name.
    notes: sentences about what the reader did that a user should know.
    """

    columns: tuple[Column, ...]
    target: str = ""
    image_shape: Shape | None = None
    photographs: bool = False
    ahead: int = 0
    settled: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        lengths = {len(column) for column in self.columns}
        if len(lengths) > 1:
            raise DataError(f"The columns of a table must be equally long, got {sorted(lengths)}.")

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def column(self, name: str) -> Column:
        """Raises DataError, listing the columns there are."""
        for column in self.columns:
            if column.name == name:
                return column
        raise DataError(f"The data has no column {name!r}. Its columns are {listed(self.names)}.")

    def take(self, rows: Array) -> Table:
        """The same table with only these rows, in this order."""
        return replace(self, columns=tuple(column.take(rows) for column in self.columns))


def stretches(count: int, width: int) -> Iterator[slice]:
    """The numbers 0 to `count` of rows of `width` numbers, some at a time."""
    step = max(1, STRETCH // max(1, width))
    for start in range(0, count, step):
        yield slice(start, min(count, start + step))


def number_text(value: float) -> str:
    """A number without noise: `3`, `0.25`, `1.5e-07`."""
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.6g}"


SHOWN_LETTERS, SHOWN_WORDS, SHOWN_NUMBERS = 60, 12, 4
"""Letters, words and numbers of a sequence that are listed."""


def numbers_text(values: Array) -> str:
    """The first numbers of a sequence, side by side, to three digits."""
    shown = " ".join(f"{value:.3g}" for value in values[:SHOWN_NUMBERS] if not np.isnan(value))
    return shown + (" …" if len(values) > SHOWN_NUMBERS else "")


def sequence_text(words: Sequence[str]) -> str:
    """The first words of a sequence, side by side."""
    are_letters = all(len(word) <= 1 for word in words)
    most = SHOWN_LETTERS if are_letters else SHOWN_WORDS
    return ("" if are_letters else " ").join(words[:most]) + ("…" if len(words) > most else "")


def category(name: str, words: Sequence[str | None] | Array) -> Column:
    """A category column from words; levels in alphabetical order, None is missing."""
    levels = tuple(sorted({word for word in words if word is not None}))
    places = {level: place for place, level in enumerate(levels)}
    codes = np.array([-1 if w is None else places[w] for w in words], dtype=np.int64)
    return Column(name, "category", codes, levels)


def listed(names: Sequence[str], most: int = 8) -> str:
    """`'a', 'b' and 12 more`."""
    shown = ", ".join(repr(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
