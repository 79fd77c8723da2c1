"""Losses that compare with nothing: what arrives is itself to be made small."""

from __future__ import annotations

from engine import shapes
from engine.errors import ShapeError
from engine.losses.base import (
    LOSSES,
    Loss,
    bind_weighted_sum,
    prediction_gradient,
)
from engine.shapes import Shape
from engine.workspace import Array, Workspace


@LOSSES.register
class TheValueItself(Loss):
    """L = mean p: no target. Shapes: p (*shape, N).

    A term that the network computes itself becomes part of what is minimised: the
    divergence of a variational autoencoder, an energy, or the difference of two scores
    of a Wasserstein critic.
    """

    kind = "value"
    label = "The value itself"
    summary = "The mean of what arrives: for penalties and energies that the network computes."
    synonyms = ("mean", "penalty", "energy", "kl", "wasserstein", "critic", "no target")
    formula = "L = mean p"
    source = "Arjovsky, Chintala and Bottou, Wasserstein generative adversarial networks, 2017"
    target = "none"
    expects = "number"

    def check_target(self, prediction: Shape, target: Shape) -> None:
        raise ShapeError(
            f"{self.label} compares with nothing, and a target of {shapes.text(target)} is wired "
            "to it. Remove that wire, or choose a loss that compares."
        )

    def bind(self, work: Workspace) -> None:
        prediction = work.inputs["prediction"][0].array
        share = 1 / prediction.size
        bind_weighted_sum(work, [(prediction, work.constant(1, prediction.size), share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(gradient.fill, share)

    def each(self, prediction: Array, target: Array) -> Array:
        return prediction
