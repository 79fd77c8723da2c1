"""How many threads a matrix product may use."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import numpy as np

from engine.graph.infer import Inference
from engine.graph.node_shapes import NodeShapes
from engine.layers.attention import MultiHeadAttention
from engine.layers.conv import Convolution
from engine.layers.conv_transpose import ConvTranspose2D
from engine.layers.recurrent import Recurrent

LARGE = 16_000_000
"""Multiply-adds of one node on one batch above which a second thread brings more than it costs."""


def threads_for(inference: Inference, included: Iterable[str], batch: int) -> int:
    """How many threads the largest matrix product of a plan is worth.

    Convolutions multiply tile by tile, recurrent layers step by step, and attention head by
    head: there each product is small, however many there are.
    """
    largest = max((_product(inference[node_id]) for node_id in included), default=0)
    return (os.cpu_count() or 1) if largest * batch > LARGE else 1


def _product(found: NodeShapes) -> int:
    """Multiply-adds of the largest product of a node, for one example."""
    layer = found.node.layer
    if isinstance(layer, Convolution | ConvTranspose2D):
        return 0
    if isinstance(layer, MultiHeadAttention) and found.arriving is not None:
        steps, width = found.arriving.at("in")[0]
        others, features = (found.arriving.at("context") or found.arriving.at("in"))[0]
        return width * max(steps * width, others * features)  # the largest projection
    if isinstance(layer, Recurrent) and found.arriving is not None:
        steps, _ = found.arriving.at("in")[0]
        return found.multiply_adds // (steps * layer.directions)
    return found.multiply_adds


@cache
def _setter() -> Callable[[int], object] | None:
    """OpenBLAS's own switch inside NumPy, or None where NumPy uses another library."""
    package = Path(np.__file__).parent
    for folder in (package.parent / "numpy.libs", package / ".dylibs"):
        for library in sorted(folder.glob("*openblas*")):
            loaded = ctypes.CDLL(str(library))
            for name in ("scipy_openblas_set_num_threads64_", "openblas_set_num_threads"):
                if hasattr(loaded, name):
                    function: Callable[[int], object] = getattr(loaded, name)
                    return function
    return None


def use_threads(count: int) -> bool:
    """Let matrix products use so many threads. False where that cannot be chosen.

    On a busy machine a small product in two threads can take fifty times as
    long as in one, so plans of small products ask for one.
    """
    setter = _setter()
    if setter is None:
        return False
    setter(count)
    return True
