"""Layers, one family a file. Importing the package fills `LAYERS`."""

from engine.layers import dense, neuron, terminal
from engine.layers.base import LAYERS, Layer

__all__ = ["LAYERS", "Layer", "dense", "neuron", "terminal"]
