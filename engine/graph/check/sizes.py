"""Rules about size: what would not fit into the memory of most machines."""

from __future__ import annotations

from collections.abc import Iterator

from engine import shapes
from engine.graph.check.problem import Problem, Survey
from engine.shapes import Shape

MANY_PARAMETERS = 2**29
"""From here on weights, gradients and the two vectors of Adam take 8 GB and more."""

MANY_VALUES = 2**28
"""From here on what a layer gives for one example alone takes 1 GB and more."""


def too_large(survey: Survey) -> Iterator[Problem]:
    sizes: dict[tuple[Shape, ...], int] = {}  # many nodes have the same shapes
    for node_id, found in survey.inference.items():
        outputs = found.outputs or ()
        if outputs not in sizes:
            sizes[outputs] = sum(map(shapes.size, outputs))
        values = sizes[outputs]
        if found.parameters and found.parameter_count >= MANY_PARAMETERS:
            yield Problem(
                node_id,
                "warning",
                f"{found.node.title} has {found.parameter_count:,} parameters, which with "
                f"gradients and optimiser take about "
                f"{16 * found.parameter_count / 2**30:,.0f} GB of memory.",
                "Make it smaller, or let less arrive at it.",
            )
        elif values >= MANY_VALUES:
            yield Problem(
                node_id,
                "warning",
                f"{found.node.title} gives {values:,} numbers for each example, which take about "
                f"{4 * values / 2**30:,.0f} GB of memory.",
                "Make it smaller, or let less arrive at it.",
            )


RULES = (too_large,)
