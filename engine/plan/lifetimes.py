"""Which gradients are needed when, so that they can lie where others lay before.

The backward pass runs from the last unit to the first. The gradient of a value
is written when the last of its readers has its turn, and read when its own unit
has; before and after, its memory is free for others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from engine.graph.model import Graph
from engine.layers.base import Layer
from engine.layers.reroute import Reroute
from engine.layers.reshape import Flatten, Reshape, Squeeze
from engine.layers.terminal import Loss
from engine.plan.buffers import Block
from engine.plan.extent import carries_gradient
from engine.plan.layout import Unit
from engine.plan.memory import Take
from engine.workspace import Array


def looks_through(layer: Layer) -> bool:
    """Whether what leaves a layer is another look at what arrives."""
    return isinstance(layer, Flatten | Reroute | Reshape | Squeeze)


def share_gradients(
    graph: Graph,
    plan_units: Sequence[Unit],
    blocks: Mapping[tuple[str, str], Block],
    needs_gradient: set[str],
    take: Take,
) -> None:
    """Give the outputs that need one a gradient, in as little memory as their turns allow.

    blocks: by node and port; those that have a gradient already keep it.
    """
    turn = {node_id: place for place, unit in enumerate(plan_units) for node_id in unit.nodes}
    end = len(plan_units)  # cleared before the first turn
    until: dict[str, dict[str, int]] = {}
    for node_id in sorted(turn, key=turn.__getitem__, reverse=True):
        last: dict[str, int] = {}
        for wire in graph.outgoing(node_id):
            layer = graph.node(wire.target).layer
            reads = wire.target in needs_gradient or isinstance(layer, Loss)
            if wire.target not in turn or not reads or not carries_gradient(graph, wire):
                continue
            at = turn[wire.target]
            if looks_through(layer):
                at = max((at, *until[wire.target].values()), default=end)
                at = at if until[wire.target] else end
            last[wire.source_port] = max(last.get(wire.source_port, 0), at)
        until[node_id] = last
    free: dict[int, list[Array]] = defaultdict(list)
    ending: dict[int, list[Array]] = defaultdict(list)
    for place, unit in enumerate(plan_units):
        for node_id in unit.nodes:
            for port in graph.node(node_id).layer.output_ports:
                block = blocks.get((node_id, port.name))
                if block is not None and block.whole.gradient is None:
                    found = _memory(block, free, take)
                    ending[until[node_id].get(port.name, end)].append(found)
        for found in ending.pop(place, ()):
            free[found.size].append(found)


def _memory(block: Block, free: dict[int, list[Array]], take: Take) -> Array:
    """The smallest free memory that a gradient fits in, or new one; given to the block."""
    with_ones = block.whole.with_ones
    size = min((s for s, some in free.items() if some and s >= with_ones.size), default=None)
    found = take((with_ones.size,), with_ones.dtype) if size is None else free[size].pop()
    block.give_gradient(found[: with_ones.size].reshape(with_ones.shape))
    return found
