"""A report on a network: its metrics, what it confuses, and its worst mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.data.dataset import Dataset
from engine.errors import CompileError, DataError
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.metrics import (
    ClassAverage,
    ClassScores,
    Metric,
    TopAccuracy,
    confusion,
    decided,
    found_at,
    scores_per_class,
)
from engine.plan.feed import Examples, Rows
from engine.plan.judged import Compared, judged
from engine.plan.measure import Measurement
from engine.plan.parameters import Parameters
from engine.workspace import Array


@dataclass(frozen=True)
class Mistake:
    """One example that was predicted badly.

    row: its number in the data set. step: which step of a sequence; None where it is none.
    confidence: the share given to the class that was predicted; None where it is no probability.
    size: how bad it is; the worst is the largest.
    """

    row: int
    actual: float
    predicted: float
    confidence: float | None
    size: float
    step: int | None = None


@dataclass(frozen=True, eq=False)
class Report:
    """How a network did on one part of a data set.

    rows: which examples of the data set, (N,). Of sequences every step is an example, and
        `steps` says which, (N,). What counts nothing is left out: padding, missing targets.
    prediction, target: (K, N) for classes, (M, N) for values, these in the target's unit.
        Of a network whose target is wired from an input: its reconstruction and that target.
        For yes or no from one number, above one half means yes.
    classes: names of the classes; empty where values are predicted.
    metrics: `loss` first, then those that fit the target, by kind.
    rebuilds: the target is made from an input, as that of an autoencoder.
    weights: how much each example counts in the metrics, (N,); None where all count alike.
    """

    part: str
    rows: Array
    prediction: Array
    target: Array
    classes: tuple[str, ...]
    metrics: Mapping[str, float]
    steps: Array | None = None
    rebuilds: bool = False
    weights: Array | None = None

    def by_example(self) -> tuple[Array, Array, Array]:
        """Rows (N,), predictions and targets (N, T, M), one step where there are none.

        NaN at steps that count nothing.
        """
        if self.steps is None:
            # (M, N) -> (N, 1, M)
            return self.rows, self.prediction.T[:, None], self.target.T[:, None]
        rows, places = np.unique(self.rows, return_inverse=True)
        found = np.full((2, len(rows), int(self.steps.max()) + 1, len(self.target)), np.nan)
        for whole, values in zip(found, (self.prediction, self.target), strict=True):
            whole[places, self.steps] = values.T  # (M, N T) -> (N, T, M)
        return rows, found[0], found[1]

    def confusion(self) -> Array:
        """(K, K) counts of examples: rows are actual classes, columns predicted ones."""
        return self.matrix if self.weights is None else confusion(self.prediction, self.target)

    @cached_property
    def matrix(self) -> Array:
        """(K, K) sums of weights, counts where all weigh alike; rows are actual classes."""
        return confusion(self.prediction, self.target, self.weights)

    @cached_property
    def guesses(self) -> Array:
        """How many examples have their class as the likeliest, the second, ..., by weight."""
        return found_at(self.prediction, self.target, self.weights)

    def scores(self) -> ClassScores:
        """Precision, recall and F1 of each class, counted as the metrics are, by weight."""
        return scores_per_class(self.matrix)

    def value(self, metric: Metric) -> float:
        """A metric of classes, by its own average or number of guesses, or one of `metrics`."""
        if isinstance(metric, ClassAverage):
            return metric.of_matrix(self.matrix, single=len(self.prediction) == 1)
        if isinstance(metric, TopAccuracy):
            return metric.of_guesses(self.guesses)
        return self.metrics[metric.kind]

    def mistakes(self, most: int = 24) -> list[Mistake]:
        """The worst, worst first: wrong classes by confidence, or values by their distance."""
        if not self.classes:
            return self._far(most)
        actual, predicted = decided(self.target), decided(self.prediction)
        shares = self._shares()
        wrong = np.flatnonzero(actual != predicted)
        sizes = shares[wrong]
        worst = wrong[np.argsort(-sizes, kind="stable")][:most]
        probable = bool(np.all((shares >= 0) & (shares <= 1)))
        return [
            Mistake(
                int(self.rows[i]),
                int(actual[i]),
                int(predicted[i]),
                float(shares[i]) if probable else None,
                float(shares[i]),
                self._step(i),
            )
            for i in worst
        ]

    def _shares(self) -> Array:
        """What the predicted class was given, (N,)."""
        if len(self.prediction) == 1:
            return np.asarray(np.maximum(self.prediction[0], 1 - self.prediction[0]))
        return np.asarray(self.prediction.max(axis=0))

    def _far(self, most: int) -> list[Mistake]:
        distance = np.abs(self.prediction - self.target).max(axis=0)
        output = np.abs(self.prediction - self.target).argmax(axis=0)
        worst = np.argsort(-distance, kind="stable")[:most]
        return [
            Mistake(
                int(self.rows[i]),
                float(self.target[output[i], i]),
                float(self.prediction[output[i], i]),
                None,
                float(distance[i]),
                self._step(i),
            )
            for i in worst
        ]

    def _step(self, place: int) -> int | None:
        return None if self.steps is None else int(self.steps[place])


def report(
    graph: Graph, weights: Mapping[tuple[str, str], Array], dataset: Dataset, part: str = "test"
) -> Report:
    """Predict all examples of `train`, `validation` or `test` and judge them.

    Raises CompileError if the graph cannot run or no loss compares anything with the data,
    DataError if the part is empty, ShapeError if the weights are of another network.
    """
    rows = np.asarray(dataset.part(part), np.intp)
    if not len(rows):
        raise DataError(
            f"The {part} part of the data has no examples, so there is nothing to measure. "
            "Give it a share of the rows, or choose another part."
        )
    pair = judged(graph)
    if pair is None:
        raise CompileError(
            "No loss compares the network with the target of the data, so there is nothing to "
            "judge. Wire the last layer into a loss."
        )
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    parameters.load(weights)
    examples = Examples(graph, dataset, parameters.dtype)
    measurement = Measurement(graph, inference, parameters, examples, dataset, rows)
    seen: list[tuple[Array, ...]] = []
    with np.errstate(all="ignore"):
        metrics = measurement.run(lambda chosen, compared: seen.append(_kept(chosen, compared)))
    places, steps, predictions, targets, counted = zip(*seen, strict=True)
    how_much = np.concatenate(counted)
    is_own = pair.target is None
    return Report(
        part,
        np.concatenate(places),
        np.concatenate(predictions, axis=1),
        np.concatenate(targets, axis=1),
        dataset.signature.classes if is_own else (),
        metrics,
        np.concatenate(steps) if dataset.signature.target_steps and is_own else None,
        rebuilds=not is_own,
        weights=how_much if np.ptp(how_much) > 0 else None,
    )


def _kept(chosen: Rows, compared: Compared) -> tuple[Array, ...]:
    """Examples, steps, predictions, targets and weights, without what counts nothing."""
    prediction, target = (
        array.reshape(-1, array.shape[-1]) for array in (compared.prediction, compared.target)
    )
    kept = np.arange(target.shape[1])
    weights = np.ones(target.shape[1])
    if compared.weights is not None:
        weights = compared.weights.reshape(-1, target.shape[1]).mean(axis=0, dtype=np.float64)
        kept = np.flatnonzero(weights > 0)
    steps, examples = np.divmod(kept, len(chosen))
    columns = (array[:, kept].astype(np.float64) for array in (prediction, target))
    return chosen[examples], steps, *columns, weights[kept]
