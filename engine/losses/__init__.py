"""Losses, one family a file. Importing the package fills `LOSSES`."""

from engine.losses import cross_entropy, regression
from engine.losses.base import LOSSES, Loss

__all__ = ["LOSSES", "Loss", "cross_entropy", "regression"]
