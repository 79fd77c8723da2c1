"""Optimisers that give every weight a step length of its own, by the size of its past gradients.

Running means are kept without the factor (1 - share): V = v / (1 - share).
That saves a pass over the vectors; the factor goes into the numbers that the
vectors are multiplied by.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from engine.fields import Boolean, Real
from engine.optimizers.base import (
    OPTIMIZERS,
    WEIGHT_DECAY,
    Array,
    CoupledDecay,
    Optimizer,
    Update,
    epsilon_field,
    number,
    rate_field,
)


@OPTIMIZERS.register
class RMSProp(CoupledDecay, Optimizer):
    """w := w - r g / (√v + ε), with a running mean v of g².

    ε stands beside the root, as in PyTorch; in Keras it is below it.
    Centred: v less the square of the running mean of g, which is the gradients'
    variance (held at 0, where PyTorch gives no number if rounding makes it negative).
    With momentum: b := momentum b + g / (√v + ε) and w := w - r b. Weight
    decay adds decay w to the gradient first.
    """

    kind = "rmsprop"
    label = "RMSProp"
    summary = "Divides each gradient by its recent size, so that all weights move alike."
    synonyms = ("root mean square",)
    formula = "v := keep v + (1 - keep) g²;  w := w - r g / (√v + ε)"
    source = "Tieleman and Hinton, lecture 6.5, 2012 (as in PyTorch)"

    rate = rate_field(0.01)
    keep = Real(0.99, minimum=0, below=1, help="Share kept of the squares' running mean.")
    momentum = Real(0.0, minimum=0, below=1, help="Share of the last step that is kept.")
    epsilon = epsilon_field(1e-8)
    weight_decay = WEIGHT_DECAY
    centered = Boolean(
        False,
        label="Centred",
        advanced=True,
        help="Divide by the spread of the gradients around their mean.",
    )

    @property
    def slots(self) -> tuple[str, ...]:
        mean = ("mean",) if self.centered else ()
        return ("variance", *mean, "velocity") if self.momentum else ("variance", *mean)

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        multiply, add, subtract = np.multiply, np.add, np.subtract
        sqrt, divide = np.sqrt, np.divide
        change, variance, velocity = spare[0], slots["variance"], slots.get("velocity")
        mean, maximum = slots.get("mean"), np.maximum
        center, zero = number(w, self.keep - 1), number(w)
        spread = math.sqrt(1 - self.keep)
        keep, floor = number(w, self.keep), number(w, self.epsilon / spread)
        step_length, kept = number(w), number(w, self.momentum)

        def update(step: int, rate: float) -> None:
            step_length[()] = rate / spread
            multiply(g, g, out=change)
            multiply(variance, keep, out=variance)
            add(variance, change, out=variance)
            if mean is not None:
                multiply(mean, keep, out=mean)
                add(mean, g, out=mean)
                multiply(mean, mean, out=change)
                multiply(change, center, out=change)
                add(change, variance, out=change)
                maximum(change, zero, out=change)
                sqrt(change, out=change)
            else:
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


@OPTIMIZERS.register
class AdaGrad(CoupledDecay, Optimizer):
    """w := w - r_t g / (√s + ε), with the sum s of all g² and r_t = r / (1 + (t - 1) slowing).

    s starts at 0 and ε stands beside the root, as in PyTorch; Keras starts at 0.1. Weight
    decay adds decay w to the gradient first.
    """

    kind = "adagrad"
    label = "AdaGrad"
    summary = "Divides by the size of all past gradients: rare features keep learning fast."
    synonyms = ("adaptive gradient",)
    formula = "s := s + g²;  w := w - r g / (√s + ε)"
    source = "Duchi, Hazan and Singer, Adaptive subgradient methods, 2011 (as in PyTorch, ONNX)"

    rate = rate_field(0.01)
    initial = Real(0.0, minimum=0, advanced=True, help="What the sum of squares begins with.")
    slowing = Real(
        0.0,
        minimum=0,
        advanced=True,
        help="Past steps times this, plus 1, divide the rate.",
    )
    epsilon = epsilon_field(1e-10)
    weight_decay = WEIGHT_DECAY

    @property
    def slots(self) -> tuple[str, ...]:
        return ("sum",)

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        multiply, add, subtract = np.multiply, np.add, np.subtract
        sqrt, divide = np.sqrt, np.divide
        change, total, slowing = spare[0], slots["sum"], self.slowing
        # Slots begin with zeros, so the beginning is added wherever the sum is read.
        initial = number(w, self.initial) if self.initial else None
        step_length, floor = number(w), number(w, self.epsilon)

        def update(step: int, rate: float) -> None:
            step_length[()] = rate / (1 + (step - 1) * slowing)
            multiply(g, g, out=change)
            add(total, change, out=total)
            if initial is not None:
                add(total, initial, out=change)
                sqrt(change, out=change)
            else:
                sqrt(total, out=change)
            add(change, floor, out=change)
            divide(g, change, out=change)
            multiply(change, step_length, out=change)
            subtract(w, change, out=w)

        return update


@OPTIMIZERS.register
class AdaDelta(CoupledDecay, Optimizer):
    """w := w - r d with d = g √(u + ε) / √(v + ε); running means v of g² and u of d².

    The steps have the unit of the weights, so that a rate of 1 suits most networks.
    Weight decay adds decay w to the gradient first.
    """

    kind = "adadelta"
    label = "AdaDelta"
    summary = "Sets its step lengths by the sizes of past gradients and past steps."
    synonyms = ("adaptive delta",)
    formula = "d := g √(u + ε) / √(v + ε);  w := w - r d"
    source = "Zeiler, ADADELTA: an adaptive learning rate method, 2012 (as in PyTorch)"
    scratches = 2

    rate = rate_field(1.0)
    keep = Real(0.9, minimum=0, below=1, help="Share kept of both running means.")
    epsilon = Real(
        1e-6, above=0, advanced=True, help="Gets the first steps going; larger is faster at first."
    )
    weight_decay = WEIGHT_DECAY

    @property
    def slots(self) -> tuple[str, ...]:
        return ("variance", "steps")

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        multiply, add, subtract = np.multiply, np.add, np.subtract
        sqrt, divide = np.sqrt, np.divide
        variance, steps, change, ratio = slots["variance"], slots["steps"], spare[0], spare[1]
        keep, floor = number(w, self.keep), number(w, self.epsilon / (1 - self.keep))
        step_length = number(w)

        def update(step: int, rate: float) -> None:
            step_length[()] = rate
            multiply(g, g, out=change)
            multiply(variance, keep, out=variance)
            add(variance, change, out=variance)
            add(variance, floor, out=change)
            add(steps, floor, out=ratio)
            divide(ratio, change, out=ratio)
            sqrt(ratio, out=ratio)
            multiply(ratio, g, out=ratio)
            multiply(ratio, ratio, out=change)
            multiply(steps, keep, out=steps)
            add(steps, change, out=steps)
            multiply(ratio, step_length, out=ratio)
            subtract(w, ratio, out=w)

        return update
