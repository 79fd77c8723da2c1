"""How the learning rate changes while training: a factor by which it is multiplied."""

from __future__ import annotations

import math
from typing import ClassVar

from engine.fields import Declared, Integer, Real, Variant
from engine.registry import Registry

LEAST = 1e-9
"""The shortest run that anything is divided by."""


class Schedule(Declared):
    """A rule for the learning rate over the epochs.

    Epochs are counted in fractions, so that the rate changes with every update.

    formula: the factor, as one line of text. E is the number of epochs, e the present one.
    """

    formula: ClassVar[str] = ""
    source: ClassVar[str] = ""

    def factor(self, epoch: float, epochs: float) -> float:
        """By what to multiply the rate. `epoch` counts from 0 and has a fraction within one."""
        raise NotImplementedError  # every kind has its own rule

    @property
    def on_plateau(self) -> ReduceOnPlateau | None:
        """The rule that also looks at how the loss falls, where there is one.

        The factor is then multiplied once more by `drop` for each drop so far;
        whoever measures the loss counts them.
        """
        return None


SCHEDULES: Registry[Schedule] = Registry("schedule")


@SCHEDULES.register
class ConstantRate(Schedule):
    """The rate stays as it is set."""

    kind = "constant"
    label = "Constant"
    summary = "The learning rate stays as it is."
    formula = "factor = 1"

    def factor(self, epoch: float, epochs: float) -> float:
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

    def factor(self, epoch: float, epochs: float) -> float:
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

    def factor(self, epoch: float, epochs: float) -> float:
        done = min(epoch / max(epochs, LEAST), 1.0)
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * done)) / 2


@SCHEDULES.register
class ExponentialDecay(Schedule):
    """The rate loses the same share of itself in every epoch."""

    kind = "exponential"
    label = "Exponential"
    summary = "The learning rate is multiplied by the same factor in every epoch."
    synonyms = ("decay",)
    formula = "factor = keep^e"
    source = "PyTorch, torch.optim.lr_scheduler.ExponentialLR"

    keep = Real(0.95, above=0, maximum=1, help="Share of the rate that is left after an epoch.")

    def factor(self, epoch: float, epochs: float) -> float:
        return float(self.keep**epoch)


@SCHEDULES.register
class PolynomialDecay(Schedule):
    """The rate falls to zero by the last epoch: along a straight line, or bent."""

    kind = "polynomial"
    label = "Linear"
    summary = "The learning rate falls in a straight line to zero by the last epoch, or bent."
    synonyms = ("polynomial", "linear decay")
    formula = "factor = (1 - e / E)^power"
    source = "PyTorch, torch.optim.lr_scheduler.PolynomialLR"

    power = Real(1.0, above=0, help="1 is a straight line; above 1 falls fast and then slowly.")

    def factor(self, epoch: float, epochs: float) -> float:
        return float((1 - min(epoch / max(epochs, LEAST), 1.0)) ** self.power)


@SCHEDULES.register
class CosineRestarts(Schedule):
    """The rate falls along half a cosine, jumps back, and falls again, each time slower.

    T is the length of the present fall: first, first·longer, first·longer², ...; e counts from its
    beginning.
    """

    kind = "cosine_restarts"
    label = "Cosine with restarts"
    summary = "The learning rate falls along a cosine and starts anew, again and again."
    synonyms = ("sgdr", "warm restarts", "annealing")
    formula = "factor = final + (1 - final) (1 + cos(π e / T)) / 2"
    source = "Loshchilov and Hutter, SGDR, 2017 (PyTorch, CosineAnnealingWarmRestarts)"

    first = Integer(10, minimum=1, help="Epochs of the first fall.")
    longer = Integer(2, minimum=1, help="How many times longer each fall is than the one before.")
    final = Real(0.0, minimum=0, maximum=1, help="Share of the rate that is left at each end.")

    def factor(self, epoch: float, epochs: float) -> float:
        length, since = float(self.first), epoch
        if self.longer == 1:
            since = epoch % length
        else:
            while since >= length:
                since -= length
                length *= self.longer
        return self.final + (1 - self.final) * (1 + math.cos(math.pi * since / length)) / 2


