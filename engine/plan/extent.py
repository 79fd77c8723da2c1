"""Which nodes a plan runs, and what goes in and comes out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

from engine.errors import CompileError
from engine.graph.infer import Inference
from engine.graph.model import Graph, Wire
from engine.graph.order import reachable
from engine.layers.terminal import Input, Loss, Output
from engine.plan.switches import sources


class Mode(Enum):
    """What a plan is for, and so which nodes it holds."""

    TRAIN = "train"
    """What the losses depend on, with gradients."""
    EVALUATE = "evaluate"
    """What losses and outputs depend on, without gradients."""
    PREDICT = "predict"
    """What the outputs depend on; no losses."""
    PROBE = "probe"
    """Every node that has shapes, whatever depends on it; no losses."""


@dataclass(frozen=True)
class ModelOutput:
    """A value that the model gives out.

    node: id of an Output node, or of the node that stands for one. port: where the value leaves
    that node; empty for an Output node, which gives what arrives.
    """

    name: str
    node: str
    port: str = ""

    def end(self, graph: Graph) -> tuple[str, str] | None:
        """The node and the port that the value leaves; None for an Output that nothing leads to."""
        if self.port:
            return self.node, self.port
        wires = graph.incoming(self.node)
        return (wires[0].source, wires[0].source_port) if wires else None


def nodes_for(
    graph: Graph, inference: Inference, mode: Mode, wanted: Collection[str] | None = None
) -> list[str]:
    """The nodes that a plan of this mode holds, in topological order.

    wanted: the losses to work out; None for all.

    Raises CompileError where there is nothing to do, or a node among them cannot run.
    """
    known = [node for node in graph.nodes if isinstance(node.layer, Loss)]
    if wanted is not None:
        known = [node for node in known if node.id in wanted]
    losses = [node.id for node in known if node.switch == "on"]
    outputs = [output.node for output in model_outputs(graph)]
    if mode is Mode.PROBE:
        return _running(graph, inference)
    if mode is not Mode.PREDICT and not losses and known:
        raise CompileError(
            "Every loss that is to be trained is muted, so nothing says how good a prediction is. "
            "Switch a loss on."
        )
    if mode is not Mode.PREDICT and not losses:
        raise CompileError(
            "The network has no loss, so nothing says how good a prediction is. "
            "Add a loss and wire the last layer into it."
        )
    if mode is Mode.PREDICT and not outputs:
        raise CompileError(
            "The network has no output. Wire its last layer into an Output or a loss."
        )
    ends = {Mode.TRAIN: losses, Mode.EVALUATE: [*losses, *outputs], Mode.PREDICT: outputs}[mode]
    needed = reachable(partial(sources, graph), ends)
    for node_id in inference:
        if node_id in needed:
            _check_runs(graph, inference, node_id)
    return [node_id for node_id in inference if node_id in needed]


def _running(graph: Graph, inference: Inference) -> list[str]:
    """The nodes that put out something, whatever becomes of it."""
    found: dict[str, None] = {}
    for node_id, shapes in inference.items():
        behind = all(source in found for source in sources(graph, node_id))
        if shapes.outputs and not shapes.error and behind:
            found[node_id] = None
    return list(found)


def _check_runs(graph: Graph, inference: Inference, node_id: str) -> None:
    node, found = graph.node(node_id), inference[node_id]
    if found.error:
        raise CompileError(found.error)
    for port in node.layer.input_ports:
        if port.required and not graph.incoming(node_id, port.name):
            raise CompileError(
                f"{node.title} has nothing wired to its {port.name} port. Wire a layer into it."
            )
    if found.outputs is None:  # muted, so that nothing before it was asked for
        raise CompileError(
            f"{node.title} does not know the shape of what it gives, since a node before it cannot "
            "run. Solve the problems before it."
        )


def model_inputs(graph: Graph) -> tuple[tuple[str, str], ...]:
    """(name, node id) of each input that the outputs depend on, in the order of nodes."""
    ends = (output.node for output in model_outputs(graph))
    needed = reachable(partial(sources, graph), ends)
    inputs = [
        node.id
        for node in graph.nodes
        if isinstance(node.layer, Input) and node.id in needed and node.switch == "on"
    ]
    names = _distinct([graph.node(node_id).name or node_id for node_id in inputs], inputs)
    return tuple(zip(names, inputs, strict=True))


def model_outputs(graph: Graph) -> tuple[ModelOutput, ...]:
    """Each output of the model.

    The Output nodes; if there are none, what is wired into the losses as predictions, each value
    once. Of a node that gives several of these the names have its ports too.
    """
    ends = [(node.id, "") for node in graph.nodes if isinstance(node.layer, Output)]
    if not ends:
        wires = (
            wire
            for node in graph.nodes
            if isinstance(node.layer, Loss)
            for wire in graph.incoming(node.id, "prediction")
        )
        ends = list(dict.fromkeys((wire.source, wire.source_port) for wire in wires))
    shared = Counter(node_id for node_id, _ in ends)
    parts = [f".{port}" if shared[node_id] > 1 else "" for node_id, port in ends]
    pairs = list(zip((node_id for node_id, _ in ends), parts, strict=True))
    names = _distinct(
        [(graph.node(node_id).name or node_id) + part for node_id, part in pairs],
        [node_id + part for node_id, part in pairs],
    )
    return tuple(ModelOutput(name, *end) for name, end in zip(names, ends, strict=True))


def _distinct(names: Sequence[str], ids: Sequence[str]) -> list[str]:
    """The user's own names where they tell things apart, else ids."""
    counts, known = Counter(names), set(ids)
    return [
        name if name == key or (counts[name] == 1 and name not in known) else key
        for name, key in zip(names, ids, strict=True)
    ]


def carries_gradient(graph: Graph, wire: Wire) -> bool:
    """Whether a gradient flows back along a wire: a target is given, not learned."""
    return not (isinstance(graph.node(wire.target).layer, Loss) and wire.target_port == "target")


def needing_gradient(graph: Graph, included: Iterable[str], trained: Container[str]) -> set[str]:
    """The nodes whose output needs a gradient: between a trained parameter and a loss."""
    included = list(included)
    inside = set(included)

    def before(node_id: str) -> list[str]:
        return [w.source for w in graph.incoming(node_id) if carries_gradient(graph, w)]

    losses = [n for n in included if isinstance(graph.node(n).layer, Loss)]
    towards_loss = reachable(before, losses)
    after_training: set[str] = set()
    for node_id in included:
        if node_id in trained or any(b in after_training for b in before(node_id)):
            after_training.add(node_id)
    return towards_loss & after_training & inside
