"""The checker: everything that is wrong or doubtful in a graph, worst first."""

from __future__ import annotations

from collections.abc import Sequence

from engine.graph.check import (
    axes,
    data,
    ends,
    learning,
    loops,
    normalisation,
    sequences,
    signs,
    sizes,
    structure,
    weights,
)
from engine.graph.check import objectives as objective_rules
from engine.graph.check.problem import Objective, Problem, Signature, Survey
from engine.graph.infer import Inference
from engine.graph.model import Graph

RULES = (
    *structure.RULES,
    *data.RULES,
    *ends.RULES,
    *signs.RULES,
    *weights.RULES,
    *sizes.RULES,
    *normalisation.RULES,
    *sequences.RULES,
    *axes.RULES,
    *loops.RULES,
    *learning.RULES,
    *objective_rules.RULES,
)

ORDER = {"error": 0, "warning": 1, "hint": 2}


def check(
    graph: Graph,
    inference: Inference,
    signature: Signature | None,
    data_chosen: bool = False,
    smallest_batch: int | None = None,
    shuffled: bool = False,
    objectives: Sequence[Objective] = (),
    one_by_one: bool = False,
) -> list[Problem]:
    """The problems of a graph, errors first, each severity in the order of the rules.

    inference: what `infer` found for this graph.
    signature: the data set it is to learn from, or None if it is not known.
    data_chosen: a data set is chosen, though perhaps not loaded yet or impossible to load.
    smallest_batch: the fewest examples that go through at a time in training, if that is known.
    objectives: of the training, where it has several.
    shuffled: the training takes the examples in another order in each epoch.
    one_by_one: the weights change after every example, whatever the batch size.
    """
    survey = Survey(
        graph,
        inference,
        signature,
        data_chosen,
        smallest_batch,
        shuffled,
        objectives,
        one_by_one,
    )
    found = [problem for rule in RULES for problem in rule(survey)]
    return sorted(found, key=lambda problem: ORDER[problem.severity])
