"""Activations, one family a file. Importing the package fills `ACTIVATIONS`."""

from engine.activations import gated, linear, rectified, sigmoidal, softmax
from engine.activations.base import ACTIVATIONS, Activation

__all__ = ["ACTIVATIONS", "Activation", "gated", "linear", "rectified", "sigmoidal", "softmax"]
