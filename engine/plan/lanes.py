"""Lanes: steps of one node that run at the same time, each lane in a thread of its own.

NumPy gives Python's lock away while it works on large arrays, so that two threads on two
halves of an image take little more than half of the time. BLAS's own threads serve the
products alone, and wait by spinning, which on a busy machine takes fifty times as long.

The threads are few, made once for the whole process and idle until they are needed, as
those of a BLAS are. A lane that no thread has taken up by the time the caller is done with
its own is run by the caller, who so never waits for a processor that others keep busy. The
numbers are the same, whoever runs a lane.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cache
from queue import SimpleQueue

import numpy as np

from engine.plan.denormals import flushed
from engine.plan.steps import Step, run

WORTH = 3_000_000
"""Multiply-adds, or as much other work, that a lane should have at least: about 60 µs, which
is what it takes at worst to wake a thread."""

MOST = 4
"""Lanes of one node at most: with more of them Python's lock is asked for too often."""


def lanes_for(cost: float, processors: int | None = None) -> int:
    """How many lanes so many multiply-adds are worth. processors: None for all there are."""
    worth = int(cost // WORTH)
    if worth <= 1:
        return 1
    return min(MOST, worth, processors or _processors())


@cache
def _processors() -> int:
    return os.cpu_count() or 1


class Fork:
    """A step that runs several lists of steps at the same time and waits for all of them."""

    def __init__(self, lanes: Sequence[Sequence[Step]]) -> None:
        first, *others = lanes
        self._first = tuple(first)
        self._others = [_Lane(steps) for steps in others]

    def __call__(self) -> None:
        """Raises what a lane raised."""
        for lane in self._others:
            lane.offer()
        try:
            run(self._first)
        finally:
            for lane in self._others:
                lane.finish()


class _Lane:
    """A list of steps that a thread may take up, or the caller, but only one of them."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = tuple(steps)
        self._open, self._done = threading.Lock(), threading.Lock()
        self._open.acquire()
        self._done.acquire()
        self._error: BaseException | None = None

    def offer(self) -> None:
        self._open.release()
        _offered().put(self)

    def take_up(self) -> None:
        """Run the steps, in a thread of the process's own, unless the caller has begun."""
        if not self._open.acquire(blocking=False):
            return
        try:
            run(self._steps)
        except BaseException as error:  # handed to the caller, who waits
            self._error = error
        self._done.release()

    def finish(self) -> None:
        """Run the steps, or wait until all have run. Raises what one of them raised."""
        if self._open.acquire(blocking=False):
            run(self._steps)
            return
        self._done.acquire()
        error, self._error = self._error, None
        if error is not None:
            raise error


@cache
def _offered() -> SimpleQueue[_Lane]:
    """What threads take up; they begin with it."""
    offered: SimpleQueue[_Lane] = SimpleQueue()
    for _ in range(min(MOST, os.cpu_count() or 1) - 1):
        threading.Thread(target=_serve, args=(offered,), name="lane", daemon=True).start()
    if hasattr(os, "register_at_fork"):  # a process that forks takes no thread along
        os.register_at_fork(after_in_child=_offered.cache_clear)
    return offered


def _serve(offered: SimpleQueue[_Lane]) -> None:
    # What is not finite is found where the numbers are used; each thread has its own settings.
    with flushed(), np.errstate(all="ignore"):
        while True:
            offered.get().take_up()
