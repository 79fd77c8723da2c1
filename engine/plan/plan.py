"""A plan: a checked graph made ready to run on batches of one size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from engine.plan.extent import Mode
from engine.plan.parameters import Parameters
from engine.plan.steps import Step, in_parts, run
from engine.workspace import Array, Value


class Settling(Protocol):
    """A loop that iterates."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes of the loop."""

    @property
    def steps_taken(self) -> int:
        """How many steps the newest batch took."""

    @property
    def changes(self) -> Array:
        """The largest change at each of them."""


@dataclass(frozen=True)
class InputRows:
    """Inputs that lie side by side in memory, so that one copy fills them all.

    rows: (numbers of all these inputs, N); node_ids in the order of their rows.
    """

    node_ids: tuple[str, ...]
    rows: Array


class Plan:
    """The steps of a graph, bound to their arrays. Examples are the last axis.

    inputs: fill these before `forward`, by node id, (*shape, N).
    targets: of each loss whose target is not wired, (*target shape, N).
    weights: of each loss, how much its positions count, (*positions, N); empty where all alike.
    counted: the same after masks have left out steps.
    weight_sums: of losses whose positions or classes have weights, their sum, (1,).
    positions: of each loss, how many each example has.
    outputs: those of the model's outputs that it works out, by their names, (*shape, N).
    values: what every node puts out, with gradients after `backward`.
    losses: node ids of the losses. loss_shares: by how much each counts in their sum.
    loss_factors: by how much more each does in the gradient of the newest batch, where
        several batches make one update and count unequally for several losses; else None.
    threads: how many threads its matrix products are worth.
    """

    def __init__(
        self,
        mode: Mode,
        batch: int,
        parameters: Parameters,
        inputs: dict[str, Array],
        input_rows: tuple[InputRows, ...],
        targets: dict[str, Array],
        weights: dict[str, Array],
        counted: dict[str, Array],
        weight_sums: dict[str, Array],
        positions: dict[str, int],
        outputs: dict[str, Array],
        values: dict[str, tuple[Value, ...]],
        losses: tuple[str, ...],
        loss_values: Array,
        loss_shares: Array,
        loss_factors: Array | None,
        forward_steps: Iterable[Step],
        backward_steps: Iterable[Step],
        threads: int,
        settling: tuple[Settling, ...] = (),
    ) -> None:
        self.mode = mode
        self.batch = batch
        self.parameters = parameters
        self.inputs = inputs
        self.input_rows = input_rows
        self.targets = targets
        self.weights = weights
        self.counted = counted
        self._weight_sums = weight_sums
        self._each_counts = tuple((weight_sums.get(n), positions[n]) for n in losses)
        self.outputs = outputs
        self.values = values
        self.threads = threads
        self._settling = settling
        self.losses = losses
        self._loss_values = loss_values
        self.loss_shares = loss_shares
        self.loss_factors = loss_factors if weight_sums else None
        self._is_plain = len(losses) == 1 and loss_shares[0] == 1
        self._forward = in_parts(forward_steps)
        self._backward = in_parts(backward_steps)

    def forward(self) -> None:
        """Compute every value from the inputs, and the losses from the targets."""
        for steps in self._forward:
            run(steps)

    def backward(self) -> None:
        """After `forward`: the gradient of the loss by every parameter."""
        for steps in self._backward:
            run(steps)

    def loss_parts(self) -> Array:
        """Each loss of the newest forward pass and how much it counts beside other batches, (2, L).

        That is the sum of its weights if it has some, else the number of examples.
        """
        counts = [
            float(self._weight_sums[n][0]) if n in self._weight_sums else self.batch
            for n in self.losses
        ]
        return np.array([self._loss_values, counts], np.float64)

    def examples(self) -> float:
        """How many examples the newest batch counts for: where positions have weights, their
        mean weight times the number of examples.

        Of several losses this is the mean, for curves; see `counted_loss` for gradients.
        """
        if not self._weight_sums:
            return self.batch
        counts = (
            self.batch if total is None else total.item(0) / positions
            for total, positions in self._each_counts
        )
        return float(sum(counts)) / len(self.losses)

    def loss(self) -> float:
        """The loss of the newest forward pass: the sum of all, each times its weight."""
        if self._is_plain:
            return float(self._loss_values.item(0))
        return float(np.dot(self._loss_values, self.loss_shares))

    def counted_loss(self) -> tuple[float, float]:
        """How many examples the newest gradient is a mean over, and the loss that it belongs to.

        Where `loss_factors` say how the batch counts, it counts for one.
        """
        if self.loss_factors is None:
            return self.examples(), self.loss()
        return 1.0, float(np.dot(self._loss_values * self.loss_factors, self.loss_shares))

    def each_loss(self) -> dict[str, float]:
        """By node, the losses of the newest forward pass, without their weights."""
        return dict(zip(self.losses, self._loss_values.tolist(), strict=True))

    def steps_taken(self) -> dict[str, int]:
        """By node of a loop that iterates: how many steps it took in the newest forward pass."""
        return {node: loop.steps_taken for loop in self._settling for node in loop.nodes}

    def changes(self) -> dict[str, Array]:
        """By node of a loop that iterates: the largest change of any number at each step."""
        return {node: loop.changes.copy() for loop in self._settling for node in loop.nodes}
