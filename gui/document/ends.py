"""How the ends of a network take the sizes of a data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine import shapes
from engine.errors import FieldError
from engine.graph.model import Graph, Node
from engine.layers.base import Layer
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.data.dataset import DataSignature

FITTING_LOSS = {
    "classes": "categorical_cross_entropy",
    "binary": "binary_cross_entropy",
    "values": "squared_error",
}
FITTING_ACTIVATION = {"classes": "softmax", "binary": "sigmoid", "values": "linear"}
SAME_SIZE = ("activation", "dropout", "reroute")


def fitted_ends(graph: Graph, signature: DataSignature) -> dict[str, Layer]:
    """The layers to put in place of the inputs, the losses and the last layers before them.

    Only what has to change is in the result. Input nodes that name columns of
    the data set keep them; otherwise, where there are as many inputs as
    features, each takes one, and else every input takes all.
    """
    fitted = _fitted_inputs(graph, signature)
    for node in graph.nodes:
        if node.layer.kind == "loss" and node.layer.__dict__["loss"].target != "none":
            targets = graph.incoming(node.id, "target")
            fitted |= (
                _fitted_reconstruction(graph, node, fitted.get(targets[0].source))
                if targets
                else _fitted_loss(graph, node, signature)
            )
    return {i: layer for i, layer in fitted.items() if layer != graph.node(i).layer}


def _fitted_inputs(graph: Graph, signature: DataSignature) -> dict[str, Layer]:
    inputs = [node for node in graph.nodes if node.layer.kind == "input"]
    names = signature.feature_names
    one_each = len(inputs) > 1 and len(inputs) == len(names)
    fitted: dict[str, Layer] = {}
    for number, node in enumerate(inputs):
        columns: tuple[str, ...] = node.layer.__dict__["columns"]
        if not set(columns) <= {*names, *signature.origins}:
            columns = ()
        if not columns and one_each:
            columns = (names[number],)
        shape = signature.input_shape(columns)
        if shapes.size(shape) == shapes.size(node.layer.__dict__["shape"]):
            # The same numbers, seen as the user chose: rows of pixels, or an image.
            shape = node.layer.__dict__["shape"]
        fitted[node.id] = node.layer.replaced(shape=shape, columns=columns)
    return fitted


def _fitted_loss(graph: Graph, loss: Node, signature: DataSignature) -> dict[str, Layer]:
    fitted: dict[str, Layer] = {}
    target: str = loss.layer.__dict__["loss"].target
    # Two classes are also told apart by one unit for each.
    if target != signature.target and (signature.target, target) != ("binary", "classes"):
        target = signature.target
        fitted[loss.id] = loss.layer.replaced(loss=FITTING_LOSS[target])
    units = 1 if target == "binary" else signature.outputs
    activation = FITTING_ACTIVATION[target]
    wires = graph.incoming(loss.id, "prediction")
    while len(wires) == 1:
        node = graph.node(wires[0].source)
        if node.layer.kind in ("dense", "neuron"):
            if signature.target_steps and node.layer.__dict__.get("units") == (
                signature.target_steps * signature.outputs
            ):
                break  # all values of the target at once, side by side
            sized = {"units": units} if node.layer.kind == "dense" else {}
            fitted[node.id] = _replaced(node.layer, **sized, activation=activation)
            break
        if node.layer.kind not in SAME_SIZE:
            break
        if node.layer.kind == "activation":
            # The activation stands in a node of its own; the layer before it stays linear.
            fitted[node.id] = _replaced(node.layer, function=activation)
            activation = "linear"
        wires = graph.incoming(node.id)
    return fitted


def _fitted_reconstruction(graph: Graph, loss: Node, target: Layer | None) -> dict[str, Layer]:
    """What is compared with an input takes its size; compared with anything else it stays."""
    shape: Shape = target.__dict__["shape"] if target is not None else ()
    wires = graph.incoming(loss.id, "prediction")
    while len(wires) == 1 and len(shape) == 1:
        node = graph.node(wires[0].source)
        if node.layer.kind == "dense":
            return {node.id: _replaced(node.layer, units=shape[0])}
        if node.layer.kind not in SAME_SIZE:
            break
        wires = graph.incoming(node.id)
    return {}


def _replaced(layer: Layer, **settings: object) -> Layer:
    changed = {
        name: value
        for name, value in settings.items()
        if getattr(getattr(layer, name), "kind", getattr(layer, name)) != value
    }
    try:
        return layer.replaced(**changed)
    except FieldError:
        return layer
