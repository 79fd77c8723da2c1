"""Tables: named columns of equal length, as a source reads them and before anything is fitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.errors import DataError
from engine.shapes import Shape

Array = NDArray[Any]
ColumnKind = Literal["number", "category", "text"]


@dataclass(frozen=True, eq=False)
class Column:
    """One named column of N values.

    kind and values
        number: float64 (N,) or (N, *shape); NaN is missing.
        category: int64 (N,), each the place of its word in `levels`; -1 is missing.
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
    def missing(self) -> Array:
        """Which rows lack a value, (N,)."""
        if self.kind == "number":
            gaps: Array = np.isnan(self.values)
            return gaps if gaps.ndim == 1 else np.any(gaps, axis=tuple(range(1, gaps.ndim)))
        if self.kind == "category":
            return self.values < 0
        return np.array([value is None for value in self.values], dtype=bool)

    def take(self, rows: Array) -> Column:
        """The same column with only these rows, in this order."""
        return replace(self, values=self.values[rows])

    def text(self, row: int) -> str:
        """One value as people read it; empty where missing."""
        value = self.values[row]
        if self.kind == "category":
            return self.levels[value] if value >= 0 else ""
        if self.kind == "text":
            return "" if value is None else str(value)
        if self.values.ndim > 1:
            return "×".join(str(length) for length in self.values.shape[1:])
        return "" if np.isnan(value) else number_text(value)

    def texts(self) -> Array:
        """All values as text, None where missing, (N,)."""
        if self.kind == "text":
            return self.values
        words = np.empty(len(self), dtype=object)
        words[:] = [self.text(row) or None for row in range(len(self))]
        return words


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of equal length, and what is known about them.

    target: the column that the source means to be predicted; empty if it does not say.
    image_shape: the shape (C, H, W) in which all number columns but the target, row by
        row, make a picture; None if they make none.
    settled: what a reader found out where its settings said "auto", by field name.
    notes: sentences about what the reader did that a user should know.
    """

    columns: tuple[Column, ...]
    target: str = ""
    image_shape: Shape | None = None
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


def number_text(value: float) -> str:
    """A number without noise: `3`, `0.25`, `1.5e-07`."""
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.6g}"


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
