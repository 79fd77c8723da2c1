"""What a network costs, in a few numbers, before anything runs."""

from __future__ import annotations

from dataclasses import dataclass

from engine import shapes
from engine.graph.infer import Inference
from engine.graph.model import Graph

BYTES = 4
"""Of one float32."""


@dataclass(frozen=True)
class Summary:
    """The size of a network.

    layers: nodes that have parameters or change values: neither ends nor losses.
    parameters: how many numbers training changes.
    multiply_adds: of one example's forward pass.
    values: how many numbers one example makes on its way through.
    deepest_path: nodes on the longest way from an input to an end.
    """

    layers: int
    parameters: int
    multiply_adds: int
    values: int
    deepest_path: int

    def training_bytes(self, batch: int, slots: int) -> int:
        """Memory that training takes: parameters, their gradients and the optimiser's
        `slots` for each, and every value of a batch with its gradient."""
        return BYTES * (self.parameters * (2 + slots) + self.values * batch * 2)


def summarise(graph: Graph, inference: Inference) -> Summary:
    """The size of a network as far as its shapes are known."""
    depth: dict[str, int] = {}
    for node_id in inference:  # in topological order
        before = (depth.get(earlier, 0) for earlier in graph.predecessors(node_id))
        depth[node_id] = 1 + max(before, default=0)
    found = inference.values()
    return Summary(
        layers=sum(f.node.layer.category not in ("ends", "loss") for f in found),
        parameters=sum(f.parameter_count for f in found),
        multiply_adds=sum(f.multiply_adds for f in found),
        values=sum(shapes.size(shape) for f in found for shape in f.outputs or ()),
        deepest_path=max(depth.values(), default=0),
    )
