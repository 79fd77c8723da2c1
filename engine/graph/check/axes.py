"""Rules about the order of axes: steps of a sequence that are taken for channels."""

from __future__ import annotations

from collections.abc import Iterator

from engine.graph.check.fix import Fix, InsertOnWire, SetField
from engine.graph.check.problem import Problem, Survey, new_layer
from engine.graph.model import Node

KEEPING = frozenset({"batch_norm", "instance_norm", "group_norm", "spatial_dropout"})
"""Kinds that take channels first, and give what they take."""

CHANNELS_FIRST = KEEPING | {
    "conv1d",
    "max_pool1d",
    "average_pool1d",
    "up_sample",
    "zero_pad",
    "crop",
    "global_average_pool",
    "global_max_pool",
}
STEPS_FIRST = frozenset(
    {
        "dense",
        "embedding",
        "gru",
        "lstm",
        "mask",
        "multi_head_attention",
        "positional_encoding",
        "repeat_vector",
        "simple_rnn",
    }
)
"""Kinds that give the steps of a sequence (T, D), if they give two axes."""

PASSING = frozenset(
    {
        *("activation", "dropout", "gaussian_noise", "layer_norm", "reroute"),
        *("add", "subtract", "multiply", "average", "maximum"),
    }
)
"""Kinds that leave the axes as they are, whatever these mean."""


def steps_as_channels(survey: Survey) -> Iterator[Problem]:
    for node in survey.nodes:
        if node.layer.kind not in CHANNELS_FIRST or getattr(node.layer, "over", "") == "steps":
            continue
        shape = survey.arriving(node.id, "in")
        if shape is None or len(shape) != 2 or not _are_steps(survey, node):
            continue
        pools = hasattr(node.layer, "over")
        keeps = node.layer.kind in KEEPING
        remedy = "Put a Transpose before it" + (", and another one behind it." if keeps else ".")
        yield Problem(
            node.id,
            "hint",
            f"{node.title} wants channels first, and {shape[0]} steps of {shape[1]} features "
            "arrive: it takes the steps for channels.",
            "Let it pool over the steps." if pools else remedy,
            Fix("Pool over the steps", (SetField(node.id, "over", "steps"),))
            if pools
            else _turned(survey, node, keeps),
        )


def _are_steps(survey: Survey, node: Node) -> bool:
    """Whether what arrives was made as the steps of a sequence."""
    waiting, seen = [node.id], set[str]()
    while waiting:
        for wire in survey.graph.incoming(waiting.pop(), "in"):
            maker = survey.graph.node(wire.source)
            if maker.layer.kind in STEPS_FIRST:
                return True
            if maker.layer.kind in PASSING and maker.id not in seen:
                seen.add(maker.id)
                waiting.append(maker.id)
    return False


def _turned(survey: Survey, node: Node, back: bool) -> Fix | None:
    """Swap the axes before a node, and back behind it."""
    layer = new_layer("transpose")
    if layer is None:
        return None
    behind = survey.graph.outgoing(node.id) if back else ()
    wires = (*survey.graph.incoming(node.id, "in"), *behind)
    label = "Put it between two Transposes" if back else "Put a Transpose before it"
    return Fix(label, tuple(InsertOnWire(wire, layer) for wire in wires))


RULES = (steps_as_channels,)
