"""Rules about what learns: nodes that are switched off, frozen, or use the weights of others."""

from __future__ import annotations

from collections.abc import Iterator

from engine import shapes
from engine.graph.check.fix import AddAfter, Fix, SetField
from engine.graph.check.problem import Problem, Survey, new_layer
from engine.losses.base import Loss


def switched_off(survey: Survey) -> Iterator[Problem]:
    for node in survey.nodes:
        if node.switch == "bypassed":
            what = "what arrives goes past it, and it learns nothing"
        elif node.switch == "muted":
            is_loss = node.layer.kind == "loss"
            what = "nothing learns from it" if is_loss else "it gives zeros and learns nothing"
        else:
            continue
        yield Problem(node.id, "hint", f"{node.title} is {node.switch}: {what}.", "Switch it on.")


def every_loss_muted(survey: Survey) -> Iterator[Problem]:
    if survey.losses and all(node.switch != "on" for node in survey.losses):
        yield Problem(
            None,
            "error",
            "Every loss of the graph is muted, so there is nothing to learn from.",
            "Switch a loss on.",
        )


def nothing_learns(survey: Survey) -> Iterator[Problem]:
    owners = [n for n in survey.nodes if not n.same_as and survey.inference[n.id].parameters]
    if owners and survey.losses and all(n.frozen or n.rate == 0 for n in owners):
        yield Problem(
            None,
            "warning",
            "Every node that has weights is frozen, so training changes nothing.",
            "Let one of them learn.",
        )


def weightless_losses(survey: Survey) -> Iterator[Problem]:
    for node in survey.losses:
        if node.switch == "on" and getattr(node.layer, "weight", 1) == 0:
            yield Problem(
                node.id,
                "hint",
                f"{node.title} has a weight of 0, so nothing learns from it.",
                "Give it a weight above 0.",
                Fix("Give it a weight of 1", (SetField(node.id, "weight", 1.0),)),
            )


def weightless_classes(survey: Survey) -> Iterator[Problem]:
    for node in survey.losses:
        loss: Loss = node.layer.__dict__["loss"]
        weights = getattr(loss, "class_weights", ())
        if weights and not any(weights):
            alike = loss.replaced(class_weights=())
            yield Problem(
                node.id,
                "warning",
                f"{node.title} gives every class a weight of 0, so nothing learns from it.",
                "Give the classes weights above 0, or none.",
                Fix("Let all count alike", (SetField(node.id, "loss", alike),)),
            )


def rates_of_instances(survey: Survey) -> Iterator[Problem]:
    for node in survey.nodes:
        if node.same_as in survey.graph and (node.frozen or node.rate != 1):
            owner = survey.graph.node(node.same_as).title
            yield Problem(
                node.id,
                "hint",
                f"{node.title} uses the weights of {owner}, so whether and how fast they learn "
                "is set there.",
                f"Freeze {owner}, or change its rate.",
            )


def divergence_left_out(survey: Survey) -> Iterator[Problem]:
    """Codes that nothing holds near 0: an autoencoder from which no new example can be drawn."""
    for node in survey.nodes:
        if node.layer.kind != "sampling" or node.id not in survey.used or not survey.losses:
            continue
        if survey.graph.outgoing(node.id, "kl"):
            continue
        widths = [shapes.size(survey.arriving(n.id, "prediction") or (1,)) for n in survey.losses]
        # A mean over so many numbers and a sum over the code are of one scale then.
        loss = new_layer("loss", loss="value", weight=float(f"{1 / max(widths):.2g}"))
        yield Problem(
            node.id,
            "hint",
            f"The divergence of {node.title} is in no loss, so its codes may lie anywhere and no "
            "new examples can be drawn from noise.",
            "Wire its output 'kl' into a loss that makes the value itself small.",
            Fix("Add it to the loss", (AddAfter(node.id, loss, "kl"),)) if loss else None,
        )


RULES = (
    switched_off,
    every_loss_muted,
    nothing_learns,
    weightless_losses,
    weightless_classes,
    rates_of_instances,
    divergence_left_out,
)
