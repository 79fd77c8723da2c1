"""Where single neurons stand side by side, so that they run as one matrix product.

Neurons of the same depth, activation and bias compute s(W x + b) with one row
of W each, if they learn at the same rate and share no weights with each other.
One that reads a value twice, by way of a reroute point, has two weights for one
column of W and runs alone.
Their parameters follow each other in the flat vector, so that a fully wired
group finds its W as a view. Where the sums of a group are computed by themselves
(see `engine.plan.fusing`), the activations behind them stand side by side too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.activations import Activation
from engine.graph.infer import Inference
from engine.graph.model import Graph, Wire
from engine.layers.activation import Activation as ActivationLayer
from engine.layers.neuron import Neuron
from engine.layers.reroute import Reroute


@dataclass(frozen=True, slots=True)
class Unit:
    """Nodes that run together: neurons, or activations behind them, side by side, or one node."""

    nodes: tuple[str, ...]
    grouped: bool = False


def units(
    graph: Graph,
    inference: Inference,
    included: Iterable[str],
    rate: Callable[[str], float | None] | None = None,
) -> list[Unit]:
    """The nodes that are to run, grouped, in an order to compute in.

    rate: what multiplies the learning rate of the owner of some parameters, where the graph
        does not say so itself.
    """
    depth = depths(graph, inference)
    rate = rate or learning_rates(graph).get
    lent = {node.same_as for node in graph.nodes}
    points = {node.id for node in graph.nodes if isinstance(node.layer, Reroute)}
    members: dict[object, list[str]] = {}
    grouped: dict[str, object] = {}
    seen: Counter[object] = Counter()
    for node_id in inference:
        node = graph.node(node_id)
        layer = node.layer
        key: object = node_id
        if (
            isinstance(layer, Neuron)
            and _may_share(layer.activation)
            and not _reads_twice(graph, node_id, points)
        ):
            shares = bool(node.same_as) or node_id in lent
            key = (depth[node_id], layer.activation, layer.bias, rate(node.owner), shares)
            if shares:  # each of its members has other weights than the others
                seen[key, node.owner] += 1
                key = (*key, seen[key, node.owner])
            grouped[node_id] = key
        elif isinstance(layer, ActivationLayer) and sums_of(node_id) in grouped:
            key = ("activation", grouped[sums_of(node_id)])
        members.setdefault(key, []).append(node_id)
    wanted = set(included)
    found = [
        Unit(tuple(n for n in nodes if n in wanted), grouped=isinstance(key, tuple))
        for key, nodes in members.items()
    ]
    # Every wire leads to a greater depth, but those to reroute points, which come behind what
    # they read; so this order is topological, groups included.
    return sorted((unit for unit in found if unit.nodes), key=lambda unit: depth[unit.nodes[0]])


def side_by_side(found: Iterable[Unit]) -> set[str]:
    """The nodes that run together with others."""
    return {node_id for unit in found if len(unit.nodes) > 1 for node_id in unit.nodes}


def sums_of(node_id: str) -> str:
    """The id of the node that puts out what goes into a node's activation, where a plan has one."""
    return f"{node_id}@sums"


def learning_rates(graph: Graph) -> dict[str, float | None]:
    """By node with parameters of its own, what multiplies the learning rate; None: not trained.

    Not trained are frozen nodes, and those that are switched off with all their instances.
    """
    running = {node.owner for node in graph.nodes if node.switch == "on"}
    return {
        node.id: None if node.frozen or node.id not in running else node.rate
        for node in graph.nodes
        if not node.same_as
    }


def _may_share(activation: Activation) -> bool:
    """Whether it does the same to neurons side by side as to each alone."""
    return activation.elementwise and not activation.parameters(1)


def _reads_twice(graph: Graph, node_id: str, points: set[str]) -> bool:
    """Whether two of its wires bring one value: only reroute points make that possible."""
    wires = graph.incoming(node_id)
    if not points or points.isdisjoint(wire.source for wire in wires):
        return False
    return len({_origin(graph, wire) for wire in wires}) < len(wires)


def _origin(graph: Graph, wire: Wire) -> tuple[str, str]:
    """The node and port that a wire's value comes from, behind reroute points."""
    while isinstance(graph.node(wire.source).layer, Reroute):
        before = graph.incoming(wire.source)
        if not before or before[0].delay:
            break
        (wire,) = before
    return wire.source, wire.source_port


def depths(graph: Graph, inference: Inference) -> dict[str, int]:
    """The length of the longest path to each node, within one step.

    A reroute point is as deep as what is led through it: neurons behind it still stand
    side by side with those that are wired straight.
    """
    depth: dict[str, int] = {}
    for node_id in inference:
        before = max((depth[w.source] for w in graph.incoming(node_id) if not w.delay), default=-1)
        is_point = isinstance(graph.node(node_id).layer, Reroute)
        depth[node_id] = max(before, 0) if is_point else before + 1
    return depth
