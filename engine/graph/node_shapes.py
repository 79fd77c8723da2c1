"""What is known of the shapes at one node."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from engine import shapes
from engine.errors import ShapeError
from engine.graph.loops import Loop
from engine.graph.model import Node, Wire
from engine.layers.base import ArrivingShapes, ParameterSpec, StateSpec
from engine.shapes import Shape


@dataclass(frozen=True)
class NodeShapes:
    """What inference found for one node.

    arriving: None where a required wire is missing or an earlier node has no shape.
    outputs: one shape per output port; None where unknown.
    parameters, state: what it computes with; an instance borrows them.
    error: the layer's own sentence where it refuses what arrives, or why it cannot be an
        instance of another node.
    loop: the loop that it stands in. `arriving` is then what arrives at one step, and
        `outputs` is what leaves the loop: every step (T, *shape), or the last.
    """

    node: Node
    arriving: ArrivingShapes | None
    outputs: tuple[Shape, ...] | None
    parameters: tuple[ParameterSpec, ...] = ()
    error: str | None = None
    state: tuple[StateSpec, ...] = ()
    loop: Loop | None = None

    def of(self, node: Node) -> NodeShapes:
        """The same, found for another node that is alike."""
        return NodeShapes(
            *(node, self.arriving, self.outputs, self.parameters),
            *(self.error, self.state, self.loop),
        )

    @property
    def in_one_step(self) -> tuple[Shape, ...] | None:
        """What nodes of the same loop see of it; for any other node, what it puts out."""
        if self.outputs is None or self.loop is None or not self.loop.every:
            return self.outputs
        return tuple(shape[1:] for shape in self.outputs)

    @cached_property
    def parameter_count(self) -> int:
        """How many numbers of its own are trained: those of an instance are its original's."""
        return 0 if self.node.same_as else sum(shapes.size(s.shape) for s in self.parameters)

    @property
    def weight_shapes(self) -> dict[str, Shape]:
        """By name, the arrays that a trained network keeps for it: parameters, then state."""
        if self.node.same_as:
            return {}
        parameters = {spec.name: spec.shape for spec in self.parameters}
        return parameters | {spec.name: spec.shape for spec in self.state}

    @cached_property
    def multiply_adds(self) -> int:
        if self.arriving is None or self.outputs is None or self.node.switch != "on":
            return 0
        steps = self.loop.steps if self.loop else 1
        return steps * self.node.layer.multiply_adds(self.arriving)


Inference = dict[str, NodeShapes]
"""Node id to what was found, in topological order."""


def brought(source: NodeShapes, wire: Wire) -> Shape | None:
    """What a wire brings from its source, if that is known."""
    if source.outputs is None:
        return None
    leaving = source.node.layer.output_ports
    number = 0
    while leaving[number].name != wire.source_port:
        number += 1
    return source.outputs[number]


def infer_node(node: Node, arriving: ArrivingShapes | None) -> NodeShapes:
    """The shapes of one node, given what arrives."""
    if arriving is None:
        return NodeShapes(node, None, None)
    layer = node.layer
    if node.switch != "on" and (refused := _not_switchable(node)):
        return NodeShapes(node, arriving, None, error=refused)
    bypassed = node.switch == "bypassed"
    passed_on = arriving.all[:1] if bypassed else ()
    try:
        outputs = layer.infer(arriving)
    except ShapeError as error:
        # What is bypassed need not fit.
        if bypassed:
            return NodeShapes(node, arriving, passed_on)
        return NodeShapes(node, arriving, None, error=str(error))
    parameters, state = layer.parameters(arriving), layer.state(arriving)
    return NodeShapes(node, arriving, passed_on if bypassed else outputs, parameters, state=state)


def _not_switchable(node: Node) -> str | None:
    """Why a node cannot be switched off the way it is, if it cannot."""
    layer, title = node.layer, node.title
    if node.switch == "bypassed" and (not layer.input_ports or len(layer.output_ports) != 1):
        has = "nothing arrives at it" if not layer.input_ports else "it does not give one result"
        return (
            f"{title} cannot be bypassed, because {has} that could be passed on. "
            "Mute it, or switch it on."
        )
    if node.switch == "muted" and not layer.output_ports and layer.kind != "loss":
        return f"{title} computes nothing that could be muted. Mute the node before it."
    return None
