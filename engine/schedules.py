"""How the learning rate changes while training: a factor by which it is multiplied."""

from __future__ import annotations

import math
from typing import ClassVar

from engine.fields import Declared, Integer, Real
from engine.registry import Registry


class Schedule(Declared):
    """A rule for the learning rate over the epochs.

    formula: the factor, as one line of text. E is the number of epochs, e the present one.
    """

    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""

    def factor(self, epoch: float, epochs: int) -> float:
        """By what to multiply the rate. `epoch` counts from 0 and has a fraction within one."""
        raise NotImplementedError  # every kind has its own rule


SCHEDULES: Registry[Schedule] = Registry("schedule")


@SCHEDULES.register
class ConstantRate(Schedule):
    """The rate stays as it is set."""

    kind = "constant"
    label = "Constant"
    summary = "The learning rate stays as it is."
    formula = "factor = 1"

    def factor(self, epoch: float, epochs: int) -> float:
        return 1.0


@SCHEDULES.register
class StepDecay(Schedule):
    """The rate drops at regular times."""

    kind = "step"
    label = "Step"
    summary = "The learning rate is multiplied by a factor every few epochs."
    synonyms = ("staircase", "decay")
    formula = "factor = drop^⌊e / every⌋"
    source = "PyTorch, torch.optim.lr_scheduler.StepLR"

    every = Integer(10, minimum=1, help="Epochs from one drop to the next.")
    drop = Real(0.5, above=0, maximum=1, help="What the rate is multiplied by at each drop.")

    def factor(self, epoch: float, epochs: int) -> float:
        return float(self.drop ** math.floor(epoch / self.every))


@SCHEDULES.register
class CosineDecay(Schedule):
    """The rate falls along half a cosine: slowly, then fast, then slowly again."""

    kind = "cosine"
    label = "Cosine"
    summary = "The learning rate falls smoothly to a small share of itself by the last epoch."
    synonyms = ("annealing",)
    formula = "factor = final + (1 - final) (1 + cos(π e / E)) / 2"
    source = "Loshchilov and Hutter, SGDR, 2017"

    final = Real(0.0, minimum=0, maximum=1, help="Share of the rate that is left at the end.")

    def factor(self, epoch: float, epochs: int) -> float:
        done = min(epoch / max(epochs, 1), 1.0)
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * done)) / 2
