"""Rules about wires: what is missing, what leads nowhere, what does not fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from engine import shapes
from engine.errors import ShapeError
from engine.graph.check.fix import (
    AddAfter,
    AddBefore,
    Connect,
    Fix,
    InsertOnWire,
    RemoveNode,
)
from engine.graph.check.problem import Problem, Survey, new_layer
from engine.graph.model import Node, Wire
from engine.graph.order import reaches
from engine.layers.base import ArrivingShapes, Layer, Port
from engine.layers.placeholder import Placeholder
from engine.shapes import Shape

FITTING_LOSS = {
    "classes": "categorical_cross_entropy",
    "binary": "binary_cross_entropy",
    "values": "squared_error",
}
"""What is learned to the kind of loss that fits it."""


def no_input(survey: Survey) -> Iterator[Problem]:
    if not survey.nodes:
        yield Problem(
            None,
            "error",
            "The graph is empty.",
            "Add an Input, or start from a template.",
        )
    elif not survey.inputs:
        yield Problem(
            None,
            "error",
            "The graph has no Input, so no data can enter it.",
            "Add an Input and wire it to the first layer.",
            _input_fix(survey),
        )


def _input_fix(survey: Survey) -> Fix | None:
    bare = [
        (node, port)
        for node in survey.nodes
        for port in node.layer.input_ports
        if port.required and node.layer.kind != "loss" and not survey.graph.incoming(node.id)
    ]
    shape = survey.signature.feature_shape if survey.signature else (2,)
    layer = new_layer("input", shape=shape)
    if len(bare) != 1 or layer is None:
        return None
    node, port = bare[0]
    return Fix("Add an Input", (AddBefore(node.id, port.name, layer),))


def no_loss(survey: Survey) -> Iterator[Problem]:
    if survey.nodes and not survey.losses:
        yield Problem(
            None,
            "warning" if survey.outputs else "error",
            "The graph has no loss, so there is nothing to learn from.",
            "Add a loss and wire the last layer to it.",
            _loss_fix(survey),
        )


def _loss_fix(survey: Survey) -> Fix | None:
    ends = [node for node in survey.loose_ends if node.layer.kind != "input"]
    target = survey.signature.target if survey.signature else "values"
    layer = new_layer("loss", loss=FITTING_LOSS[target])
    if len(ends) != 1 or layer is None:
        return None
    return Fix(f"Add {layer.title()}", (AddAfter(ends[0].id, layer),))


def missing_wires(survey: Survey) -> Iterator[Problem]:
    graph = survey.graph
    for node in survey.nodes:
        wired = {wire.target_port for wire in graph.incoming(node.id)}
        missing = [p for p in node.layer.input_ports if p.required and p.name not in wired]
        if not wired and not graph.outgoing(node.id) and len(survey.nodes) > 1:
            yield _isolated(survey, node, missing)
            continue
        for port in missing:
            where = f"into its {port.name} port" if port.name != "in" else "into it"
            yield Problem(
                node.id,
                "error" if node.id in survey.used else "warning",
                f"{node.title} needs a wire {where} and has none.",
                "Wire the node before it to that port.",
                _connect_fix(survey, node, port),
            )


def _isolated(survey: Survey, node: Node, missing: list[Port]) -> Problem:
    fix = _connect_fix(survey, node, missing[0]) if missing else None
    return Problem(
        node.id,
        "error" if node.id in survey.used else "warning",
        f"{node.title} is not connected to anything.",
        "Wire it to another node, or remove it.",
        fix or Fix("Remove it", (RemoveNode(node.id),)),
    )


def _connect_fix(survey: Survey, node: Node, port: Port) -> Fix | None:
    # With many loose ends nobody can tell which is meant, and trying each costs time.
    if len(survey.loose_ends) > 3:
        return None
    candidates = [
        end
        for end in survey.loose_ends
        if end is not node and not reaches(survey.graph.successors, node.id, end.id)
    ]
    if len(candidates) != 1:
        return None
    (source,) = candidates
    wire = Wire(source.id, node.id, source.layer.output_ports[0].name, port.name)
    return Fix(f"Wire {source.title} to it", (Connect(wire),))


def unused(survey: Survey) -> Iterator[Problem]:
    """Only the last node of a path that leads nowhere is named."""
    if not survey.losses and not survey.outputs:
        return
    for node in survey.loose_ends:
        if survey.graph.incoming(node.id):
            yield Problem(
                node.id,
                "warning",
                f"What {node.title} computes reaches no loss and no output, so it is not trained.",
                "Wire it on, or remove it.",
                Fix("Remove it", (RemoveNode(node.id),)),
            )


def refused_shapes(survey: Survey) -> Iterator[Problem]:
    for node_id, found in survey.inference.items():
        layer = found.node.layer
        # What a loss refuses is for the rules about ends: they know the target.
        if found.error and not isinstance(layer, Placeholder) and layer.kind != "loss":
            yield refusal(survey, node_id, found.error)


def refusal(survey: Survey, node_id: str, error: str) -> Problem:
    """What a layer says to what arrives, as a problem."""
    message, remedy = split_remedy(error)
    found, fix = survey.inference[node_id], None
    if found.arriving and not _accepts(found.node.layer, found.arriving):
        mend = _reshape_fix if remedy.startswith("Put a Reshape to") else _flatten_fix
        fix = mend(survey, node_id, found.node.layer, found.arriving)
    return Problem(
        node_id, "error", message, remedy or "Change its settings or what it is wired to.", fix
    )


def split_remedy(sentence: str) -> tuple[str, str]:
    """A message of two sentences as what is wrong and what to do."""
    head, stop, tail = sentence.partition(". ")
    return (head + ".", tail) if stop else (sentence, "")


def _accepts(layer: Layer, arriving: ArrivingShapes) -> bool:
    try:
        layer.infer(arriving)
    except ShapeError:
        return False
    return True


def _flatten_fix(
    survey: Survey, node_id: str, layer: Layer, arriving: ArrivingShapes
) -> Fix | None:
    """A Flatten in every wire that needs one, if the layer accepts what then arrives."""
    flatten = new_layer("flatten")
    flat = {
        port: tuple((shapes.size(shape),) for shape in arrived)
        for port, arrived in arriving.by_port.items()
    }
    if flatten is None or flat == arriving.by_port:
        return None
    if not _accepts(layer, replace(arriving, by_port=flat)):
        return None
    edits = []
    for port, arrived in arriving.by_port.items():
        wires = survey.graph.incoming(node_id, port)
        edits += [
            InsertOnWire(wire, flatten)
            for wire, shape in zip(wires, arrived, strict=True)
            if len(shape) != 1
        ]
    return Fix("Put a Flatten before it", tuple(edits))


def _reshape_fix(
    survey: Survey, node_id: str, layer: Layer, arriving: ArrivingShapes
) -> Fix | None:
    """A Reshape into the likeliest image or sequence, if the layer accepts it."""
    reshape, wires = new_layer("reshape"), survey.graph.incoming(node_id)
    if reshape is None or len(wires) != 1:
        return None
    (port,) = arriving.by_port
    for shape in _images_of(shapes.size(arriving.one)):
        if not _accepts(layer, ArrivingShapes.of(shape, port=port)):
            continue
        edit = InsertOnWire(wires[0], reshape.replaced(shape=shape))
        return Fix(f"Put a Reshape to {shapes.text(shape)} before it", (edit,))
    return None


def _images_of(size: int) -> Iterator[Shape]:
    """Square images, grey or in colours, and a sequence of one channel."""
    for channels in (1, 3):
        side = math.isqrt(size // channels)
        if channels * side * side == size:
            yield channels, side, side
    yield 1, size


def placeholders(survey: Survey) -> Iterator[Problem]:
    for node in survey.nodes:
        if isinstance(node.layer, Placeholder):
            yield Problem(
                node.id,
                "error",
                f"{node.title} cannot run: {node.layer.reason}",
                "Its settings and wires are kept. Replace it, or remove it.",
            )


RULES = (no_input, no_loss, missing_wires, placeholders, refused_shapes, unused)
