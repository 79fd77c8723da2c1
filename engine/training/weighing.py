"""Several losses that count unequally in the batches of one update."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.losses.base import LEAST_WEIGHT
from engine.plan.steps import run
from engine.training.batches import Batch
from engine.workspace import Array


class Weighing:
    """Lets each loss of a batch count by its share of the weights of all batches of an update.

    The gradient of one large batch is Σ_i s_i Σ_b W_ib / W_i g_ib: a loss i is a mean over what
    counts for it, W_i = Σ_b W_ib, while a backward pass has the sum over all losses alone. So
    the weights are found before, by a forward pass over all batches of an update. Without
    weights they are the examples, and nothing needs to be found.
    """

    def __init__(self, batches: Sequence[Batch], together: int) -> None:
        """together: how many batches make an update, fewer at the end of an epoch."""
        self._batches = batches
        self._together = min(together, len(batches))
        self._first = -1
        losses = len(batches[0].plan.losses)
        self._factors: Array = np.zeros((self._together, losses))
        self._totals: Array = np.zeros(losses)

    def weigh(self, position: int, before: int) -> None:
        """Set the factors of a batch of the epoch; before: how many of its update came before."""
        factors = self._batches[position].plan.loss_factors
        if factors is None:
            return
        first = position - before
        if before == 0 or first != self._first:
            self._first = first
            self._find(self._batches[first : first + self._together])
        np.copyto(factors, self._factors[before], casting="same_kind")

    def _find(self, batches: Sequence[Batch]) -> None:
        """The factors of the batches of an update, B W_ib / W_i: their mean over them is 1."""
        factors = self._factors[: len(batches)]
        for row, batch in zip(factors, batches, strict=True):
            assert batch.weighing is not None
            run(batch.weighing.loading)
            batch.weighing.plan.forward()
            row[...] = batch.weighing.plan.loss_parts()[1]
        np.add.reduce(factors, axis=0, out=self._totals)
        np.maximum(self._totals, LEAST_WEIGHT, out=self._totals)
        np.divide(factors, self._totals, out=factors)
        np.multiply(factors, len(batches), out=factors)
