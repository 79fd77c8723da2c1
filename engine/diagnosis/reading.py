"""What is known about one weight while it is trained."""

from __future__ import annotations

from dataclasses import dataclass

SLOW, FAST = 1e-5, 3e-2
"""Between these, the share of the weights that a step moves is as it should be."""


@dataclass(frozen=True)
class WeightReading:
    """gradient: dL/dw of the newest batch. update: norm of one update over norm of the weights.

    None where it is not known.
    """

    gradient: float | None = None
    update: float | None = None

    @property
    def steady(self) -> bool:
        """Whether the weights move, and not so fast that they forget."""
        return self.update is not None and SLOW <= self.update <= FAST
