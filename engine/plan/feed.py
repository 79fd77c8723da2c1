"""The way of a data set into the memory of plans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from engine import shapes
from engine.graph.model import Graph
from engine.layers.terminal import Input, Loss
from engine.plan.plan import Plan
from engine.plan.steps import Step, bound
from engine.shapes import Shape
from engine.workspace import Array

Rows = NDArray[Any]
"""Numbers of examples."""


class Signature(Protocol):
    """What is asked of a data signature."""

    @property
    def target(self) -> str:
        """classes, binary or values."""


class TrainingData(Protocol):
    """What is asked of a data set; `engine.data.dataset.Dataset` is one."""

    @property
    def signature(self) -> Signature:
        """What the targets are."""

    def part(self, name: str) -> Rows:
        """The examples of `train`, `validation` or `test`."""

    def inputs(self, columns: Sequence[str] = (), shape: Shape | None = None) -> Array:
        """What an input of these columns and this shape takes, (examples, *shape)."""

    def targets_as(self, kind: str, units: int) -> Array:
        """The targets as a loss of this kind wants them, (examples, units)."""

    def decode(self, values: Array) -> Array:
        """Predicted values in the unit of the target's column."""


class Examples:
    """A data set as the inputs and losses of a graph take it: matrices of one example a row."""

    def __init__(self, graph: Graph, data: TrainingData, dtype: np.dtype[Any]) -> None:
        self._graph = graph
        self._data = data
        self._dtype = dtype
        self._matrices: dict[object, Array] = {}

    def inputs(self, node_ids: tuple[str, ...]) -> Array:
        """For inputs that lie side by side, (examples, numbers of all of them)."""
        if node_ids not in self._matrices:
            parts = []
            for node_id in node_ids:
                layer = cast(Input, self._graph.node(node_id).layer)
                rows = self._data.inputs(layer.columns, layer.shape)
                parts.append(rows.reshape(len(rows), -1))
            joined = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
            self._matrices[node_ids] = np.ascontiguousarray(joined, self._dtype)
        return self._matrices[node_ids]

    def targets(self, node_id: str, shape: Shape) -> Array:
        """For a loss, (examples, numbers of one target). Raises DataError for a misfit."""
        if node_id not in self._matrices:
            loss = cast(Loss, self._graph.node(node_id).layer).loss
            targets = self._data.targets_as(loss.target, shapes.size(shape))
            loss.check_data(targets)
            rows = targets.reshape(len(targets), -1)
            self._matrices[node_id] = np.ascontiguousarray(rows, self._dtype)
        return self._matrices[node_id]


class Feed:
    """The way of examples into one plan: rows are gathered, then turned into columns."""

    def __init__(self, plan: Plan, examples: Examples) -> None:
        self.plan = plan
        pairs = [(examples.inputs(side.node_ids), side.rows) for side in plan.input_rows]
        pairs += [
            (examples.targets(node_id, target.shape[:-1]), target.reshape(-1, plan.batch))
            for node_id, target in plan.targets.items()
        ]
        self._pairs = [(m, np.zeros((plan.batch, m.shape[1]), m.dtype), rows) for m, rows in pairs]

    def loading(self, chosen: Rows) -> list[Step]:
        """Steps that put the examples of these numbers into the plan.

        They read `chosen` anew each time, so that its memory may change its mind.
        """
        steps: list[Step] = []
        for matrix, gathered, rows in self._pairs:
            # clip: the other modes make a copy first.
            steps.append(bound(matrix.take, (chosen, 0, gathered, "clip"), {}))
            steps.append(bound(np.copyto, (rows, gathered.T), {}))
        return steps

    def load(self, chosen: Rows) -> None:
        for step in self.loading(chosen):
            step()
