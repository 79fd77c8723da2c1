"""Shapes in a loop: what each node reads and puts out in one step.

A delayed wire brings what a later node puts out, so no order shows all shapes at once. They
are found by going round: first with what is known, then again with what that gave, until
nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.graph.loops import Loop, entering, misplaced
from engine.graph.model import Graph, Node, Wire
from engine.graph.node_shapes import Inference, NodeShapes, brought, infer_node
from engine.layers.base import ArrivingShapes
from engine.layers.start import Start
from engine.shapes import Shape

UNKNOWN_ROW: Shape = (1,)
"""What is assumed of a value that nothing but the loop itself tells the shape of."""


def infer_loop(graph: Graph, loop: Loop, found: Inference) -> Inference:
    """What is found for the nodes of a loop, given what is for all before it."""
    errors = dict(misplaced(graph, loop))
    loop = _with_steps(graph, loop, found, errors)
    if errors:
        return {n: NodeShapes(graph.node(n), None, None, error=errors.get(n)) for n in loop.nodes}
    inside = _Steps(graph, loop, found).found()
    return {node_id: _leaving(loop, shapes) for node_id, shapes in inside.items()}


def _with_steps(graph: Graph, loop: Loop, found: Inference, errors: dict[str, str]) -> Loop:
    """The loop with as many steps as the sequences that enter it; misfits go to `errors`."""
    if loop.settles:
        return loop
    known = True
    for wire in entering(graph, loop):
        shape = brought(found[wire.source], wire)
        if shape is None:
            known = False
        elif loop.reads_steps(graph, wire, shape):
            if loop.steps and shape[0] != loop.steps:
                errors[wire.target] = (
                    f"{graph.node(wire.target).title} stands in a loop that reads sequences of one "
                    f"length, got {loop.steps} and {shape[0]} steps. Cut them to the same."
                )
            loop = replace(loop, steps=loop.steps or shape[0])
    if known and not loop.steps:
        first = graph.node(loop.nodes[0])
        errors[first.id] = (
            f"The loop through {first.title} needs a sequence (T, D) that says how many steps it "
            "has, got none. Wire one in, or add a Start that lets the loop run until it settles."
        )
    return loop


def _leaving(loop: Loop, shapes: NodeShapes) -> NodeShapes:
    """What is found for a node as others see it, who get all steps or the last."""
    shapes = replace(shapes, loop=loop)
    if shapes.outputs is None or not loop.every:
        return shapes
    if not loop.steps:  # a sequence that enters is not known yet
        return replace(shapes, outputs=None)
    return replace(shapes, outputs=tuple((loop.steps, *shape) for shape in shapes.outputs))


class _Steps:
    """The search for the shapes of one step."""

    def __init__(self, graph: Graph, loop: Loop, before: Inference) -> None:
        self._graph = graph
        self._loop = loop
        self._before = before
        self._inside = set(loop.nodes)
        self._known: Inference = {}
        self._last_seen: Inference = {}
        self._assumed: set[str] = set()

    def found(self) -> Inference:
        """Of every node; the last round, in which all that arrives is known, or is an error's."""
        growing = self._go_round()
        while growing is None and (first := self._stuck()):
            self._assumed.add(first)
            growing = self._go_round()
        if growing is not None:
            self._known[growing.node.id] = growing
        return {n: self._settled(self._known[n]) for n in self._loop.nodes}

    def _go_round(self) -> NodeShapes | None:
        """Infer until nothing changes. Returns the node that grows, if that never ends."""
        changed: list[tuple[NodeShapes, NodeShapes]] = []
        for _ in range(2 * len(self._loop.nodes) + 3):
            changed = []
            for node_id in self._loop.nodes:
                node = self._graph.node(node_id)
                now = infer_node(node, self._arriving(node, self._in_loop))
                before = self._known.get(node_id, NodeShapes(node, None, None))
                self._known[node_id] = now
                if now.outputs is not None:
                    self._last_seen[node_id] = now
                if now.outputs != before.outputs:
                    changed.append((before, now))
            if not changed:
                return None
        before, now = changed[0]
        return NodeShapes(
            now.node,
            now.arriving,
            None,
            error=f"{now.node.title} puts out {_in_words(before)} at one step and {_in_words(now)} "
            "at the next, so its loop never stops growing. Put a Dense, which has a fixed number "
            "of units, into the loop.",
        )

    def _stuck(self) -> str | None:
        """A node that only the loop itself could tell what arrives at, and does not."""
        for node_id in self._loop.nodes:
            found = self._known[node_id]
            outside = [w for w in self._graph.incoming(node_id) if w.source not in self._inside]
            is_open = found.outputs is None and found.error is None
            if is_open and node_id not in self._assumed and all(map(self._entering, outside)):
                return node_id
        return None

    def _arriving(
        self, node: Node, in_loop: Callable[[Wire], Shape | None]
    ) -> ArrivingShapes | None:
        """What arrives, leaving out what is not known yet; None if that is not enough."""
        by_port: dict[str, tuple[Shape, ...]] = {port.name: () for port in node.layer.input_ports}
        for wire in self._graph.incoming(node.id):
            is_inside = wire.source in self._inside
            shape = in_loop(wire) if is_inside else self._entering(wire)
            if shape is not None:
                by_port[wire.target_port] += (shape,)
            elif not is_inside:
                return None
        if isinstance(node.layer, Start) and not by_port["in"]:
            by_port["in"] = by_port["start"]  # what comes round will have to be the same
        if any(port.required and not by_port[port.name] for port in node.layer.input_ports):
            return None
        return ArrivingShapes(by_port)

    def _entering(self, wire: Wire) -> Shape | None:
        shape = brought(self._before[wire.source], wire)
        if shape is not None and self._loop.reads_steps(self._graph, wire, shape):
            return shape[1:]
        return shape

    def _in_loop(self, wire: Wire) -> Shape | None:
        # What a node refuses must not make it forget what it gave, else the search goes on forever.
        source = self._last_seen.get(wire.source)
        shape = None if source is None else brought(source, wire)
        return UNKNOWN_ROW if shape is None and wire.target in self._assumed else shape

    def _settled(self, found: NodeShapes) -> NodeShapes:
        """Of a node that reads what an error keeps from having a shape, no more than its error."""
        unknown = any(
            wire.source in self._inside and self._known[wire.source].outputs is None
            for wire in self._graph.incoming(found.node.id)
        )
        return NodeShapes(found.node, None, None, error=found.error) if unknown else found


def _in_words(found: NodeShapes) -> str:
    return " and ".join("×".join(map(str, shape)) for shape in found.outputs or ()) or "nothing"
