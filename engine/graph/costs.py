"""What each node costs: parameters, work and memory, before anything runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine import shapes
from engine.graph.node_shapes import Inference, NodeShapes

BYTES = 4
"""Of one float32."""


@dataclass(frozen=True)
class Cost:
    """The cost of a node, or of several together.

    parameters: how many numbers training changes; shared ones count once, at their owner.
    multiply_adds: of one example's forward pass, in all steps of a loop.
    activations: how many numbers one example leaves here on its way through.
    """

    parameters: int = 0
    multiply_adds: int = 0
    activations: int = 0

    def training_bytes(self, batch: int, slots: int) -> int:
        """Memory that training takes: parameters, their gradients and the optimiser's
        `slots` for each, and every value of a batch with its gradient."""
        return BYTES * (self.parameters * (2 + slots) + self.activations * batch * 2)


def cost_of(found: NodeShapes) -> Cost:
    """What one node costs, as far as its shapes are known."""
    values = sum(shapes.size(shape) for shape in found.outputs or ())
    return Cost(found.parameter_count, found.multiply_adds, values)


def together(costs: Iterable[Cost]) -> Cost:
    """The sum of costs."""
    listed = list(costs)
    return Cost(
        sum(cost.parameters for cost in listed),
        sum(cost.multiply_adds for cost in listed),
        sum(cost.activations for cost in listed),
    )


def cost_of_all(inference: Inference) -> Cost:
    """What a whole graph costs, as far as its shapes are known."""
    return together(cost_of(found) for found in inference.values())
