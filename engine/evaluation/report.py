"""A report on a network: its metrics, what it confuses, and its worst mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.data.dataset import Dataset
from engine.errors import CompileError, DataError
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.layers.terminal import Loss
from engine.metrics import confusion, decided, metrics_for
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.feed import Examples, Feed
from engine.plan.measure import shift_to_half
from engine.plan.parameters import Parameters
from engine.workspace import Array

CHUNK = 512
"""Examples predicted at a time."""


@dataclass(frozen=True)
class Mistake:
    """One example that was predicted badly.

    row: its number in the data set.
    confidence: the share given to the class that was predicted; None where it is no probability.
    size: how bad it is; the worst is the largest.
    """

    row: int
    actual: float
    predicted: float
    confidence: float | None
    size: float


@dataclass(frozen=True, eq=False)
class Report:
    """How a network did on one part of a data set.

    rows: which examples of the data set, (N,).
    prediction, target: (K, N) for classes, (M, N) for values, these in the target's unit.
        For yes or no from one number, above one half means yes.
    classes: names of the classes; empty where values are predicted.
    metrics: `loss` first, then those that fit the target, by kind.
    """

    part: str
    rows: Array
    prediction: Array
    target: Array
    classes: tuple[str, ...]
    metrics: Mapping[str, float]

    def confusion(self) -> Array:
        """(K, K) counts of examples: rows are actual classes, columns predicted ones."""
        return confusion(self.prediction, self.target)

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
            )
            for i in worst
        ]


def report(
    graph: Graph, weights: Mapping[tuple[str, str], Array], dataset: Dataset, part: str = "test"
) -> Report:
    """Predict all examples of `train`, `validation` or `test` and judge them.

    Raises CompileError if the graph cannot run or nothing is learnt from the data's target,
    DataError if the part is empty, ShapeError if the weights are of another network.
    """
    rows = np.asarray(dataset.part(part), np.intp)
    if not len(rows):
        raise DataError(
            f"The {part} part of the data has no examples, so there is nothing to measure. "
            "Give it a share of the rows, or choose another part."
        )
    source, loss = _judged(graph)
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    parameters.load(weights)
    examples = Examples(graph, dataset, parameters.dtype)
    predictions, targets, total = [], [], 0.0
    shift = shift_to_half(graph, loss)
    feeds: dict[int, Feed] = {}
    for start in range(0, len(rows), CHUNK):
        chosen = rows[start : start + CHUNK]
        if len(chosen) not in feeds:
            plan = compile_plan(graph, inference, parameters, len(chosen), Mode.EVALUATE)
            feeds[len(chosen)] = Feed(plan, examples)
        feed = feeds[len(chosen)]
        feed.load(chosen)
        with np.errstate(all="ignore"):
            feed.plan.forward()
        total += feed.plan.loss() * len(chosen)
        predictions.append(_columns(feed.plan.values[source][0].array))
        if shift and len(predictions[-1]) == 1:
            predictions[-1] += shift
        targets.append(_columns(feed.plan.targets[loss]))
    return _judge(dataset, part, rows, predictions, targets, total / len(rows))


def _columns(array: Array) -> Array:
    """(*shape, N) -> (size, N), as a copy in float64."""
    return array.reshape(-1, array.shape[-1]).astype(np.float64)


def _judge(
    dataset: Dataset,
    part: str,
    rows: Array,
    predictions: list[Array],
    targets: list[Array],
    loss: float,
) -> Report:
    prediction, target = np.concatenate(predictions, axis=1), np.concatenate(targets, axis=1)
    signature = dataset.signature
    if signature.target == "values":
        prediction, target = dataset.decode(prediction), dataset.decode(target)
    metrics = {"loss": loss}
    with np.errstate(all="ignore"):
        for metric in metrics_for(signature.target):
            metrics[metric.kind] = metric.value(prediction, target)
    return Report(part, rows, prediction, target, signature.classes, metrics)


def _judged(graph: Graph) -> tuple[str, str]:
    """(prediction node, loss node) of the first loss that learns the data's target."""
    for node in graph.nodes:
        if isinstance(node.layer, Loss) and not graph.incoming(node.id, "target"):
            for wire in graph.incoming(node.id, "prediction"):
                return wire.source, node.id
    raise CompileError(
        "No loss compares the network with the target of the data, so there is nothing to judge. "
        "Wire the last layer into a loss."
    )
