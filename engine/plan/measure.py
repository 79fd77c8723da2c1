"""Measuring a network on a part of a data set: its loss, and metrics that people read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from engine.errors import DataError
from engine.graph.infer import Inference
from engine.graph.model import Graph
from engine.layers.terminal import Loss
from engine.metrics import Metric, confusion, metrics_for
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.feed import Examples, Feed, Rows, TrainingData
from engine.plan.parameters import Parameters
from engine.plan.plan import Plan
from engine.workspace import Array

CHUNK = 512
"""Examples measured at a time."""


def sample(rows: Rows, limit: int) -> Rows:
    """At most `limit` of some rows, spread evenly over them."""
    if len(rows) <= limit:
        return rows
    return np.asarray(rows[np.arange(limit) * len(rows) // limit])


class Measurement:
    """One part of a data set, ready to be measured again and again with changing parameters.

    Its plans share the parameters. If all rows fit one plan they are loaded once.
    """

    def __init__(
        self,
        graph: Graph,
        inference: Inference,
        parameters: Parameters,
        examples: Examples,
        data: TrainingData,
        rows: Rows,
        metrics: Sequence[Metric] | None = None,
    ) -> None:
        """metrics: what to compute beside the loss; None means all that fit the target."""
        kind = data.signature.target
        wanted = metrics_for(kind) if metrics is None else metrics
        self._metrics = [metric for metric in wanted if kind in metric.targets]
        self._decode = data.decode if kind == "values" else None
        self._judged = _judged_node(graph)
        self._shift = shift_to_half(graph, self._judged[1]) if self._judged else 0.0
        self._parts: list[tuple[Feed, Rows]] = []
        feeds: dict[int, Feed] = {}
        for start in range(0, len(rows), CHUNK):
            chosen = np.asarray(rows[start : start + CHUNK], np.intp)
            size = len(chosen)
            if size not in feeds:
                plan = compile_plan(graph, inference, parameters, size, Mode.EVALUATE)
                feeds[size] = Feed(plan, examples)
            self._parts.append((feeds[size], chosen))
        self._stays_loaded = len(self._parts) == 1
        if self._stays_loaded:
            feed, chosen = self._parts[0]
            feed.load(chosen)

    def run(self) -> dict[str, float]:
        """`loss`, the mean over the rows, and the metrics by kind, with the parameters as they are.

        Values are judged in the unit of the target's column. Chunk by chunk, so that no more
        than one is in memory.
        """
        tallies = {metric.kind: metric.tally() for metric in self._metrics}
        total, count, is_judged = 0.0, 0, False
        for loss, rows, judged in self._chunks():
            total, count = total + loss * rows, count + rows
            if judged is not None:
                is_judged = True
                for tally in tallies.values():
                    tally.add(*judged)
        found = {"loss": total / max(count, 1)}
        if is_judged:
            found |= {kind: tally.result() for kind, tally in tallies.items()}
        return found

    def confusion(self) -> Array:
        """(K, K) counts: rows are actual classes, columns predicted ones.

        Raises DataError where the network has no prediction of the data's target.
        """
        counts = [confusion(*judged) for _, _, judged in self._chunks() if judged is not None]
        if not counts:
            raise DataError(
                "The network predicts nothing that can be compared with the target. "
                "Wire its last layer into a loss on classes."
            )
        return np.asarray(sum(counts))

    def _chunks(self) -> Iterator[tuple[float, int, tuple[Array, Array] | None]]:
        """Mean loss, rows, and (prediction, target) of each chunk, if these can be compared."""
        for feed, chosen in self._parts:
            if not self._stays_loaded:
                feed.load(chosen)
            feed.plan.forward()
            yield feed.plan.loss(), len(chosen), self._predictions(feed.plan)

    def _predictions(self, plan: Plan) -> tuple[Array, Array] | None:
        """What the first loss judges and its target, if they can be compared."""
        if self._judged is None:
            return None
        source, loss = self._judged
        prediction, target = plan.values[source][0].array, plan.targets[loss]
        if prediction.shape != target.shape:
            return None
        if self._decode:
            prediction, target = self._decode(prediction), self._decode(target)
        if self._shift and len(prediction) == 1:
            prediction = prediction + self._shift
        return prediction, target


def shift_to_half(graph: Graph, loss: str) -> float:
    """What to add to the scores of a loss so that above one half means yes."""
    layer = graph.node(loss).layer
    return 0.5 - layer.loss.decision if isinstance(layer, Loss) else 0.0


def _judged_node(graph: Graph) -> tuple[str, str] | None:
    """(prediction node, loss node) of the first loss that learns the data's target."""
    for node in graph.nodes:
        if isinstance(node.layer, Loss) and not graph.incoming(node.id, "target"):
            for wire in graph.incoming(node.id, "prediction"):
                return wire.source, node.id
    return None
