"""Splitting rows into training, validation and test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.data.table import Array
from engine.errors import DataError

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Split:
    """Row numbers of the three parts, each in rising order; no row is in two of them."""

    train: Rows
    validation: Rows
    test: Rows


def split(
    count: int, validation: float, test: float, seed: int, classes: Array | None = None
) -> Split:
    """Shares of `count` rows, drawn from a seed; every row is in one part.

    classes: the class of each row (N,), to give each part the same mix of classes. Every
        class then has at least one training row.

    Raises DataError if no row is left for training.
    """
    _check(validation, test)
    shuffled = np.random.default_rng(seed).permutation(count)
    held = round(count * validation), round(count * test)
    if classes is not None:
        # Sorted by class, rows dealt out evenly give each part its share of each class.
        shuffled = _dealt(shuffled[np.argsort(classes[shuffled], kind="stable")], held)
        shuffled = _with_every_class_first(shuffled, classes, count - sum(held))
    cuts = [count - sum(held), count - held[1]]
    if count and not cuts[0]:
        raise _none_left(count)
    return Split(*(np.sort(part).astype(np.int64) for part in np.split(shuffled, cuts)))


def split_in_order(count: int, validation: float, test: float, overlap: int = 0) -> Split:
    """Shares of `count` rows, each in one piece: training, then validation, then test.

    overlap: how many rows after it share something with a row. As many are left out before
        validation and before test, so that no two parts share anything.

    Raises DataError if no row is left for training.
    """
    _check(validation, test)
    gaps = overlap * (validation > 0), overlap * (test > 0)
    kept = max(count - sum(gaps), 0)
    held = round(kept * validation), round(kept * test)
    if any(gaps) and kept <= sum(held):
        raise DataError(
            f"Each of the {count} rows overlaps the {overlap} after it, which leaves too few for "
            "parts that share nothing. Load more rows, or make shorter ones."
        )
    if count and kept <= sum(held):
        raise _none_left(count)
    rows = np.arange(count, dtype=np.int64)
    train = kept - sum(held)
    before, behind = train + gaps[0], train + gaps[0] + held[0]
    return Split(rows[:train], rows[before:behind], rows[behind + gaps[1] :])


def _check(validation: float, test: float) -> None:
    if validation + test >= 1:
        raise DataError(
            f"Validation takes {validation:.0%} and test {test:.0%} of the rows, which leaves none "
            "for training. Make one of them smaller."
        )


def _none_left(count: int) -> DataError:
    return DataError(
        f"The split of {count} rows leaves none for training. "
        "Make validation and test smaller, or load more rows."
    )


def _dealt(ordered: Rows, held: tuple[int, int]) -> Rows:
    """Reorder so that the last rows, test and before it validation, are spread over `ordered`."""
    count = len(ordered)
    part = np.zeros(count, dtype=np.int64)
    free = np.arange(count)
    for number, size in ((2, held[1]), (1, held[0])):
        # Middles of `size` equal stretches of what is free.
        places = ((np.arange(size) + 0.5) * len(free) / max(size, 1)).astype(np.int64)
        part[free[places]] = number
        free = np.flatnonzero(part == 0)
    return ordered[np.argsort(part, kind="stable")]


def _with_every_class_first(rows: Rows, classes: Array, train: int) -> Rows:
    """Swap rows so that each class has one among the first `train`, if there is room."""
    rows = rows.copy()
    for label in np.setdiff1d(classes[rows[train:]], classes[rows[:train]]):
        values, counts = np.unique(classes[rows[:train]], return_counts=True)
        if not len(values) or counts.max() < 2:
            break
        inside = int(np.flatnonzero(classes[rows[:train]] == values[counts.argmax()])[0])
        outside = train + int(np.flatnonzero(classes[rows[train:]] == label)[0])
        rows[inside], rows[outside] = rows[outside], rows[inside]
    return rows
