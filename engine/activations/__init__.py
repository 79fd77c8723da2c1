"""Activations, one family a file. Importing the package fills `ACTIVATIONS`."""

from engine.activations import linear, rectified, sigmoidal, softmax, swish
from engine.activations.base import ACTIVATIONS, Activation

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "linear",
    "rectified",
    "sigmoidal",
    "softmax",
    "swish",
]
