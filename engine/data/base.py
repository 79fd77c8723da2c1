"""What a data source and a transform are, and the registries of both."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from engine.data.table import Array, Column, Table
from engine.fields import Declared, Plain
from engine.registry import Registry

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1. It may raise, and loading then stops at once."""

State = dict[str, Plain]
"""What a transform learnt about one column; goes into files as it is."""


def no_progress(share: float) -> None:
    """For those who do not want to know."""


class Source(Declared):
    """Where a table comes from.

    Class attributes, beside those of `Declared`
        group: real, synthetic or file.
        measured: its numbers are measurements, each column on a scale of its own.
        complete: it has nothing but numbers, none missing and all on a good scale.
        examples: settings with which it loads without anything being prepared; its tests.
    """

    group: ClassVar[str]
    measured: ClassVar[bool] = False
    complete: ClassVar[bool] = False
    examples: ClassVar[tuple[Mapping[str, object], ...]] = ({},)

    @property
    def overlap(self) -> int:
        """How many rows after it share some of its values with a row, as windows of a text do."""
        return 0

    def load(self, progress: Progress | None = None) -> Table:
        """Read or make the table. Raises DataError."""
        raise NotImplementedError  # every source has its own

    def title(self) -> str:
        """What a window calls this very source: `Digits`, `prices.csv`."""
        return self.label


class Transform(Declared):
    """A change to columns that may have to be fitted, always on the training rows alone.

    Class attributes, beside those of `Declared`
        formula: what it computes, as one line of text.
    """

    formula: ClassVar[str] = ""

    def fit(self, column: Column) -> State | None:
        """What to remember of a column of training rows; None leaves the column alone."""
        raise NotImplementedError  # every transform learns something of its own

    def apply(self, column: Column, state: State) -> tuple[Column, ...]:
        """The columns that take the place of one, with what `fit` remembered of it."""
        raise NotImplementedError  # every transform computes something of its own

    def undo(self, values: Array, state: State) -> Array:
        """Numbers as they were before `apply`, as far as that can be told."""
        return values


SOURCES: Registry[Source] = Registry("data source")
TRANSFORMS: Registry[Transform] = Registry("transform")
