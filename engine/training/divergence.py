"""When numbers stop being finite: which node it began in, and the way back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from engine.errors import TrainingDivergedError
from engine.graph.model import Graph
from engine.plan.plan import Plan
from engine.training.objectives import Objective
from engine.workspace import Array


class Snapshot:
    """The last good state of a run's objectives, to return to.

    Good means: the loss is finite and at most twice what it was at the start. A
    normalisation hides values too large for its running statistics from the loss,
    so these have to be finite too.
    """

    def __init__(self, objectives: Sequence[Objective]) -> None:
        self._objectives = tuple(objectives)
        self._vectors = _apart(v for objective in objectives for v in objective.state)
        self._kept = tuple(np.zeros_like(vector) for vector in self._vectors)
        self._limits: dict[Objective, float] = {}
        self.step = 0
        self._updates = [0 for _ in objectives]
        self.take(0)

    def offer(self, step: int, loss: float, objective: Objective) -> None:
        """Keep the state if it is good.

        step: how many steps were done; loss: of this state, as an objective sees it.
        """
        limit = self._limits.setdefault(objective, 2 * abs(loss))
        if loss <= limit and _finite(objective.parameters.state.vector):
            self.take(step)

    def take(self, step: int) -> None:
        for kept, vector in zip(self._kept, self._vectors, strict=True):
            np.copyto(kept, vector)
        self.step, self._updates = step, [one.updates for one in self._objectives]

    def restore(self) -> None:
        for kept, vector in zip(self._kept, self._vectors, strict=True):
            np.copyto(vector, kept)
        for objective, updates in zip(self._objectives, self._updates, strict=True):
            objective.updates = updates


def _apart(vectors: Iterable[Array]) -> tuple[Array, ...]:
    """Each vector once."""
    return tuple({id(vector): vector for vector in vectors}.values())


def diverged(step: int, plan: Plan, graph: Graph, rate: float) -> TrainingDivergedError:
    """The error for a plan that holds numbers that are not finite, after its forward pass."""
    remedy = f"Lower the learning rate, now {rate:g}; the last good weights were kept."
    for node_id, values in plan.values.items():
        title = graph.node(node_id).title
        named = f"{title} ({node_id})" if title != node_id else title
        weights = plan.parameters.vector[plan.parameters.slice(node_id)]
        if not _finite(weights):
            what = f"the weights of {named} are no longer finite"
        elif not all(map(_finite, plan.parameters.state.of(node_id).values())):
            what = f"the running statistics of {named} are no longer finite"
        elif not all(_finite(value.array) for value in values):
            what = f"the output of {named} is no longer finite"
            if node_id in plan.inputs:
                remedy = "Look for missing or infinite values in the data."
        else:
            continue
        return TrainingDivergedError(
            step, node_id, f"Training diverged at step {step:,}: {what}. {remedy}"
        )
    return TrainingDivergedError(
        step, None, f"Training diverged at step {step:,}: the loss is no longer finite. {remedy}"
    )


def _finite(array: Array) -> bool:
    return bool(np.isfinite(array).all())
