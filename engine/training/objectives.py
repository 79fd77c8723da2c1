"""Objectives: a loss, the parameters it trains, and the optimiser that does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from engine.optimizers.base import CHUNK, Optimizer, Parts, Update
from engine.plan.memory import zeros
from engine.plan.parameters import Parameters, Weights
from engine.plan.plan import Plan
from engine.workspace import Array


@dataclass(eq=False)
class Objective:
    """What one optimiser does to some parameters for the sake of some losses.

    losses: node ids; their sum is what is minimised.
    trained: the nodes whose parameters it changes, if they learn at all; None for all.
    parts: where these lie in the vector of all parameters.
    slots: the optimiser's own vectors, each as long as the parameters.
    updates: how many steps the optimiser has made.
    """

    losses: tuple[str, ...]
    parameters: Parameters
    optimizer: Optimizer
    trained: frozenset[str] | None = None
    updates: int = 0
    parts: Parts = field(init=False)
    slots: dict[str, Array] = field(init=False)

    def __post_init__(self) -> None:
        parameters = self.parameters
        self.parts = parameters.parts(self.trained)
        self.slots = {n: zeros(parameters.size, parameters.dtype) for n in self.optimizer.slots}
        self._loss = np.zeros((), np.float64)
        self._update: Update = self.optimizer.bind(
            parameters.vector,
            parameters.gradient,
            self.slots,
            lambda: zeros(min(parameters.size, CHUNK), parameters.dtype),
            self._loss,
            self.parts,
        )

    def rate(self, epoch: float, epochs: int) -> float:
        """The learning rate at a time of the run."""
        return self.optimizer.rate * self.optimizer.schedule.factor(epoch, epochs)

    def update(self, rate: float, loss: float) -> None:
        """Change the parameters by their gradient, which is that of this loss."""
        self._loss[()] = loss
        self.updates += 1
        self._update(self.updates, rate)

    def step(self, plan: Plan, rate: float) -> None:
        """One training step on the batch that the plan holds."""
        plan.forward()
        plan.backward()
        self.update(rate, plan.loss())

    @contextmanager
    def result_in_place(self) -> Iterator[None]:
        """For as long as a `with` block: the parameters are those to be used in the end.

        Most optimisers end with the parameters that they train; one that averages
        has its result in a slot. Steps must not be made inside the block.
        """
        slot, vector = self._result, self.parameters.vector
        if slot is None or not self.updates:
            yield
            return
        trained = vector.copy()
        for part, _ in self.parts:
            np.copyto(vector[part], slot[part])
        try:
            yield
        finally:
            for part, _ in self.parts:
                np.copyto(vector[part], trained[part])

    @property
    def result(self) -> Weights:
        """Views of what it trains, as it is to be used in the end, where that is in a slot."""
        slot = self._result
        if slot is None or not self.updates:
            return {}
        return self.owned(slot)

    def owned(self, vector: Array) -> Weights:
        """Views of the parts that it trains of a vector as long as the parameters."""
        places = [part for part, _ in self.parts]
        return {
            key: view
            for key, view in self.parameters.views(vector).items()
            if any(p.start <= self.parameters.slice(key[0]).start < p.stop for p in places)
        }

    def exchange(self) -> None:
        """Swap the parameters with the result, where that is in a slot; again swaps back.

        In a checkpoint the parameters are those to be used, and the slot has those
        that training goes on with.
        """
        slot, vector = self._result, self.parameters.vector
        if slot is not None and self.updates:
            for part, _ in self.parts:
                trained = vector[part].copy()
                np.copyto(vector[part], slot[part])
                np.copyto(slot[part], trained)

    def settle(self) -> None:
        """Take the parameters as they are for the result."""
        if self._result is not None:
            for part, _ in self.parts:
                np.copyto(self._result[part], self.parameters.vector[part])

    @property
    def _result(self) -> Array | None:
        """The slot that holds the result, if one does."""
        name = self.optimizer.result
        return None if name is None else self.slots[name]

    @property
    def state(self) -> tuple[Array, ...]:
        """Every vector that a step changes."""
        parameters = self.parameters
        state = parameters.state
        return (parameters.vector, state.vector, *state.memories.values(), *self.slots.values())
