"""Examples of a source that stays on the disk: encoded when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from engine import shapes
from engine.data.encoding import Encoding
from engine.data.table import Array, Table, stretches
from engine.shapes import Shape


class EncodedRows:
    """Encoded examples that are read and made when asked for, never all at once.

    Stands where an array float32 (N, *shape) does, as far as rows are picked from one.
    What it gives is, bit for bit, what the same rows encoded in memory are.
    """

    dtype = np.dtype(np.float32)

    def __init__(
        self,
        encoding: Encoding,
        table: Table,
        rows: Array,
        features: Sequence[int] | None = None,
        shape: Shape | None = None,
    ) -> None:
        """rows: of the table, for each example. features: which of them all, in this order."""
        self._encoding = encoding
        self._table = table
        self._rows = rows
        self._features = None if features is None else np.array(features, np.intp)
        width = shapes.size(encoding.feature_shape) if features is None else len(features)
        row = (width,) if features is not None else encoding.feature_shape
        self.shape: tuple[int, ...] = (len(rows), *(row if shape is None else shape))

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def __getitem__(self, chosen: Array | slice | int) -> Array:
        if isinstance(chosen, int | np.integer):
            return np.asarray(self._made(self._rows[int(chosen)][None])[0])
        return self._made(self._rows[chosen])

    def __array__(self, dtype: object = None, copy: object = None) -> Array:
        """All of it, in memory."""
        return self[:]

    def take(self, chosen: Array, axis: int, out: Array, mode: str) -> Array:
        """As `numpy.take` along axis 0, into rows that are already there."""
        rows = self._rows[chosen]
        for part in stretches(len(rows), out[0].size):
            np.copyto(out[part], self._made(rows[part]).reshape(out[part].shape))
        return out

    def reshape(self, rows: int, *shape: int) -> EncodedRows:
        """The same rows, each in another shape; -1 is whatever is left."""
        width = shapes.size(self.shape[1:])
        known = shapes.size(tuple(length for length in shape if length != -1))
        row = tuple(width // known if length == -1 else length for length in shape)
        return EncodedRows(self._encoding, self._table, self._rows, self._all(), row)

    def choose(self, features: Sequence[int]) -> EncodedRows:
        """Some of the features alone, in this order, as rows."""
        return EncodedRows(self._encoding, self._table, self._rows, features)

    def beside(self, other: EncodedRows) -> EncodedRows:
        """The features of both, those of the other behind, as rows."""
        return self.choose([*self._all(), *other._all()])

    def _all(self) -> Sequence[int]:
        if self._features is not None:
            return [int(feature) for feature in self._features]
        return range(shapes.size(self._encoding.feature_shape))

    def _made(self, rows: Array) -> Array:
        found = self._encoding.encode(self._table.take(rows))
        if self._features is not None:
            found = found.reshape(len(rows), -1)[:, self._features]
        return np.ascontiguousarray(found).reshape(len(rows), *self.shape[1:])


def checked_rows(encoding: Encoding, table: Table, rows: Array) -> Array:
    """These rows of a table, as an array may stand for them, after encoding each of them once.

    Raises DataError where a row cannot be encoded, now instead of in the middle of training.
    """
    made = EncodedRows(encoding, table, rows)
    width = sum(shapes.size(column.values.shape[1:]) for column in table.columns)
    for part in stretches(len(rows), width):
        made[part]
    return cast(Array, made)
