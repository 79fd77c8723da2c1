"""How fast a run goes."""

from __future__ import annotations

import math

INTERVAL = 0.2
"""Seconds over which a speed is taken."""

MEMORY = 1.0
"""Seconds after which a speed counts for about a third of what it did."""


class Pace:
    """Steps a second, over the last moments; at first over what there is.

    A short halt, as when an epoch ends and is measured, hardly shows: newer speeds count for
    more, by the time over which they were taken.

    steps_per_second: 0 until two moments are known.
    """

    def __init__(self, now: float, steps: int) -> None:
        self.steps_per_second = 0.0
        self._since, self._from_step = now, steps
        self._settled = False

    def passed(self, now: float, steps: int) -> bool:
        """Note that so many steps are done. True when the speed was taken anew."""
        seconds = now - self._since
        if seconds < INTERVAL and (self._settled or seconds <= 0):
            return False
        newest = (steps - self._from_step) / seconds
        share = 1 - math.exp(-seconds / MEMORY) if self._settled else 1.0
        self.steps_per_second += share * (newest - self.steps_per_second)
        if seconds >= INTERVAL:
            self._since, self._from_step, self._settled = now, steps, True
        return True
