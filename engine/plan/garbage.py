"""Python's search for garbage, put off where there is none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_later() -> Iterator[None]:
    """For as long as a `with` block or a function runs: no search for garbage.

    Python searches anew whenever it has made some hundred objects, and now and then walks
    through all there are. What makes hundreds of thousands that stay, as compiling does,
    spends a third of its time so.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
