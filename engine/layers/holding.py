"""What a recurrent layer does at steps that only fill up a short sequence: nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.workspace import AddStep, Array, Workspace


class Holding:
    """Keeps what is remembered as it was over the steps that only fill up.

    S directions stand side by side, each with the mask in the order in which it reads.

    real, padded: the mask of the step last looked at and its opposite, (S, H, N).
    """

    def __init__(
        self, work: Workspace, mask: Array, orders: Sequence[slice], shape: tuple[int, int, int]
    ) -> None:
        """mask: (T, N). orders: how each direction goes through it. shape: (S, H, N)."""
        self._work = work
        steps, batch = mask.shape
        self._mask = work.buffer(steps, len(orders), 1, batch)
        self._absent = work.buffer(steps, len(orders), 1, batch)
        self.real, self.padded, self.part = (work.buffer(*shape) for _ in range(3))
        for side, order in enumerate(orders):
            work.forward(np.copyto, self._mask[:, side, 0], mask[order])
        work.forward(np.subtract, work.scalar(1), self._mask, out=self._absent)

    def look(self, add_step: AddStep, step: int) -> None:
        """Add the steps that look at one step."""
        # (S, 1, N) -> (S, H, N)
        add_step(np.copyto, self.real, self._mask[step])
        add_step(np.copyto, self.padded, self._absent[step])

    def hold(self, before: Array, after: Array) -> None:
        """Add the forward steps that write `before` over `after` where a step is padding."""
        work = self._work
        work.forward(np.multiply, after, self.real, out=after)
        work.forward(np.multiply, before, self.padded, out=self.part)
        work.forward(np.add, after, self.part, out=after)
