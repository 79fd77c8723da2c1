"""What can be regrouped, and the sentence that says why something cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from engine.errors import RegroupError
from engine.graph.infer import Inference
from engine.graph.model import Graph, Node, Wire
from engine.layers.dense import Dense
from engine.layers.merge import Concat
from engine.layers.neuron import Neuron

MOST = 256
"""Units of a layer that is expanded, at most: more cannot be told apart on a canvas."""

ACROSS, DOWN = 232.0, 96.0
"""From one node to the next on the canvas, in pixels."""


def brings(wire: Wire) -> tuple[str, str, int]:
    """What a wire brings, wherever it ends."""
    return wire.source, wire.source_port, wire.delay


def axis_of(shapes: Inference, wire: Wire) -> int:
    """Along which axis a wire brings the units: behind a loop of which each step leaves, the
    second."""
    loop = shapes[wire.source].loop
    return int(loop is not None and loop.every and wire.target not in loop.nodes)


def joins(graph: Graph, wire: Wire, axis: int = 0) -> bool:
    """Whether a wire ends where all that arrives is put side by side along an axis."""
    target = graph.node(wire.target)
    if target.switch != "on":  # one that is bypassed passes the first alone on
        return False
    if isinstance(target.layer, Concat):
        return target.layer.axis == axis
    return isinstance(target.layer, Neuron) and axis == 0


def check_neurons(graph: Graph, shapes: Inference, nodes: Sequence[Node]) -> None:
    """Whether nodes can become one layer. Raises RegroupError."""
    if len(nodes) < 2:
        raise RegroupError(
            f"A layer is made of at least two neurons, got {len(nodes)}. Select more of them."
        )
    for node in nodes:
        if not isinstance(node.layer, Neuron):
            raise RegroupError(
                f"Only neurons can become one layer, and {node.title} is a {node.layer.label}. "
                "Select neurons alone."
            )
        _check_free(graph, node)
    first, ids = nodes[0], {node.id for node in nodes}
    read = {brings(wire) for wire in graph.incoming(first.id)}
    for node in nodes:
        _check_alike(first, node)
        if shapes[node.id].outputs is None or shapes[node.id].arriving is None:
            raise RegroupError(
                f"{node.title} does not know yet what it reads. Wire it, and solve its problems "
                "first."
            )
        if any(wire.source in ids for wire in graph.incoming(node.id)):
            raise RegroupError(
                f"{node.title} reads another of the selected neurons, and the units of a layer "
                "do not read each other. Select neurons without wires between them."
            )
        if {brings(wire) for wire in graph.incoming(node.id)} != read:
            raise RegroupError(
                f"Neurons of one layer read the same values, and {node.title} reads others than "
                f"{first.title}. Wire them alike, or select only those that are."
            )


def check_layer(graph: Graph, shapes: Inference, node: Node) -> None:
    """Whether a node can become neurons. Raises RegroupError."""
    if not isinstance(node.layer, Dense):
        raise RegroupError(
            f"Only a Dense layer can become neurons, and {node.title} is a {node.layer.label}. "
            "Select a Dense layer."
        )
    if node.layer.units > MOST:
        raise RegroupError(
            f"{node.title} has {node.layer.units:,} units, and at most {MOST} can be told apart "
            "as neurons. Lower its units first."
        )
    _check_free(graph, node)
    found = shapes[node.id]
    if found.arriving is None or found.outputs is None:
        raise RegroupError(
            f"{node.title} does not know yet what it reads. Wire it, and solve its problems first."
        )
    if len(found.arriving.one) != 1:
        raise RegroupError(
            f"{node.title} works on every step of a sequence, and a neuron reads one row of "
            "numbers. Only layers that read one row can become neurons."
        )


def _check_free(graph: Graph, node: Node) -> None:
    """Whether nothing but its wires ties what a node computes together."""
    activation = cast("Neuron | Dense", node.layer).activation
    if not activation.elementwise or activation.parameters(1):
        raise RegroupError(
            f"{node.title} ends with {activation.label}, which is not the same for a layer as for "
            "its neurons one by one. Choose another activation, such as tanh or ReLU."
        )
    if node.same_as or graph.instances(node.id):
        raise RegroupError(
            f"{node.title} shares its weights with another node, which would lose them. "
            "Let each have its own first."
        )
    if node.switch != "on":
        raise RegroupError(
            f"{node.title} is {node.switch}, so it learns nothing. Turn it on first."
        )


def _check_alike(first: Node, node: Node) -> None:
    for is_same, what in _likeness(first, node):
        if not is_same:
            raise RegroupError(
                f"Neurons of one layer have the same {what}, and {node.title} has another than "
                f"{first.title}. Make them alike, or select only those that are."
            )


def _likeness(first: Node, node: Node) -> Iterator[tuple[bool, str]]:
    one, other = cast(Neuron, first.layer), cast(Neuron, node.layer)
    yield one.activation == other.activation, "activation"
    yield one.bias == other.bias, "setting of the bias"
    yield one.initializer == other.initializer, "way to start"
    yield first.frozen == node.frozen, "state, frozen or not"
    yield first.rate == node.rate, "factor on the learning rate"
