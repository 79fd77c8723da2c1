"""Measuring a network on a part of a data set: its loss, and metrics that people read."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from engine.graph.infer import Inference
from engine.graph.model import Graph
from engine.layers.terminal import Loss
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
        *,
        metrics: bool = True,
    ) -> None:
        self.count = len(rows)
        self._judged = _judged_node(graph) if metrics else None
        self._classes = data.signature.target != "values"
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
        """The mean loss and the metrics, with the parameters as they are now.

        `accuracy` where the target is a class; `mae` and `rmse`, in the unit in
        which the network sees the target, where it is a value.
        """
        totals: dict[str, float] = {"loss": 0.0}
        for feed, chosen in self._parts:
            if not self._stays_loaded:
                feed.load(chosen)
            feed.plan.forward()
            size = len(chosen)
            totals["loss"] += feed.plan.loss() * size
            for name, mean in self._scores(feed.plan).items():
                totals[name] = totals.get(name, 0.0) + mean * size
        means = {name: total / max(self.count, 1) for name, total in totals.items()}
        if "mse" in means:
            means["rmse"] = math.sqrt(means.pop("mse"))
        return means

    def _scores(self, plan: Plan) -> dict[str, float]:
        """Means over one batch."""
        if self._judged is None:
            return {}
        source, loss = self._judged
        prediction, target = plan.values[source][0].array, plan.targets.get(loss)
        if target is None or target.shape != prediction.shape:
            return {}
        if self._classes:
            return {"accuracy": _share_right(prediction, target)}
        error = np.subtract(prediction, target, dtype=np.float64)
        return {"mae": float(np.abs(error).mean()), "mse": float(np.square(error).mean())}


def _share_right(prediction: Array, target: Array) -> float:
    """Of predictions (K, N): the share whose largest value, or side of 1/2, is the target's."""
    decide: Callable[[Array], Array] = (
        (lambda a: a > 0.5) if len(prediction) == 1 else (lambda a: a.argmax(axis=0))
    )
    return float((decide(prediction) == decide(target)).mean())


def _judged_node(graph: Graph) -> tuple[str, str] | None:
    """(prediction node, loss node) of the first loss that learns the data's target."""
    for node in graph.nodes:
        if isinstance(node.layer, Loss) and not graph.incoming(node.id, "target"):
            for wire in graph.incoming(node.id, "prediction"):
                return wire.source, node.id
    return None
