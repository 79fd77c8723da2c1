"""What a recurrent layer does at steps that only fill up a short sequence: nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.layers.cell import Each
from engine.layers.in_turn import Call
from engine.workspace import Array, Workspace


class Holding:
    """Keeps what is remembered as it was over the steps that only fill up.

    S directions stand side by side, each with the mask in the order in which it reads.

    real, padded: the mask of the step last looked at and its opposite, (S, H, N).
    """

    def __init__(
        self, work: Workspace, mask: Array, orders: Sequence[slice], shape: tuple[int, int, int]
    ) -> None:
        """mask: (T, N). orders: how each direction goes through it. shape: (S, H, N)."""
        steps, batch = mask.shape
        ordered, absent = (work.buffer(steps, len(orders), 1, batch) for _ in range(2))
        self._ordered, self._absent = tuple(ordered), tuple(absent)
        self.real, self.padded, self.part = (work.buffer(*shape) for _ in range(3))
        for side, order in enumerate(orders):
            work.forward(np.copyto, ordered[:, side, 0], mask[order])
        work.forward(np.subtract, work.scalar(1), ordered, out=absent)

    def look(self) -> list[Call]:
        """What looks at each step, (S, 1, N) -> (S, H, N)."""
        return [
            (np.copyto, self.real, self._ordered),
            (np.copyto, self.padded, self._absent),
        ]

    def hold(self, before: Each, after: Each) -> list[Call]:
        """What writes `before` over `after` where a step is padding."""
        return [
            (np.multiply, after, self.real, after),
            (np.multiply, before, self.padded, self.part),
            (np.add, after, self.part, after),
        ]
