"""Arrays and tables on their way in and out of files."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engine.atomic import write_atomically
from engine.data.base import Source
from engine.data.csv_file import CsvFile
from engine.data.encoding import Encoding
from engine.data.image_folder import pictured
from engine.data.table import Table, number_text
from engine.data.target import Target
from engine.errors import DataError
from engine.layers.base import Array
from engine.shapes import Shape


def read_arrays(file: str) -> dict[str, Array]:
    """The arrays of a .npz file. Raises DataError; pickled objects are never read."""
    name = Path(file).name
    try:
        with open(file, "rb") as content:
            archive = np.load(content, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise DataError(f"{name!r} holds a single array. Write it with numpy.savez.")
            return {key: archive[key] for key in archive.files}
    except FileNotFoundError:
        raise DataError(f"There is no file {file!r}. Check its name and folder.") from None
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(
            f"{name!r} is not a .npz file of numbers. Write it with numpy.savez."
        ) from error


def read_table(file: str, image_shape: Shape | None, source: Source | None) -> Table:
    """Rows for a network that is trained: of a CSV file, or the images of a folder.

    image_shape: that of the pictures it was trained on, if they were some.
    source: what it was trained on, for a folder to be read alike. Raises DataError.
    """
    if Path(file).is_dir():
        return pictured(file, image_shape, source).load()
    return CsvFile(path=file).load()


def write_arrays(file: str, arrays: Mapping[str, Array]) -> None:
    """Arrays as a .npz file. Raises DataError if it cannot be written."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as part:
                np.lib.format.write_array(part, np.ascontiguousarray(array), allow_pickle=False)
    write_atomically(file, lambda part: part.write(memory.getvalue()), DataError)


def write_table(file: str, outputs: Mapping[str, Array], encoding: Encoding | None) -> None:
    """Predictions as a table for people: the class with its probabilities, or the value.

    Of a sequence there is a column for each step, with the class or the value.

    Raises DataError if it cannot be written.
    """
    columns: dict[str, list[str]] = {}
    for name, array in outputs.items():
        rows = array.reshape(len(array), -1)
        title = f"{name} " if len(outputs) > 1 else ""
        for column, cells in _read(rows, encoding).items():
            columns[title + column] = cells
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    write_atomically(file, lambda part: part.write(text.getvalue().encode()), DataError)


def _read(rows: Array, encoding: Encoding | None) -> dict[str, list[str]]:
    """(N, K) numbers as columns that mean something."""
    width = rows.shape[1]
    target = encoding.target if encoding else None
    if target is not None and target.steps and width % target.steps == 0:
        steps = _read_steps(rows.reshape(len(rows), target.steps, -1), target)
        if steps:
            return steps
    if target is not None and target.kind == "values" and width == 1:
        return {target.name: _numbers(target.decode(rows[:, 0]))}
    classes = target.classes if target else ()
    if target is not None and len(classes) == 2 and width == 1:
        rows = np.concatenate([1 - rows, rows], axis=1)
    if target is not None and classes and rows.shape[1] == len(classes):
        best = rows.argmax(axis=1)
        named = {f"p({label})": _numbers(rows[:, k]) for k, label in enumerate(classes)}
        return {target.name: [classes[k] for k in best], **named}
    return {f"value {k + 1}": _numbers(rows[:, k]) for k in range(width)}


def _read_steps(rows: Array, target: Target) -> dict[str, list[str]]:
    """(N, T, K) as a column for each step; none if they are not of this target."""
    width, classes = rows.shape[2], target.classes
    if target.kind == "values" and width == 1:
        values = target.decode(rows[..., 0])
        return {f"{target.name} {t + 1}": _numbers(v) for t, v in enumerate(values.T)}
    if len(classes) == 2 and width == 1:
        rows, width = np.concatenate([1 - rows, rows], axis=2), 2
    if not classes or width != len(classes):
        return {}
    best = rows.argmax(axis=2).T
    return {f"{target.name} {t + 1}": [classes[k] for k in step] for t, step in enumerate(best)}


def _numbers(values: Array) -> list[str]:
    return [number_text(float(value)) if np.isfinite(value) else "" for value in values]
