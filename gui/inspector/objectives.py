"""Which nodes the objectives of a training can name."""

from __future__ import annotations

from collections.abc import Sequence

from engine.graph.infer import Inference
from engine.graph.model import Graph, Node
from engine.training.settings import ObjectiveSettings


def nameable(graph: Graph, inference: Inference, what: str) -> dict[str, str]:
    """The `losses` of a graph, or the nodes with `parameters` of their own: id to title.

    Titles that several have are followed by the id.
    """
    nodes = [node for node in graph.nodes if _is(what, node, inference)]
    titles = [node.title for node in nodes]
    return {
        node.id: node.title if titles.count(node.title) == 1 else f"{node.title} ({node.id})"
        for node in nodes
    }


def _is(what: str, node: Node, inference: Inference) -> bool:
    if what == "losses":
        return node.layer.kind == "loss"
    return not node.same_as and bool(inference[node.id].parameters)


def with_rest(
    objectives: Sequence[ObjectiveSettings], graph: Graph, inference: Inference
) -> tuple[ObjectiveSettings, ...]:
    """The objectives, where one that names nothing yet has what no other one names."""
    *others, last = objectives
    if last.losses or last.trains:
        return tuple(objectives)
    taken_losses = {node_id for one in others for node_id in one.losses}
    taken = {node_id for one in others for node_id in one.trains}
    losses = [i for i in nameable(graph, inference, "losses") if i not in taken_losses]
    trains = [i for i in nameable(graph, inference, "parameters") if i not in taken]
    return (*others, last.replaced(losses=losses, trains=trains))
