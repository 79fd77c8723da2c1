"""New rows with their targets, as a data set to measure a trained network on."""

from __future__ import annotations

import numpy as np

from engine.data.chosen import weights_in
from engine.data.dataset import Dataset, signature_of
from engine.data.encoding import Encoding
from engine.data.table import Array, Column, Table, listed
from engine.data.target import as_values, without
from engine.errors import DataError


def labelled(table: Table, encoding: Encoding, weights: str = "") -> Dataset:
    """The rows of a table that have a target, all of them in the part `test`.

    encoding: as fitted in training, so that numbers and classes mean the same.
    weights: the column that says how much each row counts; empty where all count alike.

    Raises DataError if a column is missing, a class was not there in training, or a weight
    is none.
    """
    target = encoding.target
    if target.name not in table:
        raise DataError(
            f"The data has no column {target.name!r} to compare predictions with. Its columns "
            f"are {listed(table.names)}."
        )
    column = without(table.column(target.name), target.ignored)
    rows = np.flatnonzero(~column.empty)
    if not len(rows):
        raise DataError(f"The column {target.name!r} is empty. Choose data with targets.")
    counts = weights_in(table, weights, rows)
    table, column = table.take(rows), column.take(rows)
    if target.steps and column.values.shape[1:2] != (target.steps,):
        raise DataError(
            f"The column {target.name!r} must be a sequence of {target.steps} steps, as in "
            f"training, got {column.values.shape[1:] or 'one value'}. Choose data of that length."
        )
    if target.kind == "values":
        values = (as_values(column).values - target.mean) / target.deviation
        count = (target.steps, target.width) if target.steps else (target.width,)
        targets: Array = values.astype(np.float32).reshape(-1, *count)
    else:
        targets = _class_numbers(column, target.classes)
    none = np.empty(0, dtype=np.intp)
    return Dataset(
        signature=signature_of(encoding, (0, 0, len(rows))),
        features=encoding.encode(table),
        targets=targets,
        train=none,
        validation=none,
        test=np.arange(len(rows)),
        encoding=encoding,
        rows=rows,
        weights=counts,
        ahead=table.ahead,
    )


def _class_numbers(column: Column, classes: tuple[str, ...]) -> Array:
    places = {name: place for place, name in enumerate(classes)}
    if column.kind == "category":
        codes = np.array([places.get(level, -2) for level in column.levels] + [-1])
        numbers = codes[column.values]
        words: Array = np.array(column.levels, object)[np.unique(column.values[numbers == -2])]
    else:
        words = column.texts()
    unknown = sorted({str(word) for word in words if word not in places})
    if unknown:
        raise DataError(
            f"The column {column.name!r} holds {listed(unknown)}, and the network was trained on "
            f"{listed(classes)}. Leave such rows out, or train anew."
        )
    if column.kind == "category":
        return np.asarray(numbers, np.int64)
    return np.array([places[word] for word in words], dtype=np.int64)
