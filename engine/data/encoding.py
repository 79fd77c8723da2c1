"""The way from a raw table to the numbers that a network takes, fitted once and kept.

An `Encoding` is what a project saves to predict from new rows without the
data that it was trained on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from engine import shapes
from engine.data.base import TRANSFORMS, State, Transform
from engine.data.split import Rows
from engine.data.stretched import Stretched
from engine.data.table import Array, Column, ColumnKind, Table, listed
from engine.data.target import Target
from engine.errors import DataError
from engine.fields import Plain, accepted_variant, variant_to_plain
from engine.shapes import Shape


@dataclass(frozen=True)
class RawColumn:
    """A column that the encoding reads: its name and kind.

    levels: what the numbers of a category or of tokens stand for; empty for plain numbers.
    """

    name: str
    kind: ColumnKind
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Encoding:
    """Fitted transforms and what goes in and comes out of them.

    raw: the columns it reads, in order.
    steps: each transform with what it remembers, by column name.
    feature_names: one per feature; origins: the raw column of each.
    feature_shape: shape of one encoded row, (D,) or that of a picture.
    """

    raw: tuple[RawColumn, ...]
    steps: tuple[tuple[Transform, Mapping[str, State]], ...]
    feature_names: tuple[str, ...]
    origins: tuple[str, ...]
    feature_shape: Shape
    image_shape: Shape | None
    target: Target

    @classmethod
    def fit(
        cls,
        columns: Sequence[Column],
        transforms: Sequence[Transform],
        train: Rows,
        target: Target,
        image_shape: Shape | None = None,
    ) -> Encoding:
        """Fit the transforms, one after the other, on the rows `train` alone."""
        raw = tuple(RawColumn(c.name, c.kind, c.levels) for c in columns)
        current = [
            Stretched(c.name, c.kind, c.values, origin=c.origin, rows=train)
            if c.mapped
            else c.take(train)
            for c in columns
        ]
        steps = []
        for transform in transforms:
            states = {c.name: state for c in current if (state := transform.fit(c)) is not None}
            current = _applied(transform, states, current)
            steps.append((transform, states))
        names, origins = _feature_names(current)
        multi = [column.values.shape[1:] for column in current if column.values.ndim > 1]
        shape = multi[0] if multi and len(current) == 1 else (len(names),)
        if image_shape is not None and len(names) != shapes.size(image_shape):
            image_shape = None
        if len(shape) == 3:
            image_shape = shape
        return cls(raw, tuple(steps), names, origins, shape, image_shape, target)

    def encode(self, table: Table) -> Array:
        """A raw table as features, float32 (N, *feature_shape). Further columns are ignored.

        Words that the training data did not have become zeros.

        Raises DataError if a column is missing, holds the wrong kind of thing, or lacks
        values that no transform fills.
        """
        absent = [column.name for column in self.raw if column.name not in table]
        if absent:
            raise DataError(
                f"The data must have the columns the network was trained on; {listed(absent)} "
                f"{'is' if len(absent) == 1 else 'are'} not among {listed(table.names)}."
            )
        columns = [_conformed(table.column(column.name), column) for column in self.raw]
        for transform, states in self.steps:
            columns = _applied(transform, states, columns)
        return self._stacked(columns, len(table))

    def in_raw_units(self, features: Array) -> Array:
        """Encoded rows (N, *feature_shape) as they were before they were scaled, in float64.

        What one-hot made stays 0 and 1, and values that were filled in stay filled in.
        """
        raw = features.reshape(len(features), -1).astype(np.float64)
        for column in self.raw:
            places = [i for i, origin in enumerate(self.origins) if origin == column.name]
            for transform, states in reversed(self.steps):
                if column.kind == "number" and column.name in states:
                    raw[:, places] = transform.undo(raw[:, places], states[column.name])
        return raw.reshape(features.shape)

    def _stacked(self, columns: Sequence[Column], count: int) -> Array:
        for column in columns:
            if column.kind == "category":
                raise DataError(
                    f"Column {column.name!r} holds words, and a network takes numbers. "
                    "Add the One-hot transform, or leave the column out."
                )
            if column.missing.any():
                raise DataError(
                    f"Column {column.name!r} lacks {column.missing.sum():,} of {count:,} values. "
                    "Add the Fill missing values transform, or leave the column out."
                )
            if column.values.size and np.abs(column.values).max() > np.finfo(np.float32).max:
                raise DataError(
                    f"Column {column.name!r} holds {np.abs(column.values).max():g}, and a network "
                    "takes numbers up to 3e38. Standardise the data, or leave the column out."
                )
        flat = [column.values.reshape(count, _width(column)) for column in columns]
        width = sum(part.shape[1] for part in flat)
        if width != len(self.feature_names):
            raise DataError(
                f"One row must give {len(self.feature_names)} numbers, as in training, got "
                f"{width}. Use pictures of the size the network was trained on."
            )
        features = np.empty((count, width), dtype=np.float32)
        np.concatenate(flat, axis=1, out=features, casting="same_kind")
        return features.reshape(count, *self.feature_shape)

    def to_plain(self) -> dict[str, Plain]:
        """Everything as JSON can hold it."""
        raw: list[Plain] = [
            {"name": c.name, "kind": c.kind, "levels": list(c.levels)} for c in self.raw
        ]
        steps: list[Plain] = [
            {"transform": variant_to_plain(transform), "states": cast(Plain, dict(states))}
            for transform, states in self.steps
        ]
        return {
            "raw": raw,
            "steps": steps,
            "feature_names": list(self.feature_names),
            "origins": list(self.origins),
            "feature_shape": list(self.feature_shape),
            "image_shape": list(self.image_shape) if self.image_shape else None,
            "target": self.target.to_plain(),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Plain]) -> Encoding:
        """What `to_plain` gave. Raises DataError if it does not have that form."""
        try:
            image = cast(list[int] | None, plain["image_shape"])
            return cls(
                raw=tuple(
                    RawColumn(c["name"], c["kind"], tuple(c["levels"]))
                    for c in cast(list[dict[str, Any]], plain["raw"])
                ),
                steps=tuple(
                    (accepted_variant(TRANSFORMS, s["transform"]), dict(s["states"]))
                    for s in cast(list[dict[str, Any]], plain["steps"])
                ),
                feature_names=tuple(cast(list[str], plain["feature_names"])),
                origins=tuple(cast(list[str], plain["origins"])),
                feature_shape=tuple(cast(list[int], plain["feature_shape"])),
                image_shape=tuple(image) if image else None,
                target=Target.from_plain(cast(dict[str, Plain], plain["target"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise DataError(
                f"The saved preparation of the data cannot be read ({error!r}). "
                "Load the data again to fit it anew."
            ) from None


def _applied(
    transform: Transform, states: Mapping[str, State], columns: Sequence[Column]
) -> list[Column]:
    result: list[Column] = []
    for column in columns:
        state = states.get(column.name)
        if state is None:
            result.append(column)
        elif isinstance(column, Stretched):
            result.append(column.after(transform, state))
        else:
            result += transform.apply(column, state)
    return result


def _width(column: Column) -> int:
    """How many numbers one row of a column is."""
    return shapes.size(column.values.shape[1:])


def _feature_names(columns: Sequence[Column]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names, origins = [], []
    for column in columns:
        width = _width(column)
        names += [column.name] if width == 1 else [f"{column.name} {n}" for n in range(width)]
        origins += [column.origin] * width
    return tuple(names), tuple(origins)


def _conformed(column: Column, raw: RawColumn) -> Column:
    """A column as the kind that the encoding was fitted on."""
    if raw.kind == "category":
        # Numbers may be words here: a house number column of another file has no letters.
        words = column.texts()
        known = {level: place for place, level in enumerate(raw.levels)}
        # A level that training had not is no gap, so it must not be filled: it gets a new place.
        extra = sorted({word for word in words if word is not None and word not in known})
        known.update({word: len(known) + n for n, word in enumerate(extra)})
        codes = np.array([-1 if w is None else known[w] for w in words], dtype=np.int64)
        return replace(
            column, kind="category", values=codes, levels=(*raw.levels, *extra), origin=raw.name
        )
    if column.kind == "number":
        return column
    if column.missing.all():
        return replace(column, kind="number", values=np.full(len(column), np.nan), levels=())
    example = next(word for word in column.texts() if word is not None)
    raise DataError(
        f"Column {column.name!r} must hold numbers, as in training, got {example!r}. "
        "Correct the column, or choose another file."
    )
