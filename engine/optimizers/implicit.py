"""Implicit gradient descent: the gradient is taken where the step ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from engine.optimizers.base import (
    CHUNK,
    OPTIMIZERS,
    WEIGHT_DECAY,
    WHOLE,
    Array,
    Optimizer,
    Parts,
    Update,
    number,
    pieces,
    rate_field,
)


@OPTIMIZERS.register
class ImplicitSGD(Optimizer):
    """w' = w - r g(w'), solved for w' with √L taken as linear in the weights.

    That is the proximal step min ‖w' - w‖² / 2r + L(w'), and with the loss L and
    gradient g at w its solution is w' = w - r g / (1 + r ‖g‖² / (2 |L|)). It is exact
    for the squared error of one example and one linear output. However large the
    rate, a step never goes beyond where the loss would be zero. Weight decay is
    implicit too: w' is divided by 1 + r decay. Where the loss is zero nothing moves.
    Where parts learn at rates of their own, r ‖g‖² is the sum over them.
    """

    kind = "implicit_sgd"
    label = "Implicit SGD"
    summary = "Takes the gradient where the step ends: large learning rates do not diverge."
    synonyms = ("isgd", "proximal", "stochastic proximal point", "stochastic gradient descent")
    formula = "w := (w - r g / (1 + r ‖g‖² / (2 |L|))) / (1 + r decay)"
    source = (
        "Toulis and Airoldi, Asymptotic and finite-sample properties of estimators based on "
        "stochastic gradients, 2017; Asi and Duchi, Stochastic proximal point methods, 2019"
    )

    rate = rate_field(0.1)
    weight_decay = WEIGHT_DECAY

    def bind(
        self,
        parameters: Array,
        gradients: Array,
        slots: Mapping[str, Array],
        scratch: Callable[[], Array],
        loss: Array,
        parts: Parts = WHOLE,
    ) -> Update:
        multiply, subtract, dot = np.multiply, np.subtract, np.dot
        spare, weight_decay = scratch()[:CHUNK], self.weight_decay
        wholes = [(gradients[part], factor) for part, factor in parts]
        small = [
            (parameters[piece], gradients[piece], spare[: piece.stop - piece.start], factor)
            for piece, factor in pieces(parts, parameters.size)
        ]
        squared, step_length, shrink = number(parameters), number(parameters), number(parameters)

        def update(step: int, rate: float) -> None:
            total = 0.0
            for g, factor in wholes:
                dot(g, g, out=squared)
                total += factor * squared.item()
            twice = 2 * abs(loss.item())
            share = rate / (1 + rate * total / twice) if twice else 0.0
            for w, g, change, factor in small:
                step_length[()] = share * factor
                multiply(g, step_length, out=change)
                subtract(w, change, out=w)
                if weight_decay:
                    shrink[()] = 1 / (1 + rate * factor * weight_decay)
                    multiply(w, shrink, out=w)

        return update
