"""What a recurrent layer does at steps that only fill up a short sequence: nothing."""

from __future__ import annotations

import numpy as np

from engine.layers.repeat import ones
from engine.workspace import AddStep, Array, Workspace


class Holding:
    """Keeps what is remembered as it was over the steps that only fill up.

    real, padded: the mask of the step last looked at and its opposite, (H, N).
    """

    def __init__(self, work: Workspace, mask: Array, units: int) -> None:
        self._work = work
        self._mask, self._absent = mask, work.buffer(*mask.shape)
        self._column = ones(work, units, 1)
        self.real, self.padded, self.part = (work.buffer(units, work.batch) for _ in range(3))
        work.forward(np.subtract, work.scalar(1), mask, out=self._absent)

    def look(self, add_step: AddStep, time: int) -> None:
        """Add the steps that look at one time step."""
        # (H, 1) @ (1, N) -> (H, N)
        add_step(np.dot, self._column, self._mask[time : time + 1], self.real)
        add_step(np.dot, self._column, self._absent[time : time + 1], self.padded)

    def hold(self, before: Array, after: Array) -> None:
        """Add the forward steps that write `before` over `after` where a step is padding."""
        work = self._work
        work.forward(np.multiply, after, self.real, out=after)
        work.forward(np.multiply, before, self.padded, out=self.part)
        work.forward(np.add, after, self.part, out=after)
