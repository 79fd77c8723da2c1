"""Gradient descent, with and without momentum."""

from __future__ import annotations

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
    number,
    rate_field,
)


@OPTIMIZERS.register
class SGD(CoupledDecay, Optimizer):
    """w := w - r v, where v := momentum v + g (or the gradient alone without momentum).

    With Nesterov's look ahead: w := w - r (g + momentum v). Weight decay adds
    decay w to the gradient first. The velocity is of gradients, as in PyTorch; Keras keeps one
    of steps, which differs where the rate changes.
    """

    kind = "sgd"
    label = "SGD"
    summary = "Plain gradient descent on batches, with momentum if wished."
    synonyms = ("stochastic gradient descent", "momentum", "nesterov")
    formula = "v := momentum v + g;  w := w - r v"
    source = "Robbins and Monro, 1951; Sutskever et al., 2013 (as in PyTorch)"

    rate = rate_field(0.01)
    momentum = Real(
        0.0, minimum=0, below=1, help="Share of the last step that is kept: 0 is none, 0.9 usual."
    )
    nesterov = Boolean(False, help="Look ahead along the momentum before stepping.")
    weight_decay = WEIGHT_DECAY

    @property
    def slots(self) -> tuple[str, ...]:
        return ("velocity",) if self.momentum else ()

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        multiply, add, subtract = np.multiply, np.add, np.subtract
        step_length, kept = number(w), number(w, self.momentum)
        change, nesterov = spare[0], self.nesterov

        def plain(step: int, rate: float) -> None:
            step_length[()] = rate
            multiply(g, step_length, out=change)
            subtract(w, change, out=w)

        if not self.momentum:
            return plain
        velocity = slots["velocity"]

        def with_momentum(step: int, rate: float) -> None:
            step_length[()] = rate
            multiply(velocity, kept, out=velocity)
            add(velocity, g, out=velocity)
            if nesterov:
                multiply(velocity, kept, out=change)
                add(change, g, out=change)
                multiply(change, step_length, out=change)
            else:
                multiply(velocity, step_length, out=change)
            subtract(w, change, out=w)

        return with_momentum
