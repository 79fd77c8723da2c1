"""Telling a shake from a drag."""

from __future__ import annotations

TURNS = 4
"""How often the pointer must turn back."""
SWEEP = 16
"""Pixels on screen by which it must go each way."""
WITHIN_MS = 1200
"""The time in which all turns must happen."""


class Shake:
    """Listens to where a dragged node is, left to right, and counts the turns."""

    def __init__(self, x: int) -> None:
        self._from = self._far = x
        self._turns: list[int] = []

    def moved(self, x: int, at_ms: int) -> bool:
        """Whether the drag has become a shake."""
        onwards = (x - self._from) * (self._far - self._from) >= 0
        if onwards and abs(x - self._from) >= abs(self._far - self._from):
            self._far = x
        elif abs(self._far - x) >= SWEEP:
            # Back from the farthest place: a turn, and a sweep begins there.
            self._from, self._far = self._far, x
            self._turns = [t for t in self._turns if at_ms - t <= WITHIN_MS] + [at_ms]
        return len(self._turns) >= TURNS