@SCHEDULES.register
class OneCycle(Schedule):
    """The rate rises from a small share to its full height, then falls to almost nothing.

    Both ways along half a cosine; the learning rate that is set is the highest. Momentum stays
    as it is. With peak p: factor = share(1 / start_divisor, 1, e / pE) while e < pE, then
    share(1, 1 / (start_divisor · final_divisor), (e - pE) / (E - pE)), where
    share(a, b, x) = b + (a - b) (1 + cos(πx)) / 2.
    """

    kind = "one_cycle"
    label = "One cycle"
    summary = "The learning rate rises and then falls to almost nothing, once over the run."
    synonyms = ("super-convergence", "warm-up")
    formula = "factor = 1 / d → 1 → 1 / (d f), along cosines"
    source = "Smith and Topin, Super-convergence, 2018 (PyTorch, OneCycleLR)"

    peak = Real(0.3, above=0, below=1, help="Share of the run after which the rate is highest.")
    start_divisor = Real(25.0, minimum=1, help="The first rate is the highest divided by this.")
    final_divisor = Real(
        10_000.0, minimum=1, advanced=True, help="The last rate is the first divided by this."
    )

    def factor(self, epoch: float, epochs: float) -> float:
        done = min(epoch / max(epochs, LEAST), 1.0)
        lowest = 1 / self.start_divisor
        if done < self.peak:
            return _along_cosine(lowest, 1.0, done / self.peak)
        return _along_cosine(1.0, lowest / self.final_divisor, (done - self.peak) / (1 - self.peak))


def _along_cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


@SCHEDULES.register
class ReduceOnPlateau(Schedule):
    """The rate drops when the validation loss has not fallen for some epochs.

    The loss counts as lower when it is below (1 - threshold) of the lowest so far. Without
    validation examples the loss on training examples is looked at. Of several objectives each
    looks at the sum of its own losses.
    """

    kind = "plateau"
    label = "On a plateau"
    summary = "The learning rate drops when the validation loss stops falling."
    synonyms = ("reduce on plateau", "reducelronplateau")
    formula = "factor = drop^(number of plateaus so far)"
    source = "PyTorch, torch.optim.lr_scheduler.ReduceLROnPlateau"

    drop = Real(0.1, above=0, below=1, help="What the rate is multiplied by at each drop.")
    patience = Integer(10, minimum=0, help="Epochs without a lower loss before the rate drops.")
    threshold = Real(
        0.0001, minimum=0, below=1, advanced=True, help="By what share the loss must fall to count."
    )

    @property
    def on_plateau(self) -> ReduceOnPlateau | None:
        return self

    def factor(self, epoch: float, epochs: float) -> float:
        return 1.0


@SCHEDULES.register
class WarmUp(Schedule):
    """The rate rises in a straight line over the first epochs; another schedule follows.

    That one is given the epochs that are left.
    """

    kind = "warm_up"
    label = "Warm-up"
    summary = "The learning rate starts small and rises; then another schedule takes over."
    synonyms = ("warmup", "linear warm-up", "ramp")
    formula = "factor = start + (1 - start) e / length, then the schedule that follows"
    source = "Goyal et al., Accurate, large minibatch SGD, 2017 (PyTorch, LinearLR)"

    length = Real(5.0, above=0, help="Epochs until the full rate is reached.")
    start = Real(0.1, minimum=0, below=1, help="Share of the rate to begin with.")
    then: Variant[Schedule] = Variant(
        "constant", SCHEDULES, help="How the learning rate goes on after that."
    )

    @property
    def on_plateau(self) -> ReduceOnPlateau | None:
        return self.then.on_plateau

    def factor(self, epoch: float, epochs: float) -> float:
        if epoch < self.length:
            return self.start + (1 - self.start) * epoch / self.length
        return self.then.factor(epoch - self.length, epochs - self.length)
