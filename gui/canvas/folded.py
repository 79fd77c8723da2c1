"""What stands on the canvas for a folded group: a node whose ports are those at its border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from engine.graph.drawing import Group
from engine.graph.groups import BorderPort, border
from engine.graph.infer import Inference, NodeShapes
from engine.graph.model import Graph, Node
from engine.layers.base import ArrivingShapes, Layer, Port
from engine.shapes import Shape
from gui.canvas.ports import PortEnd


@dataclass(frozen=True)
class Tiny:
    """A node in the small picture of what is inside: where it is in a unit square, how large."""

    left: float
    top: float
    width: float
    height: float
    category: str


class Folded(Layer):
    """The stand-in's layer. It is on no graph and computes nothing."""

    kind = "folded"
    label = "Group"
    summary = "Nodes that are drawn as one."
    category = "group"

    def __init__(
        self,
        ends: Sequence[BorderPort],
        inputs: Sequence[Port],
        nodes: int,
        picture: Sequence[Tiny],
        share: float,
    ) -> None:
        super().__init__()
        self.__dict__.update(
            ends={port_name(each.node, each.port, each.output): each for each in ends},
            input_ports=tuple(inputs),
            output_ports=tuple(Port(port_name(e.node, e.port, True)) for e in ends if e.output),
            nodes=nodes,
            picture=tuple(picture),
            share=share,
        )

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    @property
    def picture(self) -> tuple[Tiny, ...]:
        """What is inside, drawn small."""
        picture: tuple[Tiny, ...] = self.__dict__["picture"]
        return picture

    @property
    def share(self) -> float:
        """Height of the picture by its width."""
        share: float = self.__dict__["share"]
        return share

    @property
    def last(self) -> str:
        """The id of the node that gives its last output; empty if it gives none."""
        ends: dict[str, BorderPort] = self.__dict__["ends"]
        return next((end.node for end in reversed(ends.values()) if end.output), "")

    def end(self, name: str) -> PortEnd:
        """Whose port a port of the card is."""
        port: BorderPort = self.__dict__["ends"][name]
        return PortEnd(port.node, port.port, port.output)

    def line(self) -> str:
        count: int = self.__dict__["nodes"]
        text = QCoreApplication.translate("Canvas", "1 node" if count == 1 else "{} nodes")
        return text.format(count)


def port_name(node_id: str, port: str, output: bool) -> str:
    """The name of a port on the card."""
    return f"{node_id}.{port}.{'out' if output else 'in'}"


def stand_in(
    graph: Graph,
    inference: Inference,
    group: Group,
    nodes: Sequence[Node],
) -> tuple[Node, NodeShapes]:
    """The node that stands for a folded group, and what is known of its shapes.

    nodes: those inside, in the order of the graph.
    """
    ends = border(graph, nodes)
    shapes = {each: _shape(graph, inference, each) for each in ends}
    picture, share = _picture(nodes)
    layer = Folded(
        ends,
        [_input_port(graph, each) for each in ends if not each.output],
        len(nodes),
        picture,
        share,
    )
    learning = [n for n in nodes if n.id not in inference or inference[n.id].parameters]
    switches = {each.switch for each in nodes}
    node = Node(
        group.id,
        layer,
        group.name or group.id,
        group.position,
        frozen=bool(learning) and all(each.frozen for each in learning),
        same_as=learning[0].same_as if learning and all(n.same_as for n in learning) else "",
        switch=switches.pop() if len(switches) == 1 else "on",
        group=group.parent,
    )
    arriving = {
        port_name(e.node, e.port, False): (shape,)
        for e, shape in shapes.items()
        if not e.output and shape is not None
    }
    outputs = [shapes[each] for each in ends if each.output]
    known = tuple(shape for shape in outputs if shape is not None)
    parameters = tuple(
        spec
        for each in nodes
        if not each.same_as and each.id in inference
        for spec in inference[each.id].parameters
    )
    return node, NodeShapes(
        node,
        ArrivingShapes(arriving),
        known if len(known) == len(outputs) else None,
        parameters,
    )


def _input_port(graph: Graph, end: BorderPort) -> Port:
    ports = graph.node(end.node).layer.input_ports
    port = next(port for port in ports if port.name == end.port)
    return Port(port_name(end.node, end.port, False), port.many, port.required)


def _shape(graph: Graph, inference: Inference, end: BorderPort) -> Shape | None:
    found = inference.get(end.node)
    if found is None:
        return None
    if end.output:
        names = [port.name for port in graph.node(end.node).layer.output_ports]
        return found.outputs[names.index(end.port)] if found.outputs else None
    arriving = found.arriving.by_port.get(end.port, ()) if found.arriving else ()
    return arriving[0] if arriving else None


MOST_DRAWN = 200
"""Of more nodes only so many are in the small picture."""


def _picture(nodes: Sequence[Node]) -> tuple[list[Tiny], float]:
    """Nodes in a square as wide as all of them, and the height of that square."""
    boxes = []
    for node in nodes[:MOST_DRAWN]:
        wide, tall = (56.0, 56.0) if node.layer.category == "neuron" else (144.0, 48.0)
        boxes.append((*node.position, wide, tall, node.layer.category))
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    width = max(b[0] + b[2] for b in boxes) - left
    height = max(b[1] + b[3] for b in boxes) - top
    tiny = [
        Tiny((x - left) / width, (y - top) / height, wide / width, tall / height, category)
        for x, y, wide, tall, category in boxes
    ]
    return tiny, height / width
