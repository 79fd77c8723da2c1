"""What a column is like at a glance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.data import Column
from engine.data.table import number_text

BINS = 16
TYPES = {"number": "123", "category": "abc", "text": "text"}


@dataclass(frozen=True)
class Summary:
    """counts: rows per bin of equal width, or per level; their text as (from, to) or levels.

    distinct: how many different values; 0 for pictures and free text.
    """

    kind: str
    rows: int
    missing: int
    distinct: int
    counts: tuple[int, ...] = ()
    levels: tuple[str, ...] = ()
    low: float = 0.0
    mean: float = 0.0
    high: float = 0.0

    @property
    def badge(self) -> str:
        return TYPES[self.kind]

    @property
    def range_text(self) -> str:
        """`0 … 16`, or how many levels there are."""
        if self.kind == "number" and self.distinct == 1:
            return f"= {number_text(self.low)}"
        if self.kind == "number":
            return f"{number_text(self.low)} … {number_text(self.high)}" if self.counts else ""
        return f"{self.distinct:,}" if self.distinct else ""


def summarise(column: Column) -> Summary:
    """The summary of a column; levels in the order of the column."""
    # Short sequences are filled up: only one without any value lacks it.
    is_sequence = column.values.ndim == 2
    rows, gaps = len(column), column.empty if is_sequence else column.missing
    missing = int(gaps.sum())
    if column.kind == "category":
        counts = np.bincount(column.values[~column.gaps], minlength=len(column.levels))
        return Summary(
            "category", rows, missing, len(column.levels), tuple(counts.tolist()), column.levels
        )
    if column.kind == "text":
        return Summary("text", rows, missing, 0)
    seen = column.glance()
    present = seen.values[~seen.gaps]
    if not present.size:
        return Summary("number", rows, missing, 0)
    distinct = len(np.unique(present)) if column.values.ndim == 1 else 0
    # A range that float64 cannot hold would make histogram raise.
    low, high = float(present.min()), float(present.max())
    counts = (
        np.histogram(present, BINS, (low, high))[0]
        if 0 < high - low < np.inf
        else np.array([present.size])
    )
    return Summary(
        "number",
        rows,
        missing,
        distinct,
        tuple(counts.tolist()),
        low=low,
        mean=float(present.mean()),
        high=high,
    )
