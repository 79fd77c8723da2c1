"""Measuring a network on a part of a data set: its loss, and metrics that people read."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np

from engine.errors import DataError
from engine.graph.infer import Inference
from engine.graph.model import Graph
from engine.losses.base import LEAST_WEIGHT
from engine.metrics import Metric, confusion, metrics_for
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.feed import Examples, Feed, Rows, TrainingData
from engine.plan.judged import Compared, judged
from engine.plan.parameters import Parameters
from engine.plan.plan import Plan
from engine.randomness import NodeStreams
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

    each_loss: by node, the mean of each loss, as `run` found it last.
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
        self._graph, self._judged = graph, judged(graph)
        learned = data.signature.target
        kind = self._judged.kind(learned) if self._judged else learned
        wanted = metrics_for(kind, len(data.signature.classes)) if metrics is None else metrics
        self._metrics = [metric for metric in wanted if kind in metric.targets]
        decodes = self._judged is not None and self._judged.target is None and kind == "values"
        self._decode = data.decode if decodes else None
        self._streams = NodeStreams(0)
        self.each_loss: dict[str, float] = {}
        self._counting: frozenset[str] = frozenset()
        self._parts: list[tuple[Feed, Rows]] = []
        feeds: dict[int, Feed] = {}
        for start in range(0, len(rows), CHUNK):
            chosen = np.asarray(rows[start : start + CHUNK], np.intp)
            size = len(chosen)
            if size not in feeds:
                plan = compile_plan(
                    graph,
                    inference,
                    parameters,
                    size,
                    Mode.EVALUATE,
                    self._streams,
                    weighted=examples.weighted,
                )
                feeds[size] = Feed(plan, examples)
            self._parts.append((feeds[size], chosen))
        self._stays_loaded = len(self._parts) == 1
        if self._stays_loaded:
            feed, chosen = self._parts[0]
            feed.load(chosen)

    def run(self, seen: Callable[[Rows, Compared], None] | None = None) -> dict[str, float]:
        """`loss`, the mean over the rows, and the metrics by kind, with the parameters as they are.

        Both count examples, steps and values as much as training does, and are NaN where
        nothing counts; of several losses those are summed for which anything does. Values are
        judged in the unit of the target's column. Chunk by chunk, so that no more than one is in
        memory.

        seen: called with the rows of each chunk and what is compared; the arrays change after it.
        """
        tallies = {metric.kind: metric.tally() for metric in self._metrics}
        totals, counts, is_judged = np.zeros(1), np.zeros(1), False
        for rows, plan, compared in self._chunks():
            losses, weights = plan.loss_parts()
            totals, counts = totals + losses * weights, counts + weights
            if compared is not None:
                is_judged = True
                if seen is not None:
                    seen(rows, compared)
                for tally in tallies.values():
                    tally.add(compared.prediction, compared.target, compared.weights)
        means = np.where(counts > 0, totals / np.maximum(counts, LEAST_WEIGHT), np.nan)
        losses = self._parts[0][0].plan.losses
        self.each_loss = dict(zip(losses, means.tolist(), strict=True))
        self._counting = frozenset(n for n, c in zip(losses, counts, strict=True) if c > 0)
        found = {"loss": self.loss_of()}
        if is_judged:
            found |= {kind: tally.result() for kind, tally in tallies.items()}
        return found

    def counts(self, losses: Collection[str] | None = None) -> bool:
        """Whether anything counted for some losses, or for any, when `run` was last called."""
        return bool(self._counting) if losses is None else not self._counting.isdisjoint(losses)

    def loss_of(self, losses: Collection[str] | None = None) -> float:
        """The sum of some losses by their weights, or of all, as `run` found them last.

        One for which nothing counts is left out; NaN where that is so for all.
        """
        if not self.counts(losses):
            return math.nan
        plan = self._parts[0][0].plan
        return float(
            sum(
                self.each_loss[node_id] * share
                for node_id, share in zip(plan.losses, plan.loss_shares.tolist(), strict=True)
                if node_id in self._counting and (losses is None or node_id in losses)
            )
        )

    def confusion(self) -> Array:
        """(K, K) counts: rows are actual classes, columns predicted ones.

        Raises DataError where the network has no prediction of the data's target.
        """
        counts = []
        if self._judged is not None and self._judged.target is None:
            counts = [_counts(pair) for _, _, pair in self._chunks() if pair is not None]
        if not counts:
            raise DataError(
                "The network predicts nothing that can be compared with the target. "
                "Wire its last layer into a loss on classes."
            )
        return np.asarray(sum(counts))

    def _chunks(self) -> Iterator[tuple[Rows, Plan, Compared | None]]:
        """Rows, plan, and prediction with target, if these can be compared, of each chunk."""
        self._streams.rewind()  # the same noise every time, so that numbers can be compared
        for feed, chosen in self._parts:
            if not self._stays_loaded:
                feed.load(chosen)
            feed.plan.forward()
            yield chosen, feed.plan, self._predictions(feed.plan)

    def _predictions(self, plan: Plan) -> Compared | None:
        """What is judged and its target, if they can be compared."""
        if self._judged is None:
            return None
        found = self._judged.arrays(self._graph, plan)
        if found.prediction.shape != found.target.shape:
            return None
        found = found.as_examples()
        prediction, target = found.prediction, found.target
        if self._decode:
            prediction, target = self._decode(prediction), self._decode(target)
        if self._judged.shift and len(prediction) == 1:
            prediction = prediction + self._judged.shift
        return Compared(prediction, target, found.weights)


def _counts(compared: Compared) -> Array:
    """The confusion matrix of what weighs anything, each example or step once."""
    weights = compared.weights
    counted = None if weights is None else weights > 0
    return np.rint(confusion(compared.prediction, compared.target, counted)).astype(np.int64)
