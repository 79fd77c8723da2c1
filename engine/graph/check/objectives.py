"""Rules about the objectives of a training: do they fit the graph, and is nothing left out?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.graph.check.problem import Objective, Problem, Survey
from engine.graph.model import Node
from engine.graph.order import reachable


def objectives(survey: Survey) -> Iterator[Problem]:
    for number, one in enumerate(survey.objectives, start=1):
        yield from _of_one(survey, one, f"The objective {one.name or number}")
    if survey.objectives:
        yield from _left_out(survey)


def contradictions(survey: Survey) -> Iterator[Problem]:
    """Losses in one sum that want one value to be two different numbers."""
    asked: dict[tuple[object, ...], Node] = {}
    for node in survey.losses:
        wires = survey.graph.incoming(node.id, "target")
        makers = list(survey.makers(wires))
        if node.switch != "on" or len(makers) != 1 or makers[0].layer.kind != "constant":
            continue
        in_sum = tuple(n for n, one in enumerate(survey.objectives) if node.id in one.losses)
        for wire in survey.graph.incoming(node.id, "prediction"):
            other = asked.setdefault((in_sum, wire.source, wire.source_port), node)
            (wanted,) = survey.makers(survey.graph.incoming(other.id, "target"))
            if wanted.layer != makers[0].layer:
                yield Problem(
                    node.id,
                    "warning",
                    f"{other.title} and {node.title} want different answers of "
                    f"{survey.graph.node(wire.source).title}, and one training makes the sum of "
                    "both small, so neither is reached.",
                    "Give each an objective of its own: in the training settings, under "
                    "Objectives.",
                )


def _of_one(survey: Survey, one: Objective, title: str) -> Iterator[Problem]:
    losses = {node.id: node for node in survey.losses}
    for node_id in (*one.losses, *one.trains):
        if node_id not in survey.graph:
            yield Problem(
                None,
                "error",
                f"{title} names the node {node_id!r}, which is gone.",
                "Take it out of the training settings.",
            )
    there = [node_id for node_id in one.losses if node_id in survey.graph]
    for node_id in there:
        if node_id not in losses:
            yield Problem(
                node_id,
                "error",
                f"{title} is to make {survey.graph.node(node_id).title} small, which is no loss.",
                "Choose losses for it in the training settings.",
            )
    running = [i for i in there if i in losses and losses[i].switch == "on"]
    if not running:
        muted = not losses.keys().isdisjoint(there)
        yield Problem(
            None,
            "error",
            f"{title} has {'muted losses alone' if muted else 'no loss'}, so there is nothing "
            "to make small.",
            "Choose a loss for it in the training settings, or remove the objective.",
        )
        return
    yield from _untrainable(survey, one, title, running)


def _untrainable(
    survey: Survey, one: Objective, title: str, losses: Sequence[str]
) -> Iterator[Problem]:
    trains = [survey.graph.node(node_id) for node_id in one.trains if node_id in survey.graph]
    if not any(survey.inference[node.id].parameters for node in trains):
        yield Problem(
            None,
            "error" if not one.trains else "warning",
            f"{title} trains no node that has weights, so it changes nothing.",
            "Choose nodes for it to train in the training settings.",
        )
        return
    judged = {survey.graph.node(i).owner for i in reachable(survey.graph.predecessors, losses)}
    for node in trains:
        if survey.inference[node.id].parameters and node.owner not in judged:
            yield Problem(
                node.id,
                "warning",
                f"{title} trains {node.title}, on which none of its losses depends.",
                "Wire it on, or take it out of the objective.",
            )


def _left_out(survey: Survey) -> Iterator[Problem]:
    named = {node_id for one in survey.objectives for node_id in one.losses}
    for node in survey.losses:
        if node.id not in named and node.switch == "on":
            yield Problem(
                node.id,
                "warning",
                f"{node.title} is in no objective, so nothing learns from it.",
                "Add it to an objective in the training settings, or mute it.",
            )
    trained = {
        survey.graph.node(node_id).owner
        for one in survey.objectives
        for node_id in one.trains
        if node_id in survey.graph
    }
    for node in survey.nodes:
        learns = survey.inference[node.id].parameters and not node.same_as and not node.frozen
        if learns and node.id in survey.used and node.id not in trained:
            yield Problem(
                node.id,
                "warning",
                f"No objective trains {node.title}, so its weights stay as they are.",
                "Add it to an objective in the training settings, or freeze it.",
            )


RULES = (objectives, contradictions)
