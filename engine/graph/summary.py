"""What a network costs, in a few numbers, before anything runs."""

from __future__ import annotations

from dataclasses import dataclass

from engine.graph.costs import Cost, cost_of_all
from engine.graph.infer import Inference
from engine.graph.model import Graph


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

    @property
    def cost(self) -> Cost:
        """Of all nodes together."""
        return Cost(self.parameters, self.multiply_adds, self.values)

    def training_bytes(self, batch: int, slots: int) -> int:
        """Memory that training takes; see `Cost.training_bytes`."""
        return self.cost.training_bytes(batch, slots)


def summarise(graph: Graph, inference: Inference) -> Summary:
    """The size of a network as far as its shapes are known."""
    depth: dict[str, int] = {}
    for node_id in inference:  # in topological order
        depth[node_id] = 1 + max([depth.get(i, 0) for i in graph.predecessors(node_id)], default=0)
    whole = cost_of_all(inference)
    return Summary(
        layers=sum(f.node.layer.category not in ("ends", "loss") for f in inference.values()),
        parameters=whole.parameters,
        multiply_adds=whole.multiply_adds,
        values=whole.activations,
        deepest_path=max(depth.values(), default=0),
    )
