"""Python's one lock, shared fairly: training stands still while the window draws."""

from __future__ import annotations

import threading

from engine.training.control import Control, StopReason

LONGEST_WAIT = 0.25
"""Seconds after which training goes on though the window has not said that it is done."""


class Gate(Control):
    """A control whose reader waits while the window holds the gate shut.

    Two threads that both run Python hand the lock to and fro, and each hand-over
    costs the window up to one switch interval: a frame of 5 ms then takes 50.
    A trainer looks at its control before every step, so it can stand aside for
    the length of a frame instead.
    """

    def __init__(self) -> None:
        self._shut = False
        self._opened = threading.Event()
        self._opened.set()
        super().__init__()

    @property
    def requested(self) -> StopReason | None:
        """What is asked for; before it answers, it waits until the gate is open."""
        if self._shut and not self._opened.wait(LONGEST_WAIT):
            self.open()
        return self._requested

    @requested.setter
    def requested(self, reason: StopReason | None) -> None:
        self._requested = reason
        self.open()

    @property
    def shut(self) -> bool:
        return self._shut

    def close(self) -> None:
        """Let the trainer wait before its next step."""
        if self._requested is None:
            self._opened.clear()
            self._shut = True

    def open(self) -> None:
        self._shut = False
        self._opened.set()
