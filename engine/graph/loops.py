"""Loops: nodes that lead to each other, with a delay of one step on the way.

At step t each node of a loop computes once. It reads what other nodes of the loop put out at
step t, and over a delayed wire what they put out at step t - 1: zeros at the first step, or
what a Start layer says. The loop runs in one of two ways.

- Step by step, unless a Start says otherwise. A sequence (T, D) that enters is read one step
  (D,) at a time, anything else is the same at each step; what leaves is a sequence (T, U), or
  its last step (U,) if a Start says so.
- Until it settles, if a Start says so: what enters is the same at each step, and what leaves
  is the last one, when nothing changes any more or as many steps are done as are allowed.

Backpropagation through time (Werbos, 1990) follows, since the steps are computed one after
the other as so many instances of the same nodes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast

from engine.graph.model import Graph, Wire
from engine.graph.order import components, topological
from engine.layers.start import Start
from engine.shapes import Shape


@dataclass(frozen=True)
class Loop:
    """A loop and how it runs.

    nodes: in the order in which one step computes. steps: how many there are, or are at
    most where it settles; 0 while that is not known. every: whether each step leaves it.
    """

    nodes: tuple[str, ...]
    settles: bool = False
    steps: int = 0
    every: bool = True
    tolerance: float = 0.0

    def reads_steps(self, graph: Graph, wire: Wire, shape: Shape) -> bool:
        """Whether a wire that enters brings a sequence of which each step is read by itself."""
        begins = isinstance(graph.node(wire.target).layer, Start) and wire.target_port == "start"
        return not self.settles and not begins and len(shape) == 2


def in_order(graph: Graph) -> list[Loop | str]:
    """Nodes and loops, each after all that it reads."""
    found: list[Loop | str] = []
    for members in components([node.id for node in graph.nodes], graph.successors):
        (first, *others) = members
        if others or first in graph.successors(first):
            found.append(_loop(graph, members))
        else:
            found.append(first)
    return found


def _loop(graph: Graph, members: list[str]) -> Loop:
    inside = set(members)
    order = topological(members, lambda node: [n for n in graph.followers(node) if n in inside])
    starts = starts_of(graph, members)
    if not starts:
        return Loop(tuple(order))
    layer = cast(Start, graph.node(starts[0]).layer)
    settles = layer.runs == "settle"
    return Loop(
        tuple(order),
        settles=settles,
        steps=layer.steps if settles else 0,
        every=not settles and layer.returns == "sequence",
        tolerance=layer.tolerance,
    )


def starts_of(graph: Graph, members: Collection[str]) -> list[str]:
    """The Start layers among some nodes."""
    return [node_id for node_id in members if isinstance(graph.node(node_id).layer, Start)]


def entering(graph: Graph, loop: Loop) -> list[Wire]:
    """The wires that lead into a loop, by the order in which they are read."""
    inside = set(loop.nodes)
    return [w for n in loop.nodes for w in graph.incoming(n) if w.source not in inside]


def misplaced(graph: Graph, loop: Loop) -> Mapping[str, str]:
    """By node, why a loop cannot run as it is wired and set, whatever the shapes."""
    found: dict[str, str] = {}
    starts, inside = starts_of(graph, loop.nodes), set(loop.nodes)
    for node_id in starts:
        node = graph.node(node_id)
        if node.layer != graph.node(starts[0]).layer:
            found[node_id] = (
                f"{node.title} is set otherwise than {graph.node(starts[0]).title}, and both begin "
                "the same loop. Give them the same settings."
            )
        if node.switch == "bypassed":
            found[node_id] = (
                f"{node.title} cannot be bypassed, because the loop begins there. Switch it on, or "
                "take it out of the loop."
            )
        if any(not wire.delay for wire in graph.incoming(node_id, "in")):
            found[node_id] = (
                f"{node.title} needs at its in port what comes round one step later, got a wire "
                "without a delay. Let the wire into it carry the delay of the loop."
            )
        if any(wire.source in inside for wire in graph.incoming(node_id, "start")):
            found[node_id] = (
                f"{node.title} needs at its start port a value from outside of the loop, got one "
                "from within. Wire that into its in port."
            )
    for wire in entering(graph, loop):
        if wire.delay:
            found[wire.target] = stray(graph, wire)
    return found


def stray(graph: Graph, wire: Wire) -> str:
    """The sentence for a delayed wire that closes no loop."""
    source, target = graph.node(wire.source).title, graph.node(wire.target).title
    return (
        f"The wire from {source} to {target} carries a delay and closes no loop. "
        "Draw it anew without one."
    )
