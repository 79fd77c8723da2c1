"""Optimisers, one family a file. Importing the package fills `OPTIMIZERS`."""

from engine.optimizers import adaptive, descent
from engine.optimizers.base import OPTIMIZERS, Optimizer

__all__ = ["OPTIMIZERS", "Optimizer", "adaptive", "descent"]
