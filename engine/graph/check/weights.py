"""Rules about how weights start."""

from __future__ import annotations

from collections.abc import Iterator

from engine.graph.check.fix import Fix, SetField
from engine.graph.check.problem import Problem, Survey
from engine.graph.model import Node
from engine.layers.base import ParameterSpec

ALIKE = ("zeros", "constant")
"""Initialisers that start all weights at the same number."""


def identical_weights(survey: Survey) -> Iterator[Problem]:
    """Units that start alike get the same gradient at every step and stay alike.

    The last layer may start so (logistic regression does): its units have different targets.
    """
    alike = [
        (found.node, spec)
        for found in survey.inference.values()
        for spec in found.parameters
        if spec.name == "weight" and spec.initializer.kind in ALIKE
    ]
    hidden = _before_other_parameters(survey) if alike else set()
    for node, spec in alike:
        if node.id in hidden and _has_twins(survey, node, spec):
            yield Problem(
                node.id,
                "hint",
                f"All weights of {node.title} start at the same number, so all its units get "
                "the same gradient and stay identical.",
                "Start them at random.",
                _random_fix(node),
            )


def _has_twins(survey: Survey, node: Node, spec: ParameterSpec) -> bool:
    """Whether there is a unit that starts and is wired like this one."""
    if len(spec.shape) > 1:
        return spec.shape[0] > 1
    sources, targets = _ends(survey, node)
    return any(
        other.id != node.id
        and other.layer == node.layer
        and _ends(survey, other) == (sources, targets)
        for source in sources
        for other in map(survey.graph.node, survey.graph.successors(source))
    )


def _ends(survey: Survey, node: Node) -> tuple[set[str], set[str]]:
    graph = survey.graph
    return set(graph.predecessors(node.id)), set(graph.successors(node.id))


def _before_other_parameters(survey: Survey) -> set[str]:
    """Nodes behind which a value still meets parameters on its way to the loss."""
    hidden: set[str] = set()
    for node_id in reversed(survey.inference):
        for follower in survey.graph.successors(node_id):
            if follower in hidden or survey.inference[follower].parameters:
                hidden.add(node_id)
                break
    return hidden


def _random_fix(node: Node) -> Fix | None:
    names = [field.name for field in node.layer.fields()]
    random = node.layer.field("initializer").default if "initializer" in names else None
    if random is None or random.kind in ALIKE:
        return None
    return Fix(f"Start with {random.label}", (SetField(node.id, "initializer", random.kind),))


RULES = (identical_weights,)
