"""A data set ready for training: features, targets and the three parts of the split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from engine import shapes
from engine.data.base import Progress, no_progress
from engine.data.chosen import columns_of, parts_of, weights_in
from engine.data.encoding import Encoding
from engine.data.mapped import EncodedRows, checked_rows
from engine.data.settings import DataSettings
from engine.data.split import Rows
from engine.data.statistics import scale_of
from engine.data.table import Array, Column, Table, listed
from engine.data.target import (
    Target,
    TargetKind,
    as_classes,
    as_values,
    guess_task,
    never_there,
    without,
)
from engine.errors import DataError
from engine.one_hot import OneHot
from engine.shapes import Shape


@dataclass(frozen=True)
class DataSignature:
    """What a graph needs to know of a data set, without the data.

    feature_names, origins: one per feature, before flattening nothing else: (D,) features
        have D names; `origins` says of which raw column each was made.
    feature_shape: shape of one example; image_shape: the shape (C, H, W) in which the
        same numbers make a picture, if they do.
    target: binary for two classes, classes for more, values for numbers.
    target_names: names of the target columns; classes: names of the classes.
    target_steps: how many steps a sequence of targets has; 0 for one target an example.
    target_scaled: whether targets are standardised, so that some are negative.
    token_count: how many tokens there are, where the features are tokens; else 0.
    counts: rows for training, validation and test.
    in_order: whether each of these parts is one piece of the rows, in their order.
    overlapping: whether rows of different parts share some of their values.
    """

    feature_names: tuple[str, ...]
    feature_shape: Shape
    target: TargetKind
    target_names: tuple[str, ...]
    classes: tuple[str, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    origins: tuple[str, ...] = ()
    image_shape: Shape | None = None
    target_steps: int = 0
    target_scaled: bool = False
    token_count: int = 0
    padding: int = -1
    in_order: bool = False
    overlapping: bool = False

    @property
    def outputs(self) -> int:
        """Numbers in one target, or in each step of it: one per class, or per target column."""
        return len(self.classes) or len(self.target_names)

    def indices(self, columns: Sequence[str] = ()) -> tuple[int, ...]:
        """Which features the columns named make, in the order named; all for none.

        A name is that of a feature or of a raw column, which stands for all features
        made of it. Raises DataError.
        """
        if not columns:
            return tuple(range(len(self.feature_names)))
        chosen: list[int] = []
        for name in columns:
            found = [i for i, feature in enumerate(self.feature_names) if feature == name]
            found = found or [i for i, origin in enumerate(self.origins) if origin == name]
            if not found:
                raise DataError(
                    f"The data has no feature {name!r}. Its features are "
                    f"{listed(tuple(dict.fromkeys(self.origins or self.feature_names)))}."
                )
            chosen += found
        return tuple(chosen)

    def input_shape(self, columns: Sequence[str] = ()) -> Shape:
        """The shape that an input of these columns takes; that of an example for none."""
        return (len(self.indices(columns)),) if columns else self.feature_shape


@dataclass(frozen=True, eq=False)
class Dataset:
    """Encoded examples, batch first.

    features: float32 (N, *feature_shape); rows that are read when asked for, where the
        source is larger than memory.
    targets: class numbers int64 (N,), or values float32 (N, M); of sequences (N, T) and
        (N, T, M). -1 or NaN where there is none, as behind the end of a short sequence.
    train, validation, test: which examples belong to each part.
    rows: the row of the source's table that each example came from, (N,).
    notes: sentences about what was guessed or left out.
    weights: how much each example counts, float32 (N,); None where all count alike.
    photographs: whether pictures are shown as they were taken, and not as drawings in ink.
    ahead: of sequences whose target is a later one of their values: how many steps behind their
        last; 0 where it is none, or where the source does not know.
    """

    signature: DataSignature
    features: Array
    targets: Array
    train: Rows
    validation: Rows
    test: Rows
    encoding: Encoding
    rows: Rows
    notes: tuple[str, ...] = ()
    weights: Array | None = None
    photographs: bool = False
    ahead: int = 0

    def __len__(self) -> int:
        return len(self.features)

    @property
    def image_shape(self) -> Shape | None:
        return self.signature.image_shape

    def part(self, name: str) -> Rows:
        """The examples of train, validation or test."""
        return {"train": self.train, "validation": self.validation, "test": self.test}[name]

    def inputs(self, columns: Sequence[str] = (), shape: Shape | None = None) -> Array:
        """What an input node of these columns and this shape takes, float32 (N, *shape).

        Raises DataError if a column is not there or the shape holds another number of values.
        """
        return select(self.signature, self.features, columns, shape)

    @property
    def tokens(self) -> tuple[str, ...]:
        """What each number of the features stands for, where they are tokens; else empty."""
        return _tokens(self.encoding)

    def words(self, row: int) -> list[str]:
        """The tokens of an example as they are read, (T,); empty words for padding."""
        tokens = self.tokens
        return [tokens[int(place)] for place in np.asarray(self.features[row]).flat]

    def encode(self, table: Table) -> Array:
        """New raw rows as features; see `Encoding.encode`."""
        return self.encoding.encode(table)

    @cached_property
    def present(self) -> Array | None:
        """Which targets are there, (N, *target); None where all are."""
        there = self.targets >= 0 if self.signature.classes else ~np.isnan(self.targets)
        return None if there.all() else there

    def targets_as(self, kind: str, shape: Shape) -> Array | OneHot:
        """The targets as a loss wants them, float32 (N, *shape). What is not there is 0.

        kind: classes, binary or values: the `target` of the loss.
        shape: that of the prediction, (units,) or (steps, units). Two classes serve one unit
            as 0 and 1; K classes serve K units as one-hot rows, for a loss on values too, which
            are made when they are asked for.

        Raises DataError if the targets cannot be had so.
        """
        signature = self.signature
        classes, steps, units = len(signature.classes), signature.target_steps, shapes.size(shape)
        if signature.target == "values":
            if kind == "values" and units == shapes.size(self.targets.shape[1:]):
                return np.nan_to_num(self.targets).reshape(-1, *shape)
        elif classes == 2 and kind != "classes" and (shape == (steps, 1) if steps else units == 1):
            return np.maximum(self.targets, 0).astype(np.float32).reshape(-1, *shape)
        elif units == max(steps, 1) * classes and (not steps or shape == (steps, classes)):
            return OneHot(self.targets, classes, shape)
        has = f"{classes} classes" if classes else f"{signature.outputs} value(s)"
        if steps:
            has += f" at each of {steps} steps"
        wants = {"classes": "classes", "binary": "yes or no"}.get(kind, "values")
        raise DataError(
            f"The loss wants {shapes.text(shape)} output(s) as {wants}, and the target "
            f"{listed(signature.target_names)} has {has}. {self._remedy()}"
        )

    def _remedy(self) -> str:
        if self.signature.target_steps:
            return (
                "Let the layers before the loss keep every step, and end with a Dense of "
                f"{self.signature.outputs} unit(s)."
            )
        if self.signature.target == "values":
            return (
                f"Use a loss on values, such as squared error, behind {self.signature.outputs} "
                "unit(s)."
            )
        if self.signature.target == "binary":
            return "Use cross-entropy behind 2 softmax units, or its binary form behind 1 sigmoid."
        return f"Use cross-entropy behind {self.signature.outputs} softmax units."

    def in_raw_units(self, rows: Rows) -> Array:
        """The features of examples, float64 (N, *feature_shape), in the units of their columns."""
        return self.encoding.in_raw_units(np.asarray(self.features[rows]))

    def decode(self, values: Array) -> Array:
        """Predicted values in the unit of the target column; those of classes unchanged."""
        return self.encoding.target.decode(values)


def select(
    signature: DataSignature, features: Array, columns: Sequence[str], shape: Shape | None
) -> Array:
    """The columns named of encoded `features` (N, ...), each row in `shape`.

    Raises DataError if a column is not there or the shape holds another number of values.
    """
    chosen = features
    if columns and isinstance(features, EncodedRows):
        chosen = features.choose(signature.indices(columns))
    elif columns:
        flat = features.reshape(len(features), -1)
        chosen = np.ascontiguousarray(flat[:, signature.indices(columns)])
    if shape is None:
        return chosen
    width = shapes.size(chosen.shape[1:])
    if shapes.size(shape) != width:
        raise DataError(
            f"The input takes {shapes.text(shape)} values and the data gives {width} per row. "
            f"Set the input's shape to {shapes.text(chosen.shape[1:])}."
        )
    return chosen.reshape(len(features), *shape)


def prepare(settings: DataSettings, progress: Progress | None = None) -> Dataset:
    """Load, choose, split, fit and encode. Raises DataError."""
    return prepare_table(settings.source.load(progress), settings, progress)


def prepare_table(
    table: Table, settings: DataSettings, progress: Progress | None = None
) -> Dataset:
    """As `prepare`, for a table that was loaded before. Raises DataError."""
    progress = progress or no_progress
    if not len(table):
        raise DataError("The data has no rows. Choose another file or more points.")
    notes = list(table.notes)
    raw_target, columns = columns_of(table, settings, notes)
    is_classes = (settings.task if settings.task != "auto" else guess_task(raw_target)) == "classes"
    if absent := never_there(raw_target, settings.ignored):
        notes.append(
            f"No row has {listed(absent)} as its target {raw_target.name!r}, so that there is "
            "nothing to ignore. Check how it is written."
        )
    raw_target = without(raw_target, settings.ignored)
    target = as_classes(raw_target) if is_classes else as_values(raw_target)
    rows = np.flatnonzero(~target.empty)
    if settings.unlabelled == "keep" and len(rows):
        rows = np.arange(len(table))
    if len(rows) < len(table):
        gone = len(table) - len(rows)
        notes.append(
            f"{gone:,} {'row' if gone == 1 else 'rows'} without a value in the target "
            f"{target.name!r} {'was' if gone == 1 else 'were'} left out."
        )
    if not len(rows):
        raise DataError(f"The target {target.name!r} is empty. Choose another target column.")
    target = target.take(rows)
    mapped = any(column.mapped for column in columns)
    if not mapped:
        columns = [column.take(rows) for column in columns]
    parts = parts_of(target, is_classes, settings, notes)
    if target.empty[parts.train].all():
        raise DataError(
            f"No training row has a value in the target {target.name!r}, so there is nothing to "
            "learn. Load more rows with a target, or leave out those without one."
        )
    progress(0.6)
    meaning, targets = _targets(target, is_classes, settings, parts.train)
    learnt_from = rows[parts.train] if mapped else parts.train
    encoding = Encoding.fit(columns, settings.transforms, learnt_from, meaning, table.image_shape)
    progress(0.8)
    chosen = replace(table, columns=tuple(columns))
    features = checked_rows(encoding, chosen, rows) if mapped else encoding.encode(chosen)
    progress(1.0)
    counts = len(parts.train), len(parts.validation), len(parts.test)
    in_order = settings.parts == "in_order"
    overlapping = settings.source.overlap > 0 and counts[0] < sum(counts) and not in_order
    return Dataset(
        replace(signature_of(encoding, counts), in_order=in_order, overlapping=overlapping),
        features,
        targets,
        parts.train,
        parts.validation,
        parts.test,
        encoding,
        rows,
        tuple(notes),
        weights_in(table, settings.weights, rows),
        table.photographs,
        table.ahead,
    )


def signature_of(encoding: Encoding, counts: tuple[int, int, int] = (0, 0, 0)) -> DataSignature:
    """The signature of whatever this encoding makes."""
    tokens = _tokens(encoding)
    return DataSignature(
        feature_names=encoding.feature_names,
        feature_shape=encoding.feature_shape,
        target=encoding.target.kind,
        target_names=encoding.target.names,
        classes=encoding.target.classes,
        counts=counts,
        origins=encoding.origins,
        image_shape=encoding.image_shape,
        target_steps=encoding.target.steps,
        target_scaled=bool(encoding.target.scaling),
        token_count=len(tokens),
        padding=tokens.index("") if "" in tokens else -1,
    )


def _tokens(encoding: Encoding) -> tuple[str, ...]:
    """What each number of the features stands for, where they are tokens."""
    raw = encoding.raw
    return raw[0].levels if len(raw) == 1 and raw[0].kind == "number" else ()


def _targets(
    column: Column, is_classes: bool, settings: DataSettings, train: Rows
) -> tuple[Target, Array]:
    values, ignored = column.values, settings.ignored
    steps = values.shape[1] if values.ndim > 1 else 0
    if is_classes:
        kind: TargetKind = "binary" if len(column.levels) == 2 else "classes"
        target = Target(column.name, kind, column.levels, steps=steps, ignored=ignored)
        return target, values.astype(np.int64)
    known = values[train][~np.isnan(values[train])]
    scaled = settings.scale_target and known.size > 0
    mean = float(known.mean()) if scaled else 0.0
    deviation = scale_of(mean, float(known.std())) if scaled else 1.0
    width = values.shape[2] if values.ndim > 2 else 1
    target = Target(column.name, "values", (), mean, deviation, steps, width, ignored)
    scores = ((values - mean) / deviation).astype(np.float32)
    return target, scores if values.ndim > 2 else scores[..., None]
