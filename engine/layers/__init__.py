"""Layers, one family a file. Importing the package fills `LAYERS`."""

from engine.layers import (
    activation,
    batch_norm,
    conv,
    conv_transpose,
    dense,
    dropout,
    gru,
    layer_norm,
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
    "batch_norm",
    "conv",
    "conv_transpose",
    "dense",
    "dropout",
    "gru",
    "layer_norm",
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
