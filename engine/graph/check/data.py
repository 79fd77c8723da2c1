"""Rules about the beginning of a network: does it take what the data set gives?"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from engine import shapes
from engine.graph.check.fix import Fix, SetField
from engine.graph.check.problem import Problem, Signature, Survey
from engine.graph.model import Node
from engine.losses.base import Loss


def no_data(survey: Survey) -> Iterator[Problem]:
    if survey.signature is None and survey.nodes and not survey.data_chosen:
        yield Problem(
            None,
            "hint",
            "No data set is chosen, so the network has nothing to learn from.",
            "Choose a built-in data set or load a file of your own.",
        )


def unknown_columns(survey: Survey) -> Iterator[Problem]:
    if survey.signature is None:
        return
    for node in survey.inputs:
        missing = _missing(node, survey.signature)
        if missing:
            known = _names(survey.signature)
            near = difflib.get_close_matches(missing[0], known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            kept = tuple(name for name in _columns(node) if name in known)
            fix = Fix("Leave it out", (SetField(node.id, "columns", kept),)) if kept else None
            yield Problem(
                node.id,
                "error",
                f"{node.title} takes the column {missing[0]!r}, and the data set has none "
                f"of that name.{hint}",
                "Choose its columns among those of the data set.",
                fix,
            )


def input_shapes(survey: Survey) -> Iterator[Problem]:
    """As many numbers in another shape are no problem: a row of 64 is an image of 1×8×8."""
    if survey.signature is None:
        return
    for node in survey.inputs:
        came = getattr(node.layer, "shape", None)
        if came is None or _missing(node, survey.signature):
            continue
        wanted = survey.signature.input_shape(_columns(node))
        if shapes.size(came) == shapes.size(wanted):
            continue
        given = shapes.text(wanted)
        yield Problem(
            node.id,
            "error",
            f"{node.title} takes {shapes.text(came)}, and the data set gives {given}.",
            f"Set its shape to {given}.",
            Fix(f"Set the shape to {given}", (SetField(node.id, "shape", wanted),)),
        )


def tokens_of_none(survey: Survey) -> Iterator[Problem]:
    """Numbers beyond the last token count as the last: other words would be taken for it."""
    wanted = survey.signature.token_count if survey.signature else 0
    for node in survey.nodes:
        came = node.layer.__dict__.get("tokens")
        if node.layer.kind != "embedding" or came is None or came >= wanted:
            continue
        makers = survey.makers(survey.graph.incoming(node.id))
        if any(maker.layer.kind == "input" for maker in makers):
            yield Problem(
                node.id,
                "error",
                f"{node.title} has {came:,} tokens, and the data set has {wanted:,}, of which "
                "the last would all be taken for one.",
                f"Set its tokens to {wanted}.",
                Fix(f"Set the tokens to {wanted}", (SetField(node.id, "tokens", wanted),)),
            )


def negative_targets(survey: Survey) -> Iterator[Problem]:
    signature = survey.signature
    if signature is None or signature.target != "values" or not signature.target_scaled:
        return
    for node in survey.losses:
        loss: Loss = node.layer.__dict__["loss"]
        if loss.expects == "positive" and not survey.graph.incoming(node.id, "target"):
            yield Problem(
                node.id,
                "error",
                f"{loss.label} needs targets that are never negative, and standardised ones "
                "lie around 0.",
                "Switch 'Standardise target' off in the data settings, or use squared error.",
            )


def _columns(node: Node) -> tuple[str, ...]:
    columns: tuple[str, ...] = getattr(node.layer, "columns", ())
    return columns


def _names(signature: Signature) -> tuple[str, ...]:
    return (*signature.feature_names, *signature.origins)


def _missing(node: Node, signature: Signature) -> list[str]:
    columns = _columns(node)
    known = _names(signature) if columns else ()
    return [name for name in columns if name not in known]


RULES = (no_data, unknown_columns, input_shapes, tokens_of_none, negative_targets)
