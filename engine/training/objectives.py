"""Objectives: a loss, the parameters it trains, and the optimiser that does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from engine.optimizers.base import Optimizer, Update
from engine.plan.memory import zeros
from engine.plan.parameters import Parameters
from engine.plan.plan import Plan
from engine.workspace import Array


@dataclass(eq=False)
class Objective:
    """What one optimiser does to one vector of parameters for the sake of some losses.

    losses: node ids; their sum is what is minimised.
    slots: the optimiser's own vectors, each as long as the parameters.
    updates: how many steps the optimiser has made.
    """

    losses: tuple[str, ...]
    parameters: Parameters
    optimizer: Optimizer
    updates: int = 0
    slots: dict[str, Array] = field(init=False)

    def __post_init__(self) -> None:
        parameters = self.parameters
        self.slots = {n: zeros(parameters.size, parameters.dtype) for n in self.optimizer.slots}
        self._loss = np.zeros((), np.float64)
        self._update: Update = self.optimizer.bind(
            parameters.vector,
            parameters.gradient,
            self.slots,
            lambda: zeros(parameters.size, parameters.dtype),
            self._loss,
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
        name = self.optimizer.result
        if name is None or self.updates == 0:
            yield
            return
        trained = self.parameters.vector.copy()
        np.copyto(self.parameters.vector, self.slots[name])
        try:
            yield
        finally:
            np.copyto(self.parameters.vector, trained)

    @property
    def result(self) -> Array:
        """The vector to be used in the end: the parameters, or the slot of an average."""
        name = self.optimizer.result
        return self.slots[name] if name is not None and self.updates else self.parameters.vector

    def exchange(self) -> None:
        """Swap the parameters with the result, where that is in a slot; again swaps back.

        In a checkpoint the parameters are those to be used, and the slot has those
        that training goes on with.
        """
        name = self.optimizer.result
        if name is not None and self.updates:
            trained = self.parameters.vector.copy()
            np.copyto(self.parameters.vector, self.slots[name])
            np.copyto(self.slots[name], trained)

    def settle(self) -> None:
        """Take the parameters as they are for the result."""
        if self.optimizer.result is not None:
            np.copyto(self.slots[self.optimizer.result], self.parameters.vector)

    @property
    def state(self) -> tuple[Array, ...]:
        """Every vector that a step changes."""
        parameters = self.parameters
        state = parameters.state
        return (parameters.vector, state.vector, *state.memories.values(), *self.slots.values())
