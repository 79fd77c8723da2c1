"""How well one node learns, told from its gradient, its updates and what it puts out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "bad"]

LARGEST_GRADIENT = 1e3
LARGEST_UPDATE = 0.5
"""A step that changes half of a node's weights throws away what it has learnt."""

SMALL_GRADIENT = 1e-3
"""Against the strongest gradient in the network: below it, a node hardly takes part."""

MOST_DEAD, MANY_DEAD = 0.99, 0.5
MOST_SATURATED = 0.9


@dataclass(frozen=True)
class Health:
    """level: `ok` (healthy), `warning` (it learns little), `bad` (not at all, or wildly)."""

    level: Level
    sentence: str


def health(
    gradient: float | None,
    update: float | None = None,
    *,
    strongest: float = 0.0,
    dead: float = 0.0,
    saturated: float = 0.0,
) -> Health:
    """Judge one node of a network in training.

    gradient: norm of the gradient of its parameters; None if it has none.
    update: norm of one update over the norm of its parameters.
    strongest: the largest of the gradients of all nodes. All gradients fade when a
        network has learnt, so that a small one means something only beside the others.
    dead: the share of its units that put out 0 for every example.
    saturated: the share of its outputs at the flat ends of the activation.
    """
    for value, name in ((gradient, "gradient"), (update, "update")):
        if value is not None and not math.isfinite(value):
            return Health("bad", f"The {name} is {value}: training diverges. Lower the rate.")
    if gradient is not None and gradient > LARGEST_GRADIENT:
        return Health(
            "bad", f"The gradient explodes: its norm is {gradient:.1e}. Lower the rate, or clip it."
        )
    if update is not None and update > LARGEST_UPDATE:
        return Health("bad", f"One step changes {update:.0%} of the weights' size. Lower the rate.")
    if dead >= MOST_DEAD:
        return Health("bad", "It puts out 0 for every example, so nothing can be learnt here.")
    if gradient == 0.0 and strongest > 0.0:
        return Health("bad", "No gradient arrives, so nothing can be learnt here.")
    if dead >= MANY_DEAD:
        return Health("warning", f"{dead:.0%} of the units put out 0 for every example.")
    if saturated >= MOST_SATURATED:
        return Health(
            "warning",
            f"{saturated:.0%} of the outputs are at the flat ends of the activation, "
            "where its slope is near 0.",
        )
    if gradient is not None and gradient < SMALL_GRADIENT * strongest:
        return Health(
            "warning",
            f"The gradient is small: {gradient / strongest:.1e} of the strongest in the network.",
        )
    return Health(
        "ok", "" if gradient is None else f"Healthy: the gradient's norm is {gradient:.1e}."
    )
