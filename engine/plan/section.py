"""A part of a graph that leads from one place to another, as a graph of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.errors import CompileError
from engine.graph.infer import NodeShapes
from engine.graph.model import Graph, Node, Wire
from engine.graph.order import reachable
from engine.layers.terminal import Input, Output
from engine.plan.extent import model_outputs


@dataclass(frozen=True)
class Place:
    """What leaves a node at a port."""

    node: str
    port: str = "out"


@dataclass(frozen=True)
class Section:
    """graph: the part. start: id of the Input in it that stands for where it begins, if it does."""

    graph: Graph
    start: str | None


def section(
    graph: Graph,
    inference: Mapping[str, NodeShapes],
    start: Place | None = None,
    end: Place | None = None,
) -> Section:
    """The graph in which `start` is an Input and `end` the only Output.

    start: None begins at the graph's own inputs. end: None ends at those of the
    model's outputs that depend on the start. Nodes keep their ids, so that weights fit.

    Raises UnknownNodeError, and CompileError where there is no such place, its shape is not
    known, or nothing that is asked for depends on the start.
    """
    wires, nodes = list(graph.wires), [n for n in graph.nodes if not isinstance(n.layer, Output)]
    entry: str | None = None
    if start is not None:
        _check(graph, start)
        entry = graph.fresh_id("input")
        leaving = graph.outgoing(start.node, start.port)
        begin = Node(entry, Input(shape=_shape(graph, inference, start)))
        nodes.append(begin)
        wires = [replace(w, source=entry, source_port="out") if w in leaving else w for w in wires]
    if end is not None:
        _check(graph, end)
    kept = {node.id for node in nodes}
    wires = [wire for wire in wires if wire.target in kept]
    found = Graph(nodes, wires)
    after = reachable(found.successors, [entry]) if entry else kept
    ends = [("", end)] if end else list(_ends(graph))
    reached = False
    for name, place in ends:
        source = Place(entry) if entry and place == start else place
        if source.node in after:
            reached = True
            node = Node(found.fresh_id("output", [n.id for n in graph.nodes]), Output(), name)
            found.add_node(node)
            found.connect(Wire(source.node, node.id, source.port))
    if not reached and start is not None:
        raise CompileError(
            f"Nothing that is asked for depends on {graph.node(start.node).title}. "
            "Choose another place to begin at."
        )
    return Section(found, entry)


def _ends(graph: Graph) -> Iterator[tuple[str, Place]]:
    """(name, place) of each output of the model."""
    for output in model_outputs(graph):
        end = output.end(graph)
        if end is not None:
            yield output.name, Place(*end)


def _check(graph: Graph, place: Place) -> None:
    ports = [port.name for port in graph.node(place.node).layer.output_ports]
    if place.port not in ports:
        raise CompileError(
            f"{graph.node(place.node).title} gives nothing out at {place.port!r}. "
            f"Its outputs: {', '.join(ports) or 'none'}."
        )


def _shape(graph: Graph, inference: Mapping[str, NodeShapes], place: Place) -> tuple[int, ...]:
    outputs, node = inference[place.node].outputs, graph.node(place.node)
    if outputs is None:
        raise CompileError(f"The shape at {node.title} is not known. Wire what comes before it.")
    return outputs[[port.name for port in node.layer.output_ports].index(place.port)]
