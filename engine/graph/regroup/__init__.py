"""Neurons that become one Dense layer, and a Dense layer that becomes neurons.

What the graph computes, and what a training goes on with, stays the same: the rows of
W are the weights of the neurons, and readers get the numbers in the order they had.
"""

from engine.graph.regroup.change import Moved, Regrouping, back, carried
from engine.graph.regroup.collapsing import collapse
from engine.graph.regroup.expanding import expand
from engine.graph.regroup.rules import ACROSS

__all__ = ["ACROSS", "Moved", "Regrouping", "back", "carried", "collapse", "expand"]
