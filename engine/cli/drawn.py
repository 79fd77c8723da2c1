"""What `evaluate` says of a network that makes new examples: how diverse they are."""

from __future__ import annotations

from dataclasses import asdict

from engine.cli.output import Output
from engine.data.dataset import Dataset
from engine.evaluation.drawn import drawn
from engine.project.project import Project


def judge_drawn(project: Project, dataset: Dataset, output: Output) -> dict[str, float] | None:
    """Compare new examples with those of the data, say the finding, and give its numbers.

    None for a network that makes none, or none of the kind that the data has.
    """
    compared = drawn(project.graph, project.weights, dataset)
    if compared is None:
        return None
    output.say(compared.health.sentence)
    return asdict(compared.found)
