"""Adam and its relatives: a running mean of the gradients, and of their squares.

Running means are kept without the factor (1 - share): M = m / (1 - share).
That saves two passes over the vectors; the factors and the bias corrections
go into the numbers that the vectors are multiplied by.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from engine.fields import Boolean, Real
from engine.optimizers.base import (
    OPTIMIZERS,
    WEIGHT_DECAY,
    Array,
    CoupledDecay,
    DecoupledDecay,
    Optimizer,
    Update,
    epsilon_field,
    number,
    rate_field,
)


class _Moments(Optimizer):
    """The settings that all share."""

    beta1 = Real(
        0.9, minimum=0, below=1, advanced=True, help="Share kept of the gradients' running mean."
    )
    beta2 = Real(
        0.999, minimum=0, below=1, advanced=True, help="Share kept of the squares' running mean."
    )
    epsilon = epsilon_field(1e-8)


class _Adam(_Moments):
    """The update that Adam and AdamW share.

    AMSGrad takes the largest of the running means before their bias correction, as PyTorch.
    """

    amsgrad = Boolean(
        False,
        label="AMSGrad",
        advanced=True,
        help="Divide by the largest running mean of squares so far, so that steps never grow back.",
    )

    @property
    def slots(self) -> tuple[str, ...]:
        return ("mean", "variance", "largest") if self.amsgrad else ("mean", "variance")

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        """The ten calls (AMSGrad: eleven): m̂ / (√v̂ + ε) times the rate, taken from w."""
        multiply, add, subtract = np.multiply, np.add, np.subtract
        sqrt, divide, root_of = np.sqrt, np.divide, math.sqrt
        mean, variance, maximum = slots["mean"], slots["variance"], np.maximum
        change = spare[0]
        largest = slots.get("largest")
        divisor = variance if largest is None else largest
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
            if largest is not None:
                maximum(largest, variance, out=largest)
            sqrt(divisor, out=change)
            add(change, floor, out=change)
            divide(mean, change, out=change)
            multiply(change, step_length, out=change)
            subtract(w, change, out=w)

        return update


@OPTIMIZERS.register
class Adam(CoupledDecay, _Adam):
    """w := w - r m̂ / (√v̂ + ε), with running means m of g and v of g², both bias-corrected.

    Weight decay adds decay w to the gradient first, so it is scaled like a gradient. ε stands
    beside the corrected root, as in PyTorch; Keras and ONNX put it beside the one before
    correction, which makes it larger in the first steps.
    """

    kind = "adam"
    label = "Adam"
    summary = "Momentum with a step length for every weight; a good first choice."
    synonyms = ("adaptive moments",)
    formula = "w := w - r m̂ / (√v̂ + ε)"
    source = "Kingma and Ba, Adam, 2015 (as in PyTorch)"

    weight_decay = WEIGHT_DECAY


@OPTIMIZERS.register
class AdamW(DecoupledDecay, _Adam):
    """Adam, with weight decay apart from the gradient: w := w (1 - r decay) comes first.

    The decay is 0.01 unless set, as in PyTorch; Keras takes 0.004.
    """

    kind = "adamw"
    label = "AdamW"
    summary = "Adam with weight decay that does not pass through its step lengths."
    synonyms = ("decoupled weight decay",)
    formula = "w := w (1 - r decay) - r m̂ / (√v̂ + ε)"
    source = "Loshchilov and Hutter, Decoupled weight decay, 2019 (as in PyTorch)"

    weight_decay = Real(0.01, minimum=0, help="Share of each weight lost per step and rate.")


@OPTIMIZERS.register
class NAdam(CoupledDecay, _Moments):
    """Adam that looks ahead along its momentum, as Nesterov: the present gradient counts twice.

    μ_t = β1 (1 - 0.96^(t·decline) / 2), and w := w - r ((1 - μ_t) g / (1 - Π μ) +
    μ_{t+1} m / (1 - μ_{t+1} Π μ)) / (√v̂ + ε). Weight decay adds decay w to the gradient first.
    """

    kind = "nadam"
    label = "NAdam"
    summary = "Adam that looks ahead along its momentum before it steps."
    synonyms = ("nesterov adam",)
    formula = "w := w - r ((1 - μ) g / (1 - Πμ) + μ' m / (1 - μ' Πμ)) / (√v̂ + ε)"
    source = "Dozat, Incorporating Nesterov momentum into Adam, 2016 (as in PyTorch)"
    scratches = 2

    rate = rate_field(0.002)
    decline = Real(
        0.004, minimum=0, advanced=True, help="How fast the momentum warms up to its full share."
    )
    weight_decay = WEIGHT_DECAY

    @property
    def slots(self) -> tuple[str, ...]:
        return ("mean", "variance")

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        multiply, add, subtract = np.multiply, np.add, np.subtract
        sqrt, divide, root_of = np.sqrt, np.divide, math.sqrt
        mean, variance = slots["mean"], slots["variance"]
        change, total = spare[0], spare[1]
        beta1, beta2, epsilon = self.beta1, self.beta2, self.epsilon
        keep1, keep2 = number(w, beta1), number(w, beta2)
        of_gradient, of_mean, floor = number(w), number(w), number(w)
        share, product_at = self._share, _Products(self._share)

        def update(step: int, rate: float) -> None:
            spread = root_of((1 - beta2) / (1 - beta2**step))
            product, next_share = product_at(step), share(step + 1)
            length = rate / spread
            of_gradient[()] = length * (1 - share(step)) / (1 - product)
            of_mean[()] = length * next_share / (1 - product * next_share) * (1 - beta1)
            floor[()] = epsilon / spread
            multiply(mean, keep1, out=mean)
            add(mean, g, out=mean)
            multiply(g, g, out=change)
            multiply(variance, keep2, out=variance)
            add(variance, change, out=variance)
            sqrt(variance, out=change)
            add(change, floor, out=change)
            multiply(g, of_gradient, out=total)
            divide(total, change, out=total)
            subtract(w, total, out=w)
            multiply(mean, of_mean, out=total)
            divide(total, change, out=total)
            subtract(w, total, out=w)

        return update

    def _share(self, step: int) -> float:
        """μ of a step."""
        return float(self.beta1 * (1 - 0.5 * 0.96 ** (step * self.decline)))


class _Products:
    """The product of all shares up to a step, the newest kept.

    Steps come one after the other; where they do not (a run that is resumed),
    it is made again in the same order, so that no bit differs.
    """

    def __init__(self, share: Callable[[int], float]) -> None:
        self._share = share
        self._step, self._product = 0, 1.0

    def __call__(self, step: int) -> float:
        if step < self._step:
            self._step, self._product = 0, 1.0
        while self._step < step:
            self._step += 1
            self._product *= self._share(self._step)
        return self._product


@OPTIMIZERS.register
class Lion(DecoupledDecay, Optimizer):
    """w := w (1 - r decay) - r sign(β1 m + (1 - β1) g), then m := β2 m + (1 - β2) g.

    Every weight moves by the rate, up or down: take a third to a tenth of Adam's rate.
    """

    kind = "lion"
    label = "Lion"
    summary = "Moves every weight by the same length, up or down; needs less memory than Adam."
    synonyms = ("evolved sign momentum", "sign")
    formula = "w := w (1 - r decay) - r sign(β1 m + (1 - β1) g);  m := β2 m + (1 - β2) g"
    source = "Chen et al., Symbolic discovery of optimization algorithms, 2023"

    rate = rate_field(0.0001)
    beta1 = Real(
        0.9, minimum=0, below=1, advanced=True, help="Share of the running mean in each step."
    )
    beta2 = Real(
        0.99, minimum=0, below=1, advanced=True, help="Share kept of the gradients' running mean."
    )
    weight_decay = Real(0.0, minimum=0, help="Share of each weight lost per step and rate.")

    @property
    def slots(self) -> tuple[str, ...]:
        return ("mean",)

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        multiply, add, subtract, sign = np.multiply, np.add, np.subtract, np.sign
        mean, change = slots["mean"], spare[0]
        keep = number(w, self.beta2)
        # Only the sign counts, so both parts are divided by 1 - β1.
        against = number(w, self.beta1 * (1 - self.beta2) / (1 - self.beta1))
        step_length = number(w)

        def update(step: int, rate: float) -> None:
            step_length[()] = rate
            multiply(mean, against, out=change)
            add(change, g, out=change)
            sign(change, out=change)
            multiply(change, step_length, out=change)
            subtract(w, change, out=w)
            multiply(mean, keep, out=mean)
            add(mean, g, out=mean)

        return update
