"""Rules about loops: where one begins, and how long it is."""

from __future__ import annotations

from collections.abc import Iterator

from engine.graph.check.problem import Problem, Survey
from engine.layers.start import Start

MANY = 20_000
"""Steps times nodes from which on a loop takes long to get ready, and much memory."""


def start_outside(survey: Survey) -> Iterator[Problem]:
    for node in survey.nodes:
        found = survey.inference[node.id]
        if isinstance(node.layer, Start) and found.loop is None and found.outputs is not None:
            yield Problem(
                node.id,
                "hint",
                f"{node.title} stands in no loop, so it only gives what it starts with.",
                "Wire what reads it back into its in port, or remove it.",
            )


def long_loop(survey: Survey) -> Iterator[Problem]:
    for node in survey.nodes:
        loop = survey.inference[node.id].loop
        if loop and loop.nodes[0] == node.id and loop.steps * len(loop.nodes) > MANY:
            yield Problem(
                node.id,
                "warning",
                f"The loop through {node.title} computes {len(loop.nodes)} nodes in each of "
                f"{loop.steps:,} steps, which takes long to train and much memory.",
                "Let it take fewer steps, read shorter sequences, or use a recurrent layer.",
            )


RULES = (start_outside, long_loop)
