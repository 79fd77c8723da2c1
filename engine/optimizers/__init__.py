"""Optimisers, one family a file. Importing the package fills `OPTIMIZERS`."""

from engine.optimizers import descent, averaged, implicit, adaptive, moments  # noqa: I001 - the order of the list
from engine.optimizers.base import OPTIMIZERS, Optimizer

__all__ = ["OPTIMIZERS", "Optimizer", "adaptive", "averaged", "descent", "implicit", "moments"]
