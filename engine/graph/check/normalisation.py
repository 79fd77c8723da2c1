"""Rules about batch normalisation: what it makes useless, and what it cannot do without."""

from __future__ import annotations

from collections.abc import Iterator

from engine import shapes
from engine.graph.check.fix import Fix, SetField, SetSetting
from engine.graph.check.problem import Problem, Survey
from engine.graph.infer import NodeShapes


def useless_biases(survey: Survey) -> Iterator[Problem]:
    """What is added to all values of a channel is taken away again with their mean."""
    for node_id, found in survey.inference.items():
        readers = survey.graph.successors(node_id)
        if not readers or not _adds_to_channels(found):
            continue
        kinds = {survey.graph.node(reader).layer.kind for reader in readers}
        if kinds == {"batch_norm"} and all(_centres(survey, reader) for reader in readers):
            yield Problem(
                node_id,
                "hint",
                "Followed by BatchNorm, so its bias has no effect and can go.",
                "Switch its bias off.",
                Fix("Remove bias", (SetField(node_id, "bias", False),)),
            )


def _adds_to_channels(found: NodeShapes) -> bool:
    layer = found.node.layer
    activation = layer.final_activation()
    if activation is None or activation.kind != "linear" or not getattr(layer, "bias", False):
        return False
    biases = [spec.shape for spec in found.parameters if spec.name == "bias"]
    return bool(found.outputs) and biases == [shape[:1] for shape in found.outputs or ()]


def batches_of_one(survey: Survey) -> Iterator[Problem]:
    if survey.smallest_batch != 1:
        return
    for node_id, found in survey.inference.items():
        is_norm = found.node.layer.kind == "batch_norm"
        if not is_norm or not found.in_one_step or not _centres(survey, node_id):
            continue
        (shape,) = found.in_one_step
        if shapes.size(shape[1:]) == 1:
            yield _batch_of_one(found, survey.one_by_one)


def _batch_of_one(found: NodeShapes, one_by_one: bool) -> Problem:
    needs = f"{found.node.title} needs two or more examples at a time while training, and "
    if not one_by_one:
        return Problem(
            found.node.id,
            "error",
            f"{needs}the batch size leaves a batch of one.",
            "Choose another batch size, or put LayerNorm in its place.",
        )
    return Problem(
        found.node.id,
        "error",
        f"{needs}the weights change after every example.",
        "Let them change after every batch, or put LayerNorm in its place.",
        Fix("Update after every batch", (SetSetting("training", "update", "batch"),)),
    )


def _centres(survey: Survey, node_id: str) -> bool:
    """Whether a batch normalisation that runs uses the means of the batch in training."""
    node = survey.graph.node(node_id)
    owner = survey.graph.node(node.owner) if node.owner in survey.graph else node
    return node.switch == "on" and not owner.frozen


RULES = (batches_of_one, useless_biases)
