"""Mode collapse: a generator that makes few kinds of examples, told from what it makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.diagnosis.health import Health
from engine.workspace import Array

MOST = 1000
"""Examples of each side that are looked at: distances between all pairs are worked out."""

LEAST_REAL = 0.5
LEAST_COVERED = 0.5
"""Of what could be covered with as many examples that look real."""

LEAST_SPREAD = 0.1

DISCRIMINATOR = "Train the discriminator more often or lower the generator's rate."
DIVERGENCE = "Train longer, or give the divergence less weight."
"""What helps a generator that has a discriminator, and one that decodes drawn codes."""


@dataclass(frozen=True)
class Diversity:
    """What is made, beside real examples.

    Around every real example lies a ball that reaches to its k-th nearest real neighbour.

    coverage: the share of balls with something made inside; near 1 for a perfect generator.
    realism: the share of what is made that lies inside any ball.
    spread: the mean distance between two made examples over that between two real ones.

    Naeem et al., Reliable fidelity and diversity metrics for generative models, 2020.
    """

    coverage: float
    realism: float
    spread: float


def diversity(made: Array, real: Array, neighbours: int = 5) -> Diversity:
    """Compare made with real examples, (N, *shape) and (M, *shape), at most 1,000 of each.

    Only made examples that differ are worth anything for coverage, so that as many of
    both should be given. NaN everywhere where there are too few to have neighbours.
    """
    a, b = (np.float64(array[:MOST]).reshape(min(len(array), MOST), -1) for array in (made, real))
    if len(a) < 2 or len(b) <= neighbours or not np.isfinite(a).all():
        return Diversity(float("nan"), float("nan"), float("nan"))
    between, inside = _distances(a, b), _distances(b, b)
    radius = np.partition(inside, neighbours, axis=1)[:, neighbours]  # the nearest is itself
    within = between <= radius
    apart = float(_distances(a, a).sum() / (len(a) * (len(a) - 1)))
    usual = float(inside.sum() / (len(b) * (len(b) - 1)))
    return Diversity(
        float(within.any(axis=0).mean()),
        float(within.any(axis=1).mean()),
        apart / usual if usual else 1.0,
    )


def collapse(found: Diversity, remedy: str = DISCRIMINATOR) -> Health:
    """Judge a generator: has it collapsed to few kinds of examples? remedy: what would help."""
    if not np.isfinite([found.coverage, found.realism, found.spread]).all():
        return Health("bad", "What the generator makes is not finite, or too little to judge.")
    if found.spread < LEAST_SPREAD:
        return Health(
            "bad",
            f"The generator has collapsed: all that it makes is nearly the same. {remedy}",
        )
    if found.realism >= LEAST_REAL:
        if found.coverage >= LEAST_COVERED * found.realism:
            return Health("ok", f"What is made covers {100 * found.coverage:.0f} % of the data.")
        return Health(
            "bad",
            "Mode collapse: what is made looks real, and covers only "
            f"{100 * found.coverage:.0f} % of the data. {remedy}",
        )
    return Health(
        "warning",
        f"Only {100 * found.realism:.0f} % of what is made lies near real examples: the "
        "generator needs more training.",
    )


def _distances(a: Array, b: Array) -> Array:
    """Between all pairs, (N, D) and (M, D) -> (N, M)."""
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    found: Array = np.sqrt(np.maximum(squares, 0))
    return found
