"""What the settings choose of a table: target, features, row weights, and the parts of its rows."""

from __future__ import annotations

import numpy as np

from engine.data.settings import DataSettings
from engine.data.split import Rows, Split, split, split_in_order
from engine.data.table import Array, Column, Table, listed
from engine.data.target import guess_target
from engine.errors import DataError


def columns_of(
    table: Table, settings: DataSettings, notes: list[str]
) -> tuple[Column, list[Column]]:
    """The target, and the columns that become features.

    notes: gets a sentence about each column that was left out unasked.

    Raises DataError if there is no such target, or no feature.
    """
    name = settings.target or guess_target(table)
    if name not in table:
        raise DataError(
            f"The data has no column {name!r} to predict. "
            f"Choose the target among {listed(table.names)}."
        )
    if settings.weights == name:
        notes.append(
            f"The target {name!r} also says how much each row counts. Choose another column of "
            "row weights, or none."
        )
    gone = [excluded for excluded in settings.excluded if excluded not in table]
    if gone:
        notes.append(f"There is no column {listed(gone)} to leave out.")
    columns = []
    for column in table.columns:
        if column.name in (name, settings.weights) or column.name in settings.excluded:
            continue
        if column.missing.all():
            notes.append(f"Column {column.name!r} is empty and was left out.")
        elif column.kind == "text":
            notes.append(f"Column {column.name!r} is free text and was left out.")
        else:
            columns.append(column)
    if not columns:
        raise DataError(
            f"Beside the target {name!r} no column is left to learn from. "
            "Load data with at least two columns, or leave out fewer."
        )
    return table.column(name), columns


def weights_in(table: Table, name: str, rows: Rows) -> Array | None:
    """How much each of these rows counts, by the column named; None for no name.

    Raises DataError for what is no weight.
    """
    if not name:
        return None
    column = table.column(name).take(rows)
    if column.kind != "number" or column.values.ndim > 1:
        raise DataError(
            f"The weights {name!r} must be a number from 0 up in each row, got words. "
            "Choose another column, or none."
        )
    bad = ~(np.isfinite(column.values) & (column.values >= 0))
    if bad.any() or not column.values.any():
        worst = column.values[bad][0] if bad.any() else 0
        got = "nothing" if np.isnan(worst) else f"{worst:g}" if bad.any() else "only zeros"
        raise DataError(
            f"The weights {name!r} must be a number from 0 up in each row, got {got}. "
            "Correct the column, or choose another one."
        )
    return column.values.astype(np.float32)


def parts_of(target: Column, is_classes: bool, settings: DataSettings, notes: list[str]) -> Split:
    """The rows for training, validation and test.

    target: of the rows that are to be split.
    notes: gets a sentence about rows that were left out, or should not be apart.

    Raises DataError if no row is left for training.
    """
    count, overlap = len(target), settings.source.overlap
    shares = settings.validation, settings.test
    labels = target.values if is_classes and target.values.ndim == 1 else None
    if settings.parts == "random":
        if overlap and any(shares):
            notes.append(
                f"Each row shares values with the {overlap} after it. Taken at random, rows for "
                "the test are known in part from the training: take them in one piece instead."
            )
        return split(count, *shares, settings.seed, labels if settings.stratify else None)
    parts = split_in_order(count, *shares, overlap)
    apart = count - sum(len(part) for part in (parts.train, parts.validation, parts.test))
    if apart:
        notes.append(f"{apart:,} rows that overlap two parts of the split were left out.")
    if labels is not None and not overlap:
        known = np.unique(labels[parts.train])
        unseen = [word for place, word in enumerate(target.levels) if place not in known]
        if unseen:
            notes.append(
                f"No training row has the target {listed(unseen, 3)}, since the rows are taken in "
                "their order. Take them at random, unless the order matters."
            )
    return parts
