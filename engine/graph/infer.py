"""Shapes through a graph: what arrives at and leaves each node, before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.graph.infer_loop import infer_loop
from engine.graph.loops import in_order, stray
from engine.graph.model import Graph, Node
from engine.graph.node_shapes import Inference, NodeShapes, brought, infer_node
from engine.graph.order import topological
from engine.layers.base import ArrivingShapes
from engine.shapes import Shape

__all__ = [
    "Inference",
    "NodeShapes",
    "check_instances",
    "infer",
    "infer_changed",
    "infer_node",
]


def infer(graph: Graph, previous: Mapping[str, NodeShapes] | None = None) -> Inference:
    """The shapes of every node.

    previous: an earlier result for the same or a similar graph; nodes whose
    layer and arriving shapes are unchanged are taken from it, so that an edit
    costs little more than what it touches.
    """
    if graph.has_delays:
        return check_instances(_infer_with_loops(graph, previous or {}))
    found: Inference = {}
    alike: _Alike = {}
    for node_id in topological([node.id for node in graph.nodes], graph.successors):
        before = previous.get(node_id) if previous else None
        found[node_id] = _infer_again(graph, graph.node(node_id), found, before, alike)
    return check_instances(found)


def _infer_with_loops(graph: Graph, previous: Mapping[str, NodeShapes]) -> Inference:
    found: Inference = {}
    alike: _Alike = {}
    for part in in_order(graph):
        if not isinstance(part, str):
            found |= infer_loop(graph, part, found)
            continue
        node = graph.node(part)
        delayed = next((wire for wire in graph.incoming(part) if wire.delay), None)
        if delayed is None:
            found[part] = _infer_again(graph, node, found, previous.get(part), alike)
        else:
            found[part] = NodeShapes(node, None, None, error=stray(graph, delayed))
    return found


def infer_changed(
    graph: Graph, previous: Mapping[str, NodeShapes], changed: Iterable[str]
) -> Inference:
    """The shapes of every node after nodes got other settings or names, and nothing else.

    previous: what `infer` found before. changed: ids of the nodes. Costs what the
    nodes cost whose settings or arriving shapes are other than before.
    """
    if graph.has_delays:
        return infer(graph, previous)
    found = dict(previous)
    alike: _Alike = {}
    waiting = set(changed)
    for node_id, before in previous.items():  # in topological order, which still holds
        if node_id not in waiting:
            continue
        found[node_id] = now = _infer_again(graph, graph.node(node_id), found, before, alike)
        if now.outputs != before.outputs:
            waiting.update([wire.target for wire in graph.outgoing(node_id)])
    return check_instances(found)


_Alike = dict[tuple[object, ...], NodeShapes]
"""By layer and what arrives, what was found for the first such node."""


def _infer_again(
    graph: Graph, node: Node, found: Inference, before: NodeShapes | None, alike: _Alike
) -> NodeShapes:
    """What is found for a node now: what was before, if its layer and what arrives are as then.

    Else what was found for another of equal layer and arriving shapes: a deep network has
    many of them, and they share what is known of their parameters.
    """
    arriving = _arriving(graph, node, found)
    # A sentence about what is wrong may name the node, or a wire that is gone.
    if before and not before.error and before.arriving == arriving and before.loop is None:
        if before.node is node:
            return before
        if _computes_alike(before.node, node):
            return before.of(node)
    if arriving is None or node.switch != "on":
        return infer_node(node, arriving)
    key = (node.layer, *arriving.by_port.items())
    if key in alike:
        return alike[key].of(node)
    now = infer_node(node, arriving)
    if now.error is None:
        alike[key] = now
    return now


def _computes_alike(a: Node, b: Node) -> bool:
    return a.switch == b.switch and a.same_as == b.same_as and a.layer == b.layer


def _arriving(graph: Graph, node: Node, found: Inference) -> ArrivingShapes | None:
    ports = node.layer.input_ports
    by_port: dict[str, tuple[Shape, ...]] = {port.name: () for port in ports}
    for wire in graph.incoming(node.id):
        shape = brought(found[wire.source], wire)
        if shape is None:
            return None
        by_port[wire.target_port] += (shape,)
    for port in ports:
        if port.required and not by_port[port.name]:
            return None
    return ArrivingShapes(by_port)


def check_instances(found: Inference) -> Inference:
    """Name, at each instance, why it cannot use the weights of its original, if it cannot.

    What it puts out keeps its shape, so that nothing behind it is blamed as well.
    """
    for node_id, now in found.items():
        if not now.node.same_as or now.outputs is None or now.node.switch != "on":
            continue
        error = _misfit(now, found.get(now.node.same_as))
        if error != now.error:
            found[node_id] = replace(now, error=error)
    return found


def _misfit(instance: NodeShapes, original: NodeShapes | None) -> str | None:
    title = instance.node.title
    if original is None:
        return (
            f"{title} needs the weights of another node, {instance.node.same_as!r}, which is gone. "
            "Give it weights of its own, or those of a node that is there."
        )
    if original.outputs is None:
        return (
            f"{title} needs the weights of {original.node.title}, whose shapes are not known. "
            f"Wire {original.node.title} so that it can run."
        )
    needed, there = _arrays(instance), _arrays(original)
    if needed == there:
        return None
    return (
        f"{title} needs {_in_words(needed)}, got those of {original.node.title}, "
        f"{_in_words(there)}. Give both the same settings and as much to read, "
        f"or give {title} weights of its own."
    )


def _arrays(found: NodeShapes) -> list[tuple[str, Shape, str | None]]:
    return [
        *((spec.name, spec.shape, spec.beside) for spec in found.parameters),
        *((spec.name, spec.shape, None) for spec in found.state),
    ]


def _in_words(arrays: list[tuple[str, Shape, str | None]]) -> str:
    return ", ".join(f"{name} {shape}" for name, shape, _ in arrays) or "no weights"
