"""Layers, one family a file. Importing the package fills `LAYERS`."""

from engine.layers import (
    activation,
    conv,
    conv_transpose,
    dense,
    dropout,
    gru,
    lstm,
    merge,
    neuron,
    pool,
    pool_global,
    reshape,
    resize,
    simple_rnn,
    terminal,
)
from engine.layers.base import LAYERS, Layer

__all__ = [
    "LAYERS",
    "Layer",
    "activation",
    "conv",
    "conv_transpose",
    "dense",
    "dropout",
    "gru",
    "lstm",
    "merge",
    "neuron",
    "pool",
    "pool_global",
    "reshape",
    "resize",
    "simple_rnn",
    "terminal",
]
