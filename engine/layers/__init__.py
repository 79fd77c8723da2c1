"""Layers, one family a file. Importing the package fills `LAYERS`."""

from engine.layers import (
    activation,
    conv,
    dense,
    dropout,
    global_pool,
    merge,
    neuron,
    pool,
    reshape,
    terminal,
)
from engine.layers.base import LAYERS, Layer

__all__ = [
    "LAYERS",
    "Layer",
    "activation",
    "conv",
    "dense",
    "dropout",
    "global_pool",
    "merge",
    "neuron",
    "pool",
    "reshape",
    "terminal",
]
