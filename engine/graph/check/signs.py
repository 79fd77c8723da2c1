"""Rules about ends without an activation: does a loss get the kind of numbers that it reads?"""

from __future__ import annotations

from collections.abc import Iterator

from engine import shapes
from engine.graph.check.ends import FITTING_ACTIVATION
from engine.graph.check.fix import Fix, InsertOnWire
from engine.graph.check.problem import Problem, Survey, new_layer
from engine.graph.model import Node
from engine.losses.base import Loss

NEEDS = {
    "distribution": "probabilities that add up to 1",
    "probability": "probabilities from 0 to 1",
    "positive": "numbers that are never negative",
}
"""What a loss expects, in words; any number suits the others."""


def numbers_of_either_sign(survey: Survey) -> Iterator[Problem]:
    """Logarithms of negative numbers are held at the least, and their slopes at the steepest."""
    for node in survey.losses:
        loss: Loss = node.layer.__dict__["loss"]
        if loss.target == "none" or loss.expects not in NEEDS:
            continue
        makers = survey.makers(survey.graph.incoming(node.id, "prediction"))
        for maker in makers:
            if maker.layer.final_activation() is None and maker.layer.signed:
                fitting = FITTING_ACTIVATION[loss.expects]
                yield Problem(
                    node.id,
                    "error",
                    f"{loss.label} needs {NEEDS[loss.expects]}, and {maker.title} gives numbers "
                    "on both sides of 0.",
                    f"Put a Dense with {fitting} between them.",
                    _dense_fix(survey, node, fitting),
                )
                break


def _dense_fix(survey: Survey, node: Node, activation: str) -> Fix | None:
    """A Dense of as many units as arrive, if it can read that."""
    came, wires = survey.arriving(node.id, "prediction"), survey.graph.incoming(node.id)
    if came is None or len(came) > 2 or len(wires) != 1:
        return None
    dense = new_layer("dense", units=came[-1], activation=activation)
    if dense is None:
        return None
    edit = InsertOnWire(wires[0], dense)
    return Fix(f"Put a Dense of {shapes.text(came[-1:])} with {activation} before it", (edit,))


RULES = (numbers_of_either_sign,)
