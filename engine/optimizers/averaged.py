"""Gradient descent whose result is the average of the weights that it passes through."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.fields import Integer, Real
from engine.optimizers.base import (
    OPTIMIZERS,
    WEIGHT_DECAY,
    Array,
    CoupledDecay,
    Optimizer,
    Update,
    number,
    rate_field,
)


@OPTIMIZERS.register
class AveragedSGD(CoupledDecay, Optimizer):
    """w := (1 - shrink r_t) w - r_t g, and the average a of all w since the start is the result.

    r_t = r / (1 + shrink r (t - 1))^power. With step t > start + 1,
    a := a + (w - a) / (t - 1 - start), before that a := w. Gradients are taken
    at w; measured, kept and exported is a. Weight decay adds decay w to the
    gradient first.
    """

    kind = "averaged_sgd"
    label = "Averaged SGD"
    summary = "Gradient descent whose result is the mean of the weights along the way."
    synonyms = ("asgd", "polyak-ruppert", "averaging", "stochastic gradient descent")
    formula = "w := (1 - shrink r) w - r g;  a := a + (w - a) / t;  the result is a"
    source = "Polyak and Juditsky, Acceleration of stochastic approximation, 1992 (as in PyTorch)"
    result = "average"

    rate = rate_field(0.01)
    start = Integer(100, minimum=0, help="Steps before the average begins.")
    shrink = Real(
        0.0001, minimum=0, advanced=True, help="Pulls weights to zero, and slows the rate down."
    )
    power = Real(0.75, minimum=0, advanced=True, help="How fast the rate slows down.")
    weight_decay = WEIGHT_DECAY

    @property
    def slots(self) -> tuple[str, ...]:
        return ("average",)

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        multiply, add, subtract, copyto = np.multiply, np.add, np.subtract, np.copyto
        average, change = slots["average"], spare[0]
        step_length, kept, share = number(w), number(w), number(w)
        shrink, power, start = self.shrink, self.power, self.start

        def update(step: int, rate: float) -> None:
            length = rate / (1 + shrink * rate * (step - 1)) ** power
            step_length[()], kept[()] = length, 1 - shrink * length
            multiply(w, kept, out=w)
            multiply(g, step_length, out=change)
            subtract(w, change, out=w)
            if step - 1 - start > 1:
                share[()] = 1 / (step - 1 - start)
                subtract(w, average, out=change)
                multiply(change, share, out=change)
                add(average, change, out=average)
            else:
                copyto(average, w)

        return update
