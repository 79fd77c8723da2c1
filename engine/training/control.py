"""Pause and stop, from any thread."""

from __future__ import annotations

from enum import Enum


class StopReason(Enum):
    """Why `Trainer.run` came back."""

    FINISHED = "finished"
    PAUSED = "paused"
    STOPPED = "stopped"
    DIVERGED = "diverged"


class Control:
    """What another thread wants of a running trainer, which looks here before every step.

    A pause keeps the run ready to go on; a stop says that it is over. Writing
    one attribute is atomic, so no lock is needed.
    """

    def __init__(self) -> None:
        self.requested: StopReason | None = None

    def pause(self) -> None:
        if self.requested is not StopReason.STOPPED:
            self.requested = StopReason.PAUSED

    def stop(self) -> None:
        self.requested = StopReason.STOPPED

    def clear(self) -> None:
        """Forget what was asked for, before the trainer runs again."""
        self.requested = None
