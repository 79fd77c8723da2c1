"""Layers, one family a file. Importing the package fills `LAYERS`."""

from engine.layers import activation, dense, dropout, merge, neuron, reshape, terminal
from engine.layers.base import LAYERS, Layer

__all__ = [
    "LAYERS",
    "Layer",
    "activation",
    "dense",
    "dropout",
    "merge",
    "neuron",
    "reshape",
    "terminal",
]
