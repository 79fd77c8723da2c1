"""Python's collector of cycles, kept in the window's thread.

It runs in whichever thread happens to allocate, and destroys what it finds there. A
widget that dies in the trainer's thread takes the program with it. So while other
threads work the collector is off, and the window's thread collects now and then.
"""

from __future__ import annotations

import gc

YOUNG = 1
"""The generations collected between two frames; old objects wait until training is over."""


class Garbage:
    """Holds the collector while there are jobs in other threads."""

    def __init__(self) -> None:
        self._holders = 0
        self._was_on = True

    def hold(self) -> None:
        if self._holders == 0:
            self._was_on = gc.isenabled()
            gc.disable()
        self._holders += 1

    def release(self) -> None:
        self._holders -= 1
        if self._holders == 0 and self._was_on:
            gc.enable()

    def collect(self) -> None:
        """For the window's thread: collect what is young, if there is enough of it."""
        if self._holders and gc.get_count()[0] > gc.get_threshold()[0]:
            gc.collect(YOUNG)
