"""Which losses differentiate through the activation before them, and how they get at its sums.

Cross-entropy behind a sigmoid or softmax is computed from the sums z that go into it. Where the
loss alone reads the activation, the two are fused as they stand. Elsewhere (neurons that are put
side by side, a layer of which the loss reads a slice, a step of a loop that the next one reads
too) the graph is rewritten: a drawn node a = f(z) on the way becomes one that puts out z and the
activation behind it, and z is led on to the loss as the drawn values are. So it does not matter
to a loss in how many pieces a layer is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from engine.activations import Activation as Function
from engine.graph.infer import Inference, NodeShapes
from engine.graph.model import Graph, Node, Wire
from engine.graph.order import reachable
from engine.layers.activation import Activation
from engine.layers.base import ArrivingShapes
from engine.layers.reroute import Reroute
from engine.layers.terminal import Loss
from engine.plan.layout import Unit, side_by_side, sums_of, units


def fused_wires(graph: Graph, losses: Iterable[str], apart: Collection[str]) -> frozenset[Wire]:
    """The wires from an activation to a loss that takes over its derivative.

    They may lead through reroute points. The loss must know the activation (softmax,
    sigmoid), and no other way may lead from the activation to a loss. apart: nodes
    that never fuse, since the plan computes their activation together with others.

    A plan says so whether it trains or not, so that both keep the logits.
    """
    losses = list(losses)
    before = reachable(graph.predecessors, losses)
    found = set()
    for node_id in losses:
        loss = cast(Loss, graph.node(node_id).layer).loss
        for wire in graph.incoming(node_id, "prediction"):
            way = _without_reroutes(graph, wire)
            source = way[-1].source
            activation = graph.node(source).layer.final_activation()
            known = activation is not None and activation.kind in loss.fuses
            alone = all(_readers(graph, step.source, before) == 1 for step in way)
            if known and alone and source not in apart:
                found.update(way)
    return frozenset(found)


def _without_reroutes(graph: Graph, wire: Wire) -> list[Wire]:
    """The wire and those before it, back to the node that computes what they carry."""
    way = [wire]
    while isinstance(graph.node(way[-1].source).layer, Reroute):
        before = graph.incoming(way[-1].source)
        if not before:
            break
        way.append(before[0])
    return way


def _readers(graph: Graph, node_id: str, wanted: Collection[str]) -> int:
    return sum(wire.target in wanted for wire in graph.outgoing(node_id))


@dataclass(frozen=True)
class Fused:
    """A graph in which every loss that can is fused with the activation before it.

    included: the nodes of it that are to run, in topological order. units: the same, grouped.
    losses: those among them. wires: see `fused_wires`. copies: by node that is not drawn and
    puts out sums, the node whose parameters it uses.
    """

    graph: Graph
    inference: Inference
    included: list[str]
    units: list[Unit]
    losses: list[str]
    wires: frozenset[Wire]
    copies: Mapping[str, str]


def fuse(
    graph: Graph,
    inference: Inference,
    included: Sequence[str],
    rate: Callable[[str], float | None],
) -> Fused:
    """A graph that computes the same, with drawn nodes under their ids.

    included: the nodes that are to run. rate: see `units`.
    """
    losses = [n for n in included if isinstance(graph.node(n).layer, Loss)]
    copies: dict[str, str] = {}
    grouped = units(graph, inference, included, rate)
    apart = side_by_side(grouped)
    wires = fused_wires(graph, losses, apart)
    functions, ends = _fusible(graph, losses, wires)
    if ends:
        drawn, wanted = inference, {*included}
        before = reachable(graph.predecessors, losses)
        own = {w for w in ends if w.source in apart or _readers(graph, w.source, before) > 1}
        graph, inference, copies = _rewritten(graph, inference, functions, own)
        included = [n for n in inference if n in wanted or n not in drawn]
        grouped = units(graph, inference, included, rate)
        wires = fused_wires(graph, losses, side_by_side(grouped))
    return Fused(graph, inference, list(included), grouped, losses, wires, copies)


def _fusible(
    graph: Graph, losses: Iterable[str], fused: Collection[Wire]
) -> tuple[dict[str, Function], list[Wire]]:
    """The nodes on the way to losses that could be fused and are not, with what makes the
    prediction of sums, and the last wires of these ways."""
    functions: dict[str, Function] = {}
    ends: list[Wire] = []
    for node_id in losses:
        kinds = cast(Loss, graph.node(node_id).layer).loss.fuses
        for wire in graph.incoming(node_id, "prediction") if kinds else ():
            function, way = _way(graph, wire.source, kinds) if wire not in fused else (None, [])
            if function is not None:
                functions.update(dict.fromkeys(way, function))
                ends.append(wire)
    return functions, ends


def _way(graph: Graph, end: str, kinds: Collection[str]) -> tuple[Function | None, list[str]]:
    """The activation that all that leaves a node went through, and the nodes from there on."""
    functions: set[Function] = set()
    way: dict[str, None] = {}
    waiting, stays = [end], True
    while waiting:
        node_id = waiting.pop()
        if node_id in way:
            continue
        way[node_id] = None
        layer = graph.node(node_id).layer
        function = layer.final_activation()
        if function is not None and function.kind in kinds:
            functions.add(function)
        elif layer.arranges:
            stays = stays and isinstance(layer, Reroute)
            waiting += [wire.source for wire in _arranged(graph, node_id)]
        else:
            return None, []
    if len(functions) != 1:
        return None, []
    (function,) = functions
    # A softmax depends on what stands beside a number, and that may become other numbers.
    return (function, list(way)) if stays or function.elementwise else (None, [])


def _arranged(graph: Graph, node_id: str) -> tuple[Wire, ...]:
    """The wires that bring what a layer arranges."""
    return graph.incoming(node_id, graph.node(node_id).layer.input_ports[0].name)


def _rewritten(
    graph: Graph,
    inference: Inference,
    functions: Mapping[str, Function],
    own: Collection[Wire],
) -> tuple[Graph, Inference, dict[str, str]]:
    """functions: of the nodes that are to give sums, what is applied to these. own: the wires to
    losses that read sums through an activation of their own. Returns copies as well."""
    found: Inference = {}
    wires: list[Wire] = []
    copies: dict[str, str] = {}
    for node_id, shapes in inference.items():
        sums, led = node_id, tuple[Wire, ...]()
        if node_id in functions:
            sums, node, layer = sums_of(node_id), shapes.node, shapes.node.layer
            if layer.arranges:
                led = _arranged(graph, node_id)
            else:
                layer = layer.without_activation()
            found[sums] = shapes.of(replace(node, id=sums, layer=layer, same_as=node.owner))
            shapes = _behind(node_id, functions[node_id], shapes)
            wires.append(Wire(sums, node_id))
            copies[sums] = node.owner
        for wire in graph.incoming(node_id):
            if wire in own:
                judged = f"{node_id}@prediction"
                found[judged] = _behind(judged, functions[wire.source], inference[wire.source])
                wires.append(Wire(sums_of(wire.source), judged))
                wire = replace(wire, source=judged)
            elif sums != node_id:
                source = sums_of(wire.source) if wire in led else wire.source
                wire = replace(wire, source=source, target=sums)
            wires.append(wire)
        found[node_id] = shapes
    return Graph.in_order((shapes.node for shapes in found.values()), wires), found, copies


def _behind(node_id: str, function: Function, sums: NodeShapes) -> NodeShapes:
    """A node that applies an activation to what another puts out."""
    outputs = sums.outputs or ()
    node = Node(node_id, Activation(function=function))
    return NodeShapes(node, ArrivingShapes.of(*outputs), outputs)
