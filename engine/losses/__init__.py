"""Losses, one family a file. Importing the package fills `LOSSES`."""

from engine.losses import cosine, cross_entropy, divergences, margins, plain, regression
from engine.losses.base import LOSSES, Loss

__all__ = [
    "LOSSES",
    "Loss",
    "cosine",
    "cross_entropy",
    "divergences",
    "margins",
    "plain",
    "regression",
]
