"""Optimisers that give every weight a step length of its own, by its past gradients.

Their running means are kept without the factor (1 - share): M = m / (1 - share).
That saves two passes over the vectors; the factors and Adam's bias
corrections go into the numbers that the vectors are multiplied by.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from engine.fields import Real
from engine.optimizers.base import (
    OPTIMIZERS,
    Array,
    Optimizer,
    Update,
    decayed_gradient,
    number,
)


class _Adam(Optimizer):
    """The update that Adam and AdamW share."""

    scratches = 2

    beta1 = Real(
        0.9, minimum=0, below=1, advanced=True, help="Share kept of the gradients' running mean."
    )
    beta2 = Real(
        0.999, minimum=0, below=1, advanced=True, help="Share kept of the squares' running mean."
    )
    epsilon = Real(
        1e-8, above=0, advanced=True, help="Keeps a weight with tiny gradients from leaping."
    )

    @property
    def slots(self) -> tuple[str, ...]:
        return ("mean", "variance")

    def bind_moments(self, w: Array, g: Array, slots: Mapping[str, Array], change: Array) -> Update:
        """The ten calls: m̂ / (√v̂ + ε) times the rate, taken from w."""
        multiply, add, subtract = np.multiply, np.add, np.subtract
        sqrt, divide, root_of = np.sqrt, np.divide, math.sqrt
        mean, variance = slots["mean"], slots["variance"]
        beta1, beta2, epsilon = self.beta1, self.beta2, self.epsilon
        keep1, keep2 = number(w, beta1), number(w, beta2)
        step_length, floor = number(w), number(w)

        def update(step: int, rate: float) -> None:
            spread = root_of((1 - beta2) / (1 - beta2**step))
            step_length[()] = rate * (1 - beta1) / (1 - beta1**step) / spread
            floor[()] = epsilon / spread
            multiply(mean, keep1, out=mean)
            add(mean, g, out=mean)
            multiply(g, g, out=change)
            multiply(variance, keep2, out=variance)
            add(variance, change, out=variance)
            sqrt(variance, out=change)
            add(change, floor, out=change)
            divide(mean, change, out=change)
            multiply(change, step_length, out=change)
            subtract(w, change, out=w)

        return update


@OPTIMIZERS.register
class Adam(_Adam):
    """w := w - r m̂ / (√v̂ + ε), with running means m of g and v of g², both bias-corrected.

    Weight decay adds decay w to the gradient first, so it is scaled like a gradient.
    """

    kind = "adam"
    label = "Adam"
    summary = "Momentum with a step length for every weight; a good first choice."
    synonyms = ("adaptive moments",)
    formula = "w := w - r m̂ / (√v̂ + ε)"
    source = "Kingma and Ba, Adam, 2015 (as in PyTorch)"

    weight_decay = Real(0.0, minimum=0, advanced=True, help="Pulls every weight towards zero (L2).")

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        if not self.weight_decay:
            return self.bind_moments(w, g, slots, spare[0])
        decay = decayed_gradient(w, g, self.weight_decay, out=spare[1])
        moments = self.bind_moments(w, spare[1], slots, spare[0])

        def update(step: int, rate: float) -> None:
            decay()
            moments(step, rate)

        return update


@OPTIMIZERS.register
class AdamW(_Adam):
    """Adam, with weight decay apart from the gradient: w := w (1 - r decay) comes first."""

    kind = "adamw"
    label = "AdamW"
    summary = "Adam with weight decay that does not pass through its step lengths."
    synonyms = ("decoupled weight decay",)
    formula = "w := w (1 - r decay) - r m̂ / (√v̂ + ε)"
    source = "Loshchilov and Hutter, Decoupled weight decay, 2019 (as in PyTorch)"

    weight_decay = Real(0.01, minimum=0, help="Share of each weight lost per step and rate.")

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        moments = self.bind_moments(w, g, slots, spare[0])
        weight_decay, shrink, multiply = self.weight_decay, number(w), np.multiply

        def update(step: int, rate: float) -> None:
            shrink[()] = 1 - rate * weight_decay
            multiply(w, shrink, out=w)
            moments(step, rate)

        return update if weight_decay else moments


@OPTIMIZERS.register
class RMSProp(Optimizer):
    """w := w - r g / (√v + ε), with a running mean v of g².

    With momentum: b := momentum b + g / (√v + ε) and w := w - r b. Weight
    decay adds decay w to the gradient first.
    """

    kind = "rmsprop"
    label = "RMSProp"
    summary = "Divides each gradient by its recent size, so that all weights move alike."
    synonyms = ("root mean square",)
    formula = "v := keep v + (1 - keep) g²;  w := w - r g / (√v + ε)"
    source = "Tieleman and Hinton, lecture 6.5, 2012 (as in PyTorch)"
    scratches = 2

    rate = Real(0.01, above=0, logarithmic=True, label="Learning rate", help=Optimizer.rate.help)
    keep = Real(0.99, minimum=0, below=1, help="Share kept of the squares' running mean.")
    momentum = Real(0.0, minimum=0, below=1, help="Share of the last step that is kept.")
    epsilon = Real(
        1e-8, above=0, advanced=True, help="Keeps a weight with tiny gradients from leaping."
    )
    weight_decay = Real(0.0, minimum=0, advanced=True, help="Pulls every weight towards zero (L2).")

    @property
    def slots(self) -> tuple[str, ...]:
        return ("variance", "velocity") if self.momentum else ("variance",)

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        multiply, add, subtract = np.multiply, np.add, np.subtract
        sqrt, divide = np.sqrt, np.divide
        change, variance, velocity = spare[0], slots["variance"], slots.get("velocity")
        spread = math.sqrt(1 - self.keep)
        keep, floor = number(w, self.keep), number(w, self.epsilon / spread)
        step_length, kept = number(w), number(w, self.momentum)
        decay = None
        if self.weight_decay:
            decay = decayed_gradient(w, g, self.weight_decay, out=spare[1])
            g = spare[1]

        def update(step: int, rate: float) -> None:
            if decay is not None:
                decay()
            step_length[()] = rate / spread
            multiply(g, g, out=change)
            multiply(variance, keep, out=variance)
            add(variance, change, out=variance)
            sqrt(variance, out=change)
            add(change, floor, out=change)
            divide(g, change, out=change)
            if velocity is not None:
                multiply(velocity, kept, out=velocity)
                add(velocity, change, out=velocity)
                multiply(velocity, step_length, out=change)
            else:
                multiply(change, step_length, out=change)
            subtract(w, change, out=w)

        return update
