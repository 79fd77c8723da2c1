"""Rules about the end of a network: do last layer, loss and target fit each other?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine import shapes
from engine.activations.base import Activation
from engine.errors import ShapeError
from engine.graph.check.fix import Edit, Fix, SetField
from engine.graph.check.problem import (
    Problem,
    Signature,
    Survey,
    activation_field,
)
from engine.graph.check.steps import steps_problem
from engine.graph.check.structure import FITTING_LOSS, refusal
from engine.graph.model import Node
from engine.losses.base import LOSSES, Loss
from engine.shapes import Shape

FITTING_ACTIVATION = {
    "distribution": "softmax",
    "probability": "sigmoid",
    "positive": "softplus",
    "number": "linear",
}
"""What a loss expects to the activation that gives it."""

USUAL_ACTIVATION = {
    target: FITTING_ACTIVATION[LOSSES.get(kind).expects] for target, kind in FITTING_LOSS.items()
}
"""What is learned to the activation before the loss that fits it."""


PROBES = np.array([[-9.0, -1.0, 0.0, 9.0], [4.0, 1.0, -1.0, 2.0]])
"""Sums by which an activation shows what numbers it gives."""


def loss_and_target(survey: Survey) -> Iterator[Problem]:
    """Is it the right loss for what is learned, and has the last layer the right size?"""
    for node in survey.losses:
        # A wired target is another node's value and not the data set's.
        has_own = _loss(node).target == "none" or survey.graph.incoming(node.id, "target")
        problem = None if has_own else _misfit_problem(survey, node)
        error = survey.inference[node.id].error
        if problem is not None:
            yield problem
        elif error is not None:
            yield refusal(survey, node.id, error)


def _misfit_problem(survey: Survey, node: Node) -> Problem | None:
    signature, loss = survey.signature, _loss(node)
    if signature is None:
        return None
    came = survey.arriving(node.id, "prediction")
    sizes = _fitting_sizes(loss, signature)
    steps = max(signature.target_steps, 1)
    fits = came is not None and shapes.size(came) in {steps * size for size in sizes}
    if _is_misfit(loss, signature):
        fitting = LOSSES.get(FITTING_LOSS[signature.target]).label.lower()
        return Problem(
            node.id,
            "warning" if fits else "error",
            f"{loss.label} compares {_meaning(loss)}, "
            f"and {_target(signature)} is {_is(signature)}.",
            f"Use {fitting} with {_end_in_words(signature)}.",
            _end_fix(survey, node, signature, f"Use {fitting}"),
        )
    if came is None or (fits and not signature.target_steps):
        return None
    maker, target = _makers_title(survey, node), _target(signature)
    problem = steps_problem(survey, node, signature, came, maker, target)
    if problem is not None or fits:
        return problem
    units = sizes[0]
    return Problem(
        node.id,
        "error",
        f"{maker} gives {shapes.text(came)}, and "
        f"{target} needs {_size_in_words(units, signature)}.",
        f"Give the last layer {units} unit{'s' if units != 1 else ''}.",
        _units_fix(survey, node, units),
    )


_MEANING = {
    "distribution": "one probability for each class",
    "probability": "the probability of yes with yes or no",
    "positive": "amounts with amounts",
    "number": "a score with yes or no",
}
"""Asked only of losses on classes and on yes or no."""


def _meaning(loss: Loss) -> str:
    if (loss.target, loss.expects) == ("classes", "number"):
        return "a score for each class with the class"
    return _MEANING[loss.expects]


def _is_misfit(loss: Loss, signature: Signature) -> bool:
    """Squared error on classes is possible (on ones and zeros), so it is no misfit."""
    if loss.target == "values" or loss.target == signature.target:
        return False
    return not (loss.target == "classes" and signature.target == "binary")


def _fitting_sizes(loss: Loss, signature: Signature) -> tuple[int, ...]:
    """How many numbers a prediction may have, the usual one first."""
    classes = len(signature.classes)
    if signature.target == "values":
        return (max(1, len(signature.target_names)),) if loss.target == "values" else ()
    if signature.target == "binary" and loss.target != "classes":
        return (1, classes)
    return (classes,)


def _target(signature: Signature) -> str:
    names = signature.target_names
    return repr(names[0]) if len(names) == 1 else "the target"


def _is(signature: Signature) -> str:
    if signature.target == "values":
        count = len(signature.target_names)
        return "a number" if count <= 1 else f"{count} numbers"
    if signature.target == "binary":
        return "yes or no"
    return f"one of {len(signature.classes)} classes"


def _size_in_words(units: int, signature: Signature) -> str:
    steps = signature.target_steps
    size = f"{steps}×{units}" if steps else str(units)
    if signature.target == "values" or units == 1:
        return size
    return f"{size}, one for each class" + (" at each step" if steps else "")


def _end_in_words(signature: Signature) -> str:
    wanted = _fitting_size(signature)
    units = f"{wanted} {USUAL_ACTIVATION[signature.target]} unit"
    return f"{units}{'s' if wanted != 1 else ''} before it"


def _fitting_size(signature: Signature) -> int:
    if signature.target == "classes":
        return len(signature.classes)
    return max(1, len(signature.target_names)) if signature.target == "values" else 1


def _makers_title(survey: Survey, node: Node) -> str:
    makers = list(survey.makers(survey.graph.incoming(node.id, "prediction")))
    return makers[0].title if len(makers) == 1 else "What arrives"


def _only_maker(survey: Survey, node: Node) -> Node | None:
    makers = list(survey.makers(survey.graph.incoming(node.id, "prediction")))
    return makers[0] if len(makers) == 1 else None


def _units_edits(survey: Survey, node: Node, units: int) -> tuple[Edit, ...]:
    """Give the last layer so many units, if it has such a setting and then gives that shape."""
    maker = _only_maker(survey, node)
    arriving = survey.inference[maker.id].arriving if maker else None
    if maker is None or arriving is None or not hasattr(maker.layer, "units"):
        return ()
    try:
        given = maker.layer.replaced(units=units).infer(arriving)
    except ShapeError:
        return ()
    return (SetField(maker.id, "units", units),) if given[0][-1:] == (units,) else ()


def _units_fix(survey: Survey, node: Node, units: int) -> Fix | None:
    edits = _units_edits(survey, node, units)
    return Fix(f"Set its units to {units}", edits) if edits else None


def _end_fix(survey: Survey, node: Node, signature: Signature, label: str) -> Fix:
    edits: list[Edit] = [SetField(node.id, "loss", FITTING_LOSS[signature.target])]
    maker = _only_maker(survey, node)
    if maker is not None:
        edits += _units_edits(survey, node, _fitting_size(signature))
        edits += _activation_edits(maker, USUAL_ACTIVATION[signature.target])
    return Fix(label, tuple(edits))


def _activation_edits(maker: Node, kind: str) -> tuple[Edit, ...]:
    name = activation_field(maker.layer)
    if name is None or getattr(maker.layer, name).kind == kind:
        return ()
    return (SetField(maker.id, name, kind),)


def activation_and_loss(survey: Survey) -> Iterator[Problem]:
    """Does the last activation give what the loss reads?"""
    for node in survey.losses:
        loss = _loss(node)
        if loss.target == "none":
            continue
        makers = survey.makers(survey.graph.incoming(node.id, "prediction"))
        for maker in {maker.id: maker for maker in makers}.values():
            activation = maker.layer.final_activation()
            if activation is not None:
                yield from _pairing(survey, node, loss, maker, activation)


def _pairing(
    survey: Survey, node: Node, loss: Loss, maker: Node, activation: Activation
) -> Iterator[Problem]:
    fitting = FITTING_ACTIVATION[loss.expects]
    if activation.kind == fitting:
        return
    fix = Fix(f"Use {fitting}", _activation_edits(maker, fitting))
    if loss.expects == "positive":
        yield from _amounts(node, loss, maker, activation, fix)
    elif loss.target == "binary" and loss.expects == "number":
        yield from _scores(node, loss, maker, activation, fix)
    elif loss.expects == "number":
        if activation.kind == "softmax":
            yield _softmax_with_values(survey, node, loss, maker)
    else:
        yield from _probabilities(node, loss, maker, activation, fix)


def _probabilities(
    node: Node, loss: Loss, maker: Node, activation: Activation, fix: Fix
) -> Iterator[Problem]:
    fitting = FITTING_ACTIVATION[loss.expects]
    if not gives_probabilities(activation):
        yield Problem(
            node.id,
            "error",
            f"{loss.label} needs probabilities from 0 to 1, and {maker.title} ends with "
            f"{activation.label}, which gives other numbers too.",
            f"Let {maker.title} end with {fitting}.",
            fix,
        )
    elif loss.expects == "distribution":
        yield Problem(
            node.id,
            "warning",
            f"{loss.label} needs probabilities that add up to 1 over the classes, and those "
            f"of {activation.label} do not.",
            f"Let {maker.title} end with softmax.",
            fix,
        )
    elif activation.kind == "softmax":
        yield Problem(
            node.id,
            "warning",
            f"{loss.label} reads each number as its own yes or no, and {maker.title} ends with "
            "softmax, whose numbers add up to 1.",
            f"Let {maker.title} end with sigmoid, or use cross-entropy.",
            fix,
        )


def _amounts(
    node: Node, loss: Loss, maker: Node, activation: Activation, fix: Fix
) -> Iterator[Problem]:
    if np.any(activation.value(PROBES) < 0):
        yield Problem(
            node.id,
            "error",
            f"{loss.label} needs numbers that are never negative, and {maker.title} ends with "
            f"{activation.label}, which gives negative ones too.",
            f"Let {maker.title} end with softplus.",
            fix,
        )


def _scores(
    node: Node, loss: Loss, maker: Node, activation: Activation, fix: Fix
) -> Iterator[Problem]:
    if not np.any(activation.value(PROBES) < 0):
        yield Problem(
            node.id,
            "error",
            f"{loss.label} needs scores above 0 for yes and below 0 for no, and {maker.title} "
            f"ends with {activation.label}, which is never below 0.",
            f"Let {maker.title} end with linear, or use binary cross-entropy.",
            fix,
        )


def _softmax_with_values(survey: Survey, node: Node, loss: Loss, maker: Node) -> Problem:
    learns_values = survey.signature is not None and survey.signature.target == "values"
    if learns_values:
        return Problem(
            node.id,
            "error",
            f"{maker.title} ends with softmax, whose numbers lie between 0 and 1 and add up "
            "to 1, and the target is any number.",
            f"Let {maker.title} end with linear.",
            Fix("Use linear", _activation_edits(maker, "linear")),
        )
    return Problem(
        node.id,
        "warning",
        f"{loss.label} after softmax learns slowly: where the network is sure and wrong, "
        "the slope of softmax is almost 0.",
        "Use cross-entropy, whose slope after softmax is prediction minus target.",
        Fix(
            "Use cross-entropy",
            (SetField(node.id, "loss", "categorical_cross_entropy"),),
        ),
    )


def gives_probabilities(activation: Activation) -> bool:
    """Whether all values of an activation lie from 0 to 1: asked of the activation itself."""
    values = activation.value(PROBES)
    return bool(np.all(values >= 0) and np.all(values <= 1))


def softmax_of_one(survey: Survey) -> Iterator[Problem]:
    for node in survey.nodes:
        activation = node.layer.final_activation()
        if activation is None or activation.kind not in ("softmax", "log_softmax"):
            continue
        outputs = survey.inference[node.id].in_one_step
        if outputs and _features(node, outputs[0]) == 1:
            constant = "1" if activation.kind == "softmax" else "0"
            yield Problem(
                node.id,
                "error",
                f"{node.title} ends with {activation.label} over a single number, which is "
                f"always {constant}, so it cannot learn.",
                "Use sigmoid for yes or no, or one unit for each class.",
                Fix("Use sigmoid", _activation_edits(node, "sigmoid")),
            )


def _features(node: Node, shape: Shape) -> int:
    """Over how many numbers an activation runs: the features of a step, or the channels."""
    is_sequence = len(shape) == 2 and node.layer.category != "convolution"
    return shape[1] if is_sequence else shape[0]


def _loss(node: Node) -> Loss:
    loss: Loss = node.layer.__dict__["loss"]
    return loss


RULES = (loss_and_target, activation_and_loss, softmax_of_one)
