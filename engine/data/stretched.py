"""A column that stays on the disk while transforms learn from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine import shapes
from engine.data.base import State, Transform
from engine.data.table import Array, Column, stretches


@dataclass(frozen=True, eq=False)
class Stretched(Column):
    """Some rows of a number column on the disk, with transforms applied as they are read.

    values: all rows as they are on the disk. rows: those that count, in this order.
    """

    rows: Array | None = None
    steps: tuple[tuple[Transform, State], ...] = ()

    def __len__(self) -> int:
        return len(self.values if self.rows is None else self.rows)

    def after(self, transform: Transform, state: State) -> Stretched:
        """The column that a transform makes of this one."""
        return replace(self, steps=(*self.steps, (transform, state)))

    def pieces(self) -> Iterator[Column]:
        stored = Column(self.name, "number", self.values, origin=self.origin)
        rows = np.arange(len(self.values)) if self.rows is None else self.rows
        for part in stretches(len(rows), shapes.size(self.values.shape[1:])):
            piece = stored.take(rows[part])
            for transform, state in self.steps:
                (piece,) = transform.apply(piece, state)
            yield piece
