"""What a network makes from noise, beside the examples that it learnt from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.data.dataset import Dataset
from engine.diagnosis.collapse import (
    DISCRIMINATOR,
    DIVERGENCE,
    MOST,
    Diversity,
    collapse,
    diversity,
)
from engine.diagnosis.health import Health
from engine.evaluation.generate import code_of, generate, generates
from engine.graph.model import Graph
from engine.plan.parameters import Weights
from engine.workspace import Array


@dataclass(frozen=True, eq=False)
class Drawn:
    """made, real: examples (N, *shape) each, flat or not. found: how they compare.

    health: what is to be said of it.
    """

    made: Array
    real: Array
    found: Diversity
    health: Health


def drawn(
    graph: Graph,
    weights: Mapping[tuple[str, str], Array] | Weights,
    dataset: Dataset,
    most: int = MOST,
    seed: int = 0,
) -> Drawn | None:
    """New examples beside as many real ones, of the training part where there is one.

    None for a network that makes none, or none of the kind that the data has.
    Raises what `generate` raises.
    """
    if not generates(graph):
        return None
    rows = np.asarray(dataset.train if len(dataset.train) else dataset.test)[:most]
    real = np.asarray(dataset.features[rows])
    if not len(real):
        return None
    made = next(iter(generate(graph, weights, len(real), seed).values()), None)
    if made is None or math.prod(made.shape[1:]) != math.prod(real.shape[1:]):
        return None
    found = diversity(made, real)
    remedy = DIVERGENCE if code_of(graph) is not None else DISCRIMINATOR
    return Drawn(made, real, found, collapse(found, remedy))
