"""How much memory a call leaves and takes, as tracemalloc sees it; NumPy reports to it."""

from __future__ import annotations

import tracemalloc

SLACK = 2048
"""Bytes that Python itself may turn over: boxed numbers, frames."""


def most_allocated(function, warm_up: int = 3, times: int = 5) -> int:
    """The highest rise of traced memory above its level before, over some calls."""
    for _ in range(warm_up):
        function()
    tracemalloc.start()
    try:
        function()
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        for _ in range(times):
            function()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
