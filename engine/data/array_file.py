"""NumPy files, read from the disk while training instead of into memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine.data.base import SOURCES, Progress, Source
from engine.data.table import Array, Column, Table, category, finite_or_missing
from engine.errors import DataError
from engine.fields import Text

KINDS = {"f": "number", "i": "number", "u": "number", "b": "number", "U": "words"}
"""What an array may hold, by the letter that NumPy gives its type."""


@SOURCES.register
class ArrayFile(Source):
    """Features and targets in two `.npy` files, one example a row; they may outgrow the memory.

    The features, (N, *shape) of any number type, stay on the disk: they are mapped into
    memory, and each batch reads the rows that it is made of. Targets are (N,) or (N, 1),
    numbers or words, and are read at once. NaN and inf are missing. Pickled objects are refused.
    """

    kind = "npy"
    label = "NumPy files"
    summary = "Features and targets in two .npy files, which may be larger than the memory."
    synonyms = ("numpy", "npy", "array", "memory-mapped", "large")
    group = "file"
    examples = ()

    path = Text("", suggests="file", label="Features", help="The file of features, (N, …).")
    targets = Text("", suggests="file", help="The file of targets, one for each example.")

    def title(self) -> str:
        return Path(self.path).name or self.label

    def load(self, progress: Progress | None = None) -> Table:
        """Raises DataError, in one sentence, for files that do not fit."""
        features = _mapped(self.path, "features")
        if KINDS.get(features.dtype.kind) != "number":
            raise DataError(
                f"{self.title()} must hold numbers, got {features.dtype}. "
                "Save the features as numbers."
            )
        targets = np.array(_mapped(self.targets, "targets"))
        if targets.ndim == 2 and targets.shape[1] == 1:
            targets = targets[:, 0]
        if targets.shape != (len(features),):
            raise DataError(
                f"{Path(self.targets).name} must hold one target for each of the "
                f"{len(features):,} examples of {self.title()}, got {targets.shape}. "
                "Save as many targets, in the same order."
            )
        return Table((Column("features", "number", features), _target(targets)), target="target")


def paired(path: Path) -> ArrayFile:
    """The source of which a `.npy` file is the features, or the targets.

    The other file is the only one in its folder that has as many rows and the other's form:
    targets are (N,) or (N, 1), features are wider. Left out where there is none, or several.
    Raises DataError if the file cannot be read.
    """
    own = _mapped(str(path), "features").shape
    others = sorted(each for each in path.parent.glob("*.npy") if each != path)
    found = []
    for other in others:
        try:
            shape = _mapped(str(other), "targets").shape
        except DataError:
            continue
        if shape[0] == own[0] and _is_column(shape) != _is_column(own):
            found.append(str(other))
    (partner,) = found if len(found) == 1 else ("",)
    if _is_column(own) and partner:
        return ArrayFile(path=partner, targets=str(path))
    return ArrayFile(path=str(path), targets=partner)


def _is_column(shape: tuple[int, ...]) -> bool:
    return shape[1:] in ((), (1,))


def _target(values: Array) -> Column:
    if KINDS[values.dtype.kind] == "words":
        return category("target", [str(word) or None for word in values])
    return Column("target", "number", finite_or_missing(values))


def _mapped(path: str, role: str) -> Array:
    if not path:
        raise DataError(f"No file of {role} has been chosen. Choose a .npy file.")
    name = Path(path).name
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise DataError(
            f"There is no file {path}. Check the path, or choose the file again."
        ) from None
    except (OSError, ValueError) as error:
        raise DataError(
            f"{name} cannot be read as a .npy file: {str(error).splitlines()[0].rstrip('.')}. "
            "Save the array with numpy.save."
        ) from None
    if not isinstance(array, np.ndarray) or array.dtype.kind not in KINDS:
        held = getattr(array, "dtype", "several arrays")
        raise DataError(
            f"{name} must hold an array of numbers or words, got {held}. "
            "Save one such array with numpy.save."
        )
    if not array.ndim or not array.size:
        raise DataError(f"{name} is empty. Save at least one row, or choose another file.")
    return array
