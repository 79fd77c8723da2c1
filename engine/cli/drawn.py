"""What `evaluate` says of a network that makes new examples: how diverse they are."""

from __future__ import annotations

import math
from dataclasses import asdict

import numpy as np

from engine.cli.output import Output
from engine.data.dataset import Dataset
from engine.diagnosis.collapse import MOST, collapse, diversity
from engine.evaluation.generate import generate, generates
from engine.project.project import Project


def judge_drawn(project: Project, dataset: Dataset, output: Output) -> dict[str, float] | None:
    """Compare new examples with those of the data, say the finding, and give its numbers.

    None for a network that makes none, or none of the kind that the data has.
    """
    if not generates(project.graph):
        return None
    real = dataset.features[np.asarray(dataset.train if len(dataset.train) else dataset.test)]
    made = next(iter(generate(project.graph, project.weights, min(MOST, len(real))).values()))
    if math.prod(made.shape[1:]) != math.prod(real.shape[1:]):
        return None
    found = diversity(made, real)
    output.say(collapse(found).sentence)
    return asdict(found)
