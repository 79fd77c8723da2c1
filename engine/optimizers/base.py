"""What an optimiser is: how gradients change the parameters.

All parameters are one flat vector, their gradients another, and each slot of the
optimiser's state one more. An update is a handful of in-place ufuncs over the
parts of them that are trained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.fields import Declared, Real, Variant
from engine.registry import Registry
from engine.schedules import SCHEDULES, Schedule

Array = NDArray[Any]
Update = Callable[[int, float], None]
Parts = Sequence[tuple[slice, float]]
"""Parts of a vector that are trained, and what multiplies the learning rate of each."""

CHUNK = 65536
"""Vectors are worked on in pieces that stay in the second-level cache."""

WHOLE: Parts = ((slice(None), 1.0),)
"""All of a vector, at the rate as it is."""


class Optimizer(Declared):
    """One kind of optimiser.

    Class attributes, beside those of `Declared`
        formula: the update, as one line of text; w weights, g gradient, r rate.
        source: the paper or standard it follows.
        scratches: how many vectors of scratch memory an update needs.
        result: the slot that holds the weights which are to be used in the end, where
            those are not the ones that the gradients are taken at.
    """

    formula: ClassVar[str]
    source: ClassVar[str] = ""
    scratches: ClassVar[int] = 1
    result: ClassVar[str | None] = None

    rate = Real(
        0.001,
        above=0,
        logarithmic=True,
        label="Learning rate",
        help="Length of each step downhill: too small learns slowly, too large diverges.",
    )
    schedule: Variant[Schedule] = Variant(
        "constant", SCHEDULES, help="How the learning rate changes over the epochs."
    )

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the state vectors, each as long as the parameters, all starting at zero."""
        return ()

    @property
    def coupled_decay(self) -> float:
        """How much of each weight is added to its gradient, before all else."""
        return 0.0

    @property
    def decoupled_decay(self) -> float:
        """What share of each weight is taken off for each unit of the rate, before all else."""
        return 0.0

    def bind(
        self,
        parameters: Array,
        gradients: Array,
        slots: Mapping[str, Array],
        scratch: Callable[[], Array],
        loss: Array,
        parts: Parts = WHOLE,
    ) -> Update:
        """Make `update(step, rate)`, which changes the parameters and slots in place.

        step: counts from 1.
        rate: the learning rate with its schedule applied.
        scratch: gives a vector as long as the parameters, or a chunk of them, at each call.
        loss: one number, the loss that the gradients are of, for kinds that look at it.
        parts: what to change of the vectors, as PyTorch's parameter groups; the rest stays.

        The gradients are left as they are. Nothing is allocated by an update.
        """
        spare = [scratch()[:CHUNK] for _ in range(self.scratches)]
        decay = self.coupled_decay
        sums = scratch()[:CHUNK] if decay else None
        updates = []
        for part, factor in pieces(parts, parameters.size):
            w, g = parameters[part], gradients[part]
            read = g if sums is None else sums[: w.size]
            bound = self.bind_part(
                w,
                read,
                {name: slots[name][part] for name in self.slots},
                [vector[: w.size] for vector in spare],
            )
            if sums is not None:
                bound = _after_decay(bound, w, g, decay, out=read)
            if self.decoupled_decay:
                bound = _after_shrinking(bound, w, self.decoupled_decay)
            updates.append((bound, factor))
        if len(updates) == 1 and updates[0][1] == 1:
            return updates[0][0]

        def update(step: int, rate: float) -> None:
            for update_part, factor in updates:
                update_part(step, rate * factor)

        return update

    def bind_part(
        self, w: Array, g: Array, slots: Mapping[str, Array], spare: list[Array]
    ) -> Update:
        """Make the update of one piece of the vectors."""
        raise NotImplementedError  # every kind has its own steps


OPTIMIZERS: Registry[Optimizer] = Registry("optimiser")

# Fields that several kinds share.
WEIGHT_DECAY = Real(0.0, minimum=0, advanced=True, help="Pulls every weight towards zero (L2).")


def rate_field(default: float) -> Real:
    return Real(default, above=0, logarithmic=True, label="Learning rate", help=Optimizer.rate.help)


def epsilon_field(default: float) -> Real:
    return Real(
        default, above=0, advanced=True, help="Keeps a weight with tiny gradients from leaping."
    )


class DecoupledDecay:
    """What kinds share whose weight decay w := w (1 - r decay) is apart from the gradient."""

    weight_decay: Real

    @property
    def decoupled_decay(self) -> float:
        return self.weight_decay


class CoupledDecay:
    """What kinds share whose weight decay adds decay w to the gradient before all else (L2)."""

    weight_decay: Real

    @property
    def coupled_decay(self) -> float:
        return self.weight_decay


def pieces(parts: Parts, size: int) -> Iterator[tuple[slice, float]]:
    """Parts of a vector of this size, cut where they are longer than a chunk."""
    for part, factor in parts:
        first, end, _ = part.indices(size)
        for start in range(first, end, CHUNK):
            yield slice(start, min(start + CHUNK, end)), factor


def number(like: Array, value: float = 0.0) -> Array:
    """A number in the precision of an array; an update may change it with `[()]`."""
    return np.array(value, dtype=like.dtype)


def _after_decay(update: Update, w: Array, g: Array, decay: float, out: Array) -> Update:
    """An update that reads g + decay w in `out`, which is written first."""
    share, multiply, add = number(w, decay), np.multiply, np.add

    def decayed(step: int, rate: float) -> None:
        multiply(w, share, out=out)
        add(out, g, out=out)
        update(step, rate)

    return decayed


def _after_shrinking(update: Update, w: Array, decay: float) -> Update:
    """An update before which w shrinks by the rate times the decay."""
    kept, multiply = number(w), np.multiply

    def shrunk(step: int, rate: float) -> None:
        kept[()] = 1 - rate * decay
        multiply(w, kept, out=w)
        update(step, rate)

    return shrunk
