"""The way of a data set into the memory of plans."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from engine import shapes
from engine.graph.model import Graph
from engine.layers.terminal import Input, Loss
from engine.one_hot import OneHot
from engine.plan.plan import Plan
from engine.plan.steps import Step, bound, run
from engine.shapes import Shape
from engine.workspace import Array

Rows = NDArray[Any]
"""Numbers of examples."""


class Signature(Protocol):
    """What is asked of a data signature."""

    @property
    def target(self) -> str:
        """classes, binary or values."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes; none where values are learned."""


class TrainingData(Protocol):
    """What is asked of a data set; `engine.data.dataset.Dataset` is one."""

    @property
    def signature(self) -> Signature:
        """What the targets are."""

    def part(self, name: str) -> Rows:
        """The examples of `train`, `validation` or `test`."""

    def inputs(self, columns: Sequence[str] = (), shape: Shape | None = None) -> Array:
        """What an input of these columns and this shape takes, (examples, *shape)."""

    def targets_as(self, kind: str, shape: Shape) -> Array | OneHot:
        """The targets as a loss of this kind wants them, (examples, *shape)."""

    @property
    def weights(self) -> Array | None:
        """How much each example counts, (examples,); None where all count alike."""

    @property
    def present(self) -> Array | None:
        """Which targets are there, True or False, (examples, *target); None where all are."""

    def decode(self, values: Array) -> Array:
        """Predicted values in the unit of the target's column."""


class Examples:
    """A data set as the inputs and losses of a graph take it: matrices of one example a row."""

    def __init__(self, graph: Graph, data: TrainingData, dtype: np.dtype[Any]) -> None:
        self._graph = graph
        self._data = data
        self._dtype = dtype
        self._matrices: dict[object, Array] = {}
        self._targets: dict[str, Array | OneHot] = {}

    @property
    def weighted(self) -> bool:
        """Whether some examples, or parts of their targets, count more than others."""
        return self._data.weights is not None or self._data.present is not None

    def inputs(self, node_ids: tuple[str, ...]) -> Array:
        """For inputs that lie side by side, (examples, numbers of all of them)."""
        if node_ids not in self._matrices:
            parts = []
            for node_id in node_ids:
                layer = cast(Input, self._graph.node(node_id).layer)
                rows = self._data.inputs(layer.columns, layer.shape)
                parts.append(rows.reshape(len(rows), -1))
            self._matrices[node_ids] = _side_by_side(parts, self._dtype)
        return self._matrices[node_ids]

    def targets(self, node_id: str, shape: Shape) -> Array | OneHot:
        """For a loss, (examples, numbers of one target). Raises DataError for a misfit."""
        if node_id not in self._targets:
            loss = cast(Loss, self._graph.node(node_id).layer).loss
            targets = self._data.targets_as(loss.target, shape)
            if not isinstance(targets, OneHot):
                loss.check_data(targets)
                rows = targets.reshape(len(targets), -1)
                targets = np.ascontiguousarray(rows, self._dtype)
            self._targets[node_id] = targets
        return self._targets[node_id]

    def weights(self, node_id: str, positions: Shape) -> Array:
        """For a loss, how much each of its positions counts, (examples, numbers of one example).

        A target that is not there counts nothing, but where another is wired in its place, or
        none is asked for.
        """
        key = node_id, "weights"
        if key not in self._matrices:
            weights, present = self._data.weights, self._data.present
            known = present if weights is None else weights
            assert known is not None  # else no plan would ask
            found = np.ones((len(known), shapes.size(positions)), self._dtype)
            if present is not None and self._learns_target(node_id):
                found *= _over(present, found.shape[1])
            if weights is not None:
                found *= weights[:, None]
            self._matrices[key] = found
        return self._matrices[key]

    def _learns_target(self, node_id: str) -> bool:
        """Whether a loss compares with the data's own target."""
        is_wired = self._graph.incoming(node_id, "target")
        return not is_wired and cast(Loss, self._graph.node(node_id).layer).loss.target != "none"


def _over(present: Array, count: int) -> Array:
    """Which targets (N, *target) are there, for so many positions of a loss, (N, count).

    A target that has several positions lends them all what it is; a position that
    compares several numbers is there if all of them are.
    """
    rows = present.reshape(len(present), -1)
    if rows.shape[1] <= count:
        return np.repeat(rows, count // rows.shape[1], axis=1)
    return np.asarray(rows.reshape(len(rows), count, -1).all(axis=2))


def _side_by_side(parts: Sequence[Array], dtype: np.dtype[Any]) -> Array:
    """Rows beside rows. Those that are made when they are asked for stay so."""
    if isinstance(parts[0], np.ndarray):
        joined = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
        return np.ascontiguousarray(joined, dtype)
    return cast(Array, reduce(lambda first, second: first.beside(second), cast(Any, parts)))


class Feed:
    """The way of examples into one plan: rows are gathered, then turned into columns."""

    def __init__(self, plan: Plan, examples: Examples) -> None:
        self.plan = plan
        pairs: list[tuple[Array | OneHot, Array]]
        pairs = [(examples.inputs(side.node_ids), side.rows) for side in plan.input_rows]
        pairs += [
            (examples.targets(node_id, target.shape[:-1]), target.reshape(-1, plan.batch))
            for node_id, target in plan.targets.items()
        ]
        pairs += [
            (examples.weights(node_id, weights.shape[:-1]), weights.reshape(-1, plan.batch))
            for node_id, weights in plan.weights.items()
        ]
        self._ways: list[tuple[Array | OneHot, Array, Step]] = []
        for matrix, rows in pairs:
            gathered = np.zeros((plan.batch, shapes.size(matrix.shape[1:])), matrix.dtype)
            self._ways.append((matrix, gathered, bound(np.copyto, (rows, gathered.T))))

    def loading(self, chosen: Rows) -> list[Step]:
        """Steps that put the examples of these numbers into the plan.

        They read `chosen` anew each time, so that its memory may change its mind.
        """
        steps: list[Step] = []
        for matrix, gathered, turning in self._ways:
            # clip: the other modes make a copy first.
            if isinstance(matrix, OneHot):
                places = np.zeros((len(gathered), matrix.places.shape[1]), np.intp)
                ones = gathered.reshape(places.size, -1)  # (N positions, K)
                steps.append(bound(matrix.places.take, (chosen, 0, places, "clip")))
                steps.append(bound(matrix.rows.take, (places.reshape(-1), 0, ones, "clip")))
            else:
                steps.append(bound(matrix.take, (chosen, 0, gathered, "clip")))
            steps.append(turning)
        return steps

    def load(self, chosen: Rows) -> None:
        run(self.loading(chosen))
