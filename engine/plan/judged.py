"""Which of a graph's predictions is compared with what, where metrics are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.graph.model import Graph, Wire
from engine.graph.order import reachable
from engine.layers.terminal import Input, Loss
from engine.plan.plan import Plan
from engine.workspace import Array


@dataclass(frozen=True, eq=False)
class Compared:
    """A prediction and its target, (*shape, N) both.

    weights: how much each position counts, (*positions, N); None where all count alike.
    """

    prediction: Array
    target: Array
    weights: Array | None

    def as_examples(self) -> Compared:
        """Every step of sequences (T, K, N) as an example of its own, (K, T N)."""
        if self.prediction.ndim != 3:
            return self
        weights = None if self.weights is None else _side_by_side(self.weights)
        return Compared(_side_by_side(self.prediction), _side_by_side(self.target), weights)


def _side_by_side(array: Array) -> Array:
    """(T, K, N) -> (K, T N), (T, N) -> (T N,)"""
    if array.ndim == 2:
        return array.reshape(-1)
    return array.transpose(1, 0, 2).reshape(array.shape[1], -1)


@dataclass(frozen=True)
class Judged:
    """A prediction and its target, as the loss that judges them sees them.

    loss: the node. prediction: the wire over which it arrives. target: the wire of the
        target; None where that is the data set's.
    shift: what to add to scores so that above one half means yes.
    """

    loss: str
    prediction: Wire
    target: Wire | None
    shift: float

    def kind(self, learned: str) -> str:
        """What the target is; learned: what the data set's is. What is wired is values."""
        return learned if self.target is None else "values"

    def arrays(self, graph: Graph, plan: Plan) -> Compared:
        """What the newest forward pass compared."""
        prediction = _arriving(graph, plan, self.prediction)
        weights = plan.counted.get(self.loss)
        if self.target is None:
            return Compared(prediction, plan.targets[self.loss], weights)
        return Compared(prediction, _arriving(graph, plan, self.target), weights)


def judged(graph: Graph) -> Judged | None:
    """What the first loss compares that learns the data's target.

    Where there is none, the first whose wired target is made from an input: a
    reconstruction. A loss against a constant, such as a discriminator's, says
    nothing about data.
    """
    pairs = list(_comparisons(graph))
    return next(
        (pair for pair in pairs if pair.target is None),
        next((pair for pair in pairs if _is_from_data(graph, pair)), None),
    )


def _comparisons(graph: Graph) -> Iterator[Judged]:
    for node in graph.nodes:
        if not isinstance(node.layer, Loss) or node.layer.loss.target == "none":
            continue
        if node.switch != "on":
            continue
        targets = graph.incoming(node.id, "target")
        for prediction in graph.incoming(node.id, "prediction"):
            shift = 0.0 if targets else 0.5 - node.layer.loss.decision
            yield Judged(node.id, prediction, targets[0] if targets else None, shift)


def _is_from_data(graph: Graph, pair: Judged) -> bool:
    if pair.target is None:
        return True
    sources = reachable(graph.predecessors, [pair.target.source])
    return any(isinstance(graph.node(node_id).layer, Input) for node_id in sources)


def _arriving(graph: Graph, plan: Plan, wire: Wire) -> Array:
    ports = [port.name for port in graph.node(wire.source).layer.output_ports]
    return plan.values[wire.source][ports.index(wire.source_port)].array
