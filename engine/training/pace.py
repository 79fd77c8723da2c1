"""How fast a run goes."""

from __future__ import annotations

INTERVAL = 0.2
"""Seconds over which a speed is taken."""


class Pace:
    """Steps a second, over the last moments; at first over what there is.

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
        self.steps_per_second = (steps - self._from_step) / seconds
        if seconds >= INTERVAL:
            self._since, self._from_step, self._settled = now, steps, True
        return True
