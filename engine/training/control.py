"""Pause, stop and slow down, from any thread."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from enum import Enum


class StopReason(Enum):
    """Why `Trainer.run` came back. EARLY: the validation loss has stopped falling."""

    FINISHED = "finished"
    EARLY = "early"
    PAUSED = "paused"
    STOPPED = "stopped"
    DIVERGED = "diverged"


class Control:
    """What another thread wants of a running trainer, which looks here before every step.

    A pause keeps the run ready to go on; a stop says that it is over. Writing
    one attribute is atomic, so no lock is needed.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.requested: StopReason | None = None
        self._clock = clock
        self._limit: float | None = None
        self._due = -math.inf
        self._woken = threading.Event()

    def pause(self) -> None:
        if self.requested is not StopReason.STOPPED:
            self.requested = StopReason.PAUSED
        self._woken.set()

    def stop(self) -> None:
        self.requested = StopReason.STOPPED
        self._woken.set()

    def clear(self) -> None:
        """Forget what was asked for, before the trainer runs again. The limit stays."""
        self.requested = None

    @property
    def steps_per_second(self) -> float | None:
        """How fast training may go, so that one can watch it; None for as fast as it can.

        The numbers of a run are the same at any speed.
        """
        return self._limit

    @steps_per_second.setter
    def steps_per_second(self, limit: float | None) -> None:
        self._limit = limit
        self._woken.set()

    def await_turn(self) -> None:
        """For the trainer, under a limit: wait until the next step is due.

        Comes back at once when a pause, a stop or another limit is asked for.
        """
        self._woken.clear()
        limit = self._limit
        if limit is None or self.requested is not None:
            return
        now = self._clock()
        # A step that came late is not made up for: the pace stays even.
        self._due = max(self._due + 1 / limit, now)
        if self._due - now > 1 / limit:  # the limit was lower when it was set
            self._due = now + 1 / limit
        self._woken.wait(self._due - now)
