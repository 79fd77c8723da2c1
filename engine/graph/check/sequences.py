"""Rules about sequences: padding that would count as data, windows that overlap, and memories."""

from __future__ import annotations

from collections.abc import Iterator

from engine.fields import Choice
from engine.graph.check.fix import Edit, Fix, SetField, SetSetting
from engine.graph.check.problem import Problem, Survey
from engine.graph.masks import masked_nodes, masking_of
from engine.graph.model import Node


def padding_as_data(survey: Survey) -> Iterator[Problem]:
    masked = masked_nodes(survey.graph, survey.inference)
    for node_id, found in survey.inference.items() if masked else ():
        node = found.node
        if masking_of(found) == "stops" and not masked.isdisjoint(
            survey.graph.predecessors(node_id)
        ):
            yield Problem(
                node_id,
                "hint",
                f"The padding of short sequences counts as data from {node.title} on, which "
                "does not tell it from real steps.",
                "Let a recurrent layer give its last step, or pool over the steps, before it.",
                _heeding(node),
            )


def padding_as_a_word(survey: Survey) -> Iterator[Problem]:
    """Short texts are filled up with a token that an Embedding takes for any other."""
    padding = survey.signature.padding if survey.signature else -1
    for node in survey.nodes if padding >= 0 else ():
        if node.layer.kind != "embedding" or node.layer.__dict__.get("padding") == padding:
            continue
        makers = survey.makers(survey.graph.incoming(node.id))
        if any(maker.layer.kind == "input" for maker in makers):
            yield Problem(
                node.id,
                "hint",
                f"Short texts are filled up with token {padding}, and {node.title} takes that for "
                "a word like any other.",
                f"Set its padding to {padding}, so that the layers behind it leave it out.",
                Fix(f"Set the padding to {padding}", (SetField(node.id, "padding", padding),)),
            )


def _heeding(node: Node) -> Fix | None:
    """A setting with which the layer tells padding from real steps, if it has one."""
    for field in node.layer.fields():
        for value, words in field.options.items() if isinstance(field, Choice) else ():
            if node.layer.replaced(**{field.name: value}).masking != "stops":
                label = f"Set {field.label.lower()} to: {words.lower()}"
                return Fix(label, (SetField(node.id, field.name, value),))
    return None


IN_ORDER = SetSetting("data", "parts", "in_order")


def known_from_training(survey: Survey) -> Iterator[Problem]:
    if survey.signature is not None and survey.signature.overlapping:
        yield Problem(
            None,
            "warning",
            "The rows overlap and were taken at random, so that much of the validation and the "
            "test is known from the training: their results look better than they are.",
            "Take the rows in one piece for each part of the split.",
            Fix("Take them in one piece", (IN_ORDER,)),
        )


def shuffled_memory(survey: Survey) -> Iterator[Problem]:
    """A memory between batches makes sense where each example goes on from one before it."""
    apart = survey.signature is not None and not survey.signature.in_order
    edits: list[Edit] = [IN_ORDER] if apart else []
    if survey.shuffled:
        edits.append(SetSetting("training", "shuffle", False))
    if not edits:
        return
    examples = "shuffled examples" if survey.shuffled else "examples that were taken at random"
    for node in survey.nodes:
        if getattr(node.layer, "stateful", False):
            yield Problem(
                node.id,
                "hint",
                f"{node.title} goes on from the batch before, and {examples} do not follow each "
                "other.",
                "Take the rows in one piece and do not shuffle them, or switch off that it keeps "
                "its state.",
                Fix("Take the rows in order", tuple(edits)),
            )


RULES = (padding_as_data, padding_as_a_word, known_from_training, shuffled_memory)
