"""Transforms: what is done to columns between the table and the network.

What a transform learns is one plain mapping per column, so that it can be
saved and applied to new rows years later.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import cast

import numpy as np

from engine.data.base import TRANSFORMS, State, Transform
from engine.data.statistics import median, moments, present_in, scale_of
from engine.data.table import Array, Column
from engine.fields import Choice, Real

MISSING = "missing"


def _has_no_scale(column: Column) -> bool:
    """Whether one-hot made it, so that 0 and 1 are its scale, or its numbers are tokens."""
    return column.name != column.origin or bool(column.levels)


@TRANSFORMS.register
class FillMissing(Transform):
    """Put a plausible value where one is missing.

    Numbers get the median or mean of the training rows, categories the most
    frequent level or a level of their own.
    """

    kind = "fill_missing"
    label = "Fill missing values"
    summary = "Put the median or the most frequent value where one is missing."
    synonyms = ("impute", "nan", "na")
    formula = "x = median(x of training) where x is missing"

    numbers = Choice(
        "median",
        {"median": "Median", "mean": "Mean", "zero": "Zero"},
        help="What stands in for a missing number.",
    )
    categories = Choice(
        "most_frequent",
        {"most_frequent": "Most frequent", "own": "A category of its own"},
        help="What stands in for a missing word.",
    )

    def fit(self, column: Column) -> State | None:
        if column.kind == "text":
            return None
        if column.kind == "category":
            present = column.values[~column.missing]
            if self.categories == "own":
                return {"level": MISSING}
            counts = np.bincount(present, minlength=len(column.levels))
            return {"level": column.levels[int(counts.argmax())] if present.size else MISSING}
        if self.numbers == "zero":
            return {"value": 0.0}
        return {"value": median(column) if self.numbers == "median" else moments(column)[0]}

    def apply(self, column: Column, state: State) -> tuple[Column, ...]:
        if column.kind == "number":
            value = cast(float, state["value"])
            return (
                replace(column, values=np.where(np.isnan(column.values), value, column.values)),
            )
        level = cast(str, state["level"])
        levels = column.levels if level in column.levels else (*column.levels, level)
        values = np.where(column.values < 0, levels.index(level), column.values)
        return (replace(column, values=values, levels=levels),)


@TRANSFORMS.register
class OneHot(Transform):
    """Turn a category of K levels into K numbers, of which one is 1 and the others 0.

    A level that the training rows do not have gives K zeros.
    """

    kind = "one_hot"
    label = "One-hot"
    summary = "Turn each category into numbers 0 and 1, one per level."
    synonyms = ("dummy variables", "categorical", "encode")
    formula = "x_k = 1 if x is level k else 0"

    def fit(self, column: Column) -> State | None:
        if column.kind != "category":
            return None
        return {"levels": list(column.levels)}

    def apply(self, column: Column, state: State) -> tuple[Column, ...]:
        places = {level: place for place, level in enumerate(column.levels)}
        levels = cast(list[str], state["levels"])
        gap = np.where(column.values < 0, np.nan, 0.0)
        return tuple(
            Column(
                f"{column.name}={level}",
                "number",
                # -2 matches no code: a level that is not among this table's own.
                gap + (column.values == places.get(level, -2)),
                origin=column.origin,
            )
            for level in levels
        )


@TRANSFORMS.register
class Standardise(Transform):
    """Shift and scale each number column to mean 0 and standard deviation 1.

    A constant column becomes 0. Columns that one-hot made stay 0 and 1, and tokens stay tokens.
    """

    kind = "standardise"
    label = "Standardise"
    summary = "Shift and scale numbers to mean 0 and standard deviation 1."
    synonyms = ("z-score", "standard scaler", "whiten", "standardize")
    formula = "x = (x − mean) / deviation"

    def fit(self, column: Column) -> State | None:
        if column.kind != "number" or _has_no_scale(column):
            return None
        mean, variance = moments(column)
        return {"mean": mean, "deviation": scale_of(mean, math.sqrt(variance))}

    def apply(self, column: Column, state: State) -> tuple[Column, ...]:
        mean, deviation = cast(float, state["mean"]), cast(float, state["deviation"])
        return (replace(column, values=(column.values - mean) / deviation),)

    def undo(self, values: Array, state: State) -> Array:
        return values * cast(float, state["deviation"]) + cast(float, state["mean"])


@TRANSFORMS.register
class Normalise(Transform):
    """Shift and scale each number column so that the training rows span a given range.

    New rows may fall outside. A constant column becomes the lower end.
    """

    kind = "normalise"
    label = "Normalise"
    summary = "Shift and scale numbers to a range such as 0 to 1."
    synonyms = ("min-max", "minmax scaler", "rescale", "normalize")
    formula = "x = low + (high − low) (x − min) / (max − min)"

    low = Real(0.0, help="What the smallest training value becomes.")
    high = Real(1.0, help="What the largest training value becomes.")

    def fit(self, column: Column) -> State | None:
        if column.kind != "number" or _has_no_scale(column):
            return None
        ends = [(float(some.min()), float(some.max())) for some in present_in(column)]
        if not ends:
            return {"minimum": 0.0, "span": 1.0}
        minimum = min(low for low, _ in ends)
        span = max(high for _, high in ends) - minimum
        return {"minimum": minimum, "span": span or 1.0}

    def apply(self, column: Column, state: State) -> tuple[Column, ...]:
        minimum, span = cast(float, state["minimum"]), cast(float, state["span"])
        unit = (column.values - minimum) / span
        return (replace(column, values=self.low + (self.high - self.low) * unit),)

    def undo(self, values: Array, state: State) -> Array:
        minimum, span = cast(float, state["minimum"]), cast(float, state["span"])
        width = self.high - self.low
        return minimum + (values - self.low) / (width or 1.0) * span
