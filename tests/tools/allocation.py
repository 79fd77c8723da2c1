"""How much memory a call leaves and takes, as tracemalloc sees it; NumPy reports to it."""

from __future__ import annotations

import tracemalloc

SLACK = 2048
"""Bytes that Python itself may turn over: boxed numbers, frames."""

ROUNDS = 3


def most_allocated(function, warm_up: int = 3, times: int = 5) -> int:
    """The highest rise of traced memory above its level before, over some calls.

    Of several rounds of calls the least counts: Python's own housekeeping may fall into
    one of them, while what a step takes now and then falls into all.
    """
    for _ in range(warm_up):
        function()
    tracemalloc.start()
    try:
        function()
        rises = []
        for _ in range(ROUNDS):
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            for _ in range(times):
                function()
            rises.append(tracemalloc.get_traced_memory()[1] - before)
            if rises[-1] <= SLACK:
                break
        return min(rises)
    finally:
        tracemalloc.stop()
