"""Losses, one family a file. Importing the package fills `LOSSES`."""

# isort: off
# The order in which the palette offers them.
from engine.losses import cross_entropy, regression, margins, divergences, cosine, plain

# isort: on
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
