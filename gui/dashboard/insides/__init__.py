"""What is seen inside a node from near, with the numbers of one example."""

from gui.dashboard.insides.base import Inside
from gui.dashboard.insides.make import Looked, inside_of

__all__ = ["Inside", "Looked", "inside_of"]
