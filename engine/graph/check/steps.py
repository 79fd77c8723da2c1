"""Whether the steps of a prediction are those of what is to be learned."""

from __future__ import annotations

from engine import shapes
from engine.graph.check.fix import Fix, SetField
from engine.graph.check.problem import Problem, Signature, Survey
from engine.graph.model import Node
from engine.shapes import Shape


def steps_problem(
    survey: Survey, loss: Node, signature: Signature, came: Shape, maker: str, target: str
) -> Problem | None:
    """What is wrong with the steps of a prediction; None where they are as the target's.

    maker, target: what the node before the loss and the target are called.
    """
    steps = signature.target_steps
    if not steps:
        if len(came) != 2 or signature.target == "values":
            return None
        return Problem(
            loss.id,
            "error",
            f"{maker} gives {shapes.text(came)}, an answer at each of {came[0]} steps, and "
            f"{target} is one answer for all of them.",
            "Let the layers before it give their last step only.",
            _returns_fix(survey, loss, "last", "Give the last step only"),
        )
    if came[0] == steps and len(came) == 2:
        return None
    if signature.target == "values" and shapes.size(came) == steps * len(signature.target_names):
        return None  # all steps at once, from one Dense
    if len(came) == 2:
        return Problem(
            loss.id,
            "error",
            f"{maker} gives {came[0]} steps, and {target} has {steps}.",
            "Give what enters as many steps as the target has.",
        )
    return Problem(
        loss.id,
        "error",
        f"{maker} gives {shapes.text(came)}, one answer for all steps, and {target} is a sequence "
        f"of {steps} steps.",
        "Let the layers before it give every step.",
        _returns_fix(survey, loss, "sequence", "Give every step"),
    )


def _returns_fix(survey: Survey, loss: Node, returns: str, label: str) -> Fix | None:
    """Change what the last recurrent layer before the loss gives."""
    wires = survey.graph.incoming(loss.id, "prediction")
    passed: set[str] = set()
    while len(wires) == 1 and wires[0].source not in passed:  # a loop leads back to itself
        node = survey.graph.node(wires[0].source)
        passed.add(node.id)
        if getattr(node.layer, "returns", returns) != returns:
            return Fix(label, (SetField(node.id, "returns", returns),))
        wires = survey.graph.incoming(node.id)
    return None
