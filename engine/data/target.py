"""The target: which column is to be predicted, and whether it means classes or values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast

import numpy as np

from engine.data.table import Array, Column, Table, category, listed, number_text
from engine.errors import DataError
from engine.fields import Plain

TargetKind = Literal["classes", "binary", "values"]

TARGET_NAMES = ("target", "class", "label", "y")
FEW = 20
"""Whole numbers with at most this many distinct values are taken for classes."""
MOST_CLASSES = 1000


@dataclass(frozen=True)
class Target:
    """How the target column became what training sees.

    kind: classes (K of them), binary (two classes) or values.
    classes: names of the classes, in the order of their numbers.
    mean, deviation: training sees (value − mean) / deviation.
    steps: how many a sequence of targets has, padding included; 0 for one target an example.
    width: numbers in one target, or at one step of it, where they are values.
    ignored: words and numbers of the column that do not count as a target.
    """

    name: str
    kind: TargetKind
    classes: tuple[str, ...] = ()
    mean: float = 0.0
    deviation: float = 1.0
    steps: int = 0
    width: int = 1
    ignored: tuple[str, ...] = ()

    def decode(self, values: Array) -> Array:
        """Predicted values in the unit of the column."""
        return values * self.deviation + self.mean

    @property
    def names(self) -> tuple[str, ...]:
        """One for each number of a target, or of a step of it."""
        if self.width == 1:
            return (self.name,)
        return tuple(f"{self.name} {place}" for place in range(self.width))

    @property
    def scaling(self) -> str:
        """How the numbers of the network become values of the column; empty if they are alike."""
        if (self.mean, self.deviation) == (0.0, 1.0):
            return ""
        sign = "+" if self.mean >= 0 else "−"
        mean, deviation = number_text(abs(self.mean)), number_text(self.deviation)
        return f"{self.name} = {deviation} × output {sign} {mean}"

    def to_plain(self) -> dict[str, Plain]:
        return {
            "name": self.name,
            "kind": self.kind,
            "classes": list(self.classes),
            "mean": self.mean,
            "deviation": self.deviation,
            "steps": self.steps,
            "width": self.width,
            "ignored": list(self.ignored),
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Plain]) -> Target:
        return cls(
            str(plain["name"]),
            cast(TargetKind, plain["kind"]),
            tuple(cast(list[str], plain["classes"])),
            float(cast(float, plain["mean"])),
            float(cast(float, plain["deviation"])),
            int(cast(int, plain.get("steps", 0))),
            int(cast(int, plain.get("width", 1))),
            tuple(cast(list[str], plain.get("ignored", []))),
        )


def guess_target(table: Table) -> str:
    """The source's own target, else a column named target, class, label or y, else the last."""
    if table.target:
        return table.target
    if not table.columns:
        raise DataError("The data has no columns. Choose another file.")
    by_name = {name.strip().lower(): name for name in reversed(table.names)}
    return next((by_name[name] for name in TARGET_NAMES if name in by_name), table.names[-1])


def guess_task(column: Column) -> Literal["classes", "values"]:
    """Classes for words and for few distinct whole numbers; else values.

    Few means two, or at most 20 that each occur twice on average.
    """
    if column.kind != "number":
        return "classes"
    if column.values.ndim > 1:
        return "values"
    values = np.unique(column.values[~column.missing])
    whole = bool(np.all(values == np.floor(values)))
    repeated = len(values) <= FEW and 2 * len(values) <= len(column)
    return "classes" if len(values) <= 2 or (whole and repeated) else "values"


def as_classes(column: Column) -> Column:
    """A column as classes that all occur, numbers in rising order, words as their source has them.

    Raises DataError if there is one class only, or more than anyone could learn.
    """
    if column.values.ndim > 2:
        raise DataError(f"The target {column.name!r} holds pictures. Choose another column.")
    if column.kind == "number":
        present = np.unique(column.values[~column.gaps])
        codes = np.searchsorted(present, column.values)
        codes = np.where(column.gaps, -1, codes).astype(np.int64)
        column = Column(column.name, "category", codes, tuple(map(number_text, present)))
    elif column.kind == "text":
        column = category(column.name, column.values)
    column = _without_absent_levels(column)
    if len(column.levels) == 1:
        raise DataError(
            f"The target {column.name!r} has only one class, {column.levels[0]!r}, so there is "
            "nothing to tell apart. Choose another target column, or load rows of other classes."
        )
    if len(column.levels) > MOST_CLASSES:
        raise DataError(
            f"The target {column.name!r} has {len(column.levels):,} classes, expected at most "
            f"{MOST_CLASSES:,}. Choose another target column, or predict values instead."
        )
    return column


def _without_absent_levels(column: Column) -> Column:
    present = np.unique(column.values[column.values >= 0])
    if len(present) == len(column.levels):
        return column
    codes = np.where(column.values < 0, -1, np.searchsorted(present, column.values))
    return Column(column.name, "category", codes, tuple(column.levels[place] for place in present))


def without(column: Column, ignored: Sequence[str]) -> Column:
    """A column in which the words and numbers named are missing."""
    if not ignored:
        return column
    if column.kind == "category":
        gone = [place for place, level in enumerate(column.levels) if level in ignored]
        return replace(column, values=np.where(np.isin(column.values, gone), -1, column.values))
    if column.kind == "text":
        kept = np.array([None if word in ignored else word for word in column.values], object)
        return replace(column, values=kept)
    named = {number for word in ignored if (number := _number(word)) is not None}
    numbers = [v for v in np.unique(column.values) if v in named or number_text(v) in ignored]
    return replace(column, values=np.where(np.isin(column.values, numbers), np.nan, column.values))


def never_there(column: Column, ignored: Sequence[str]) -> list[str]:
    """The words and numbers named that a column does not hold."""
    gaps = np.count_nonzero(column.gaps)
    return [w for w in ignored if np.count_nonzero(without(column, [w]).gaps) == gaps]


def _number(word: str) -> float | None:
    try:
        return float(word.replace("−", "-"))
    except ValueError:
        return None


def as_values(column: Column) -> Column:
    """A column as values, one or a sequence. Raises DataError, with an example, for words."""
    if column.kind == "number" and column.values.ndim <= 3:
        return column
    words = [word for word in column.texts() if word] if column.kind != "number" else ["pictures"]
    raise DataError(
        f"The target {column.name!r} must hold numbers to predict values, got "
        f"{listed(words, most=1) if words else 'nothing'}. "
        "Set the task to classes, or choose another target column."
    )
