"""Watching the validation loss: when to stop early, when to lower the rate, what was best."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.fields import Plain
from engine.plan.parameters import Parameters
from engine.training.checkpoints import load_vector, vector_arrays
from engine.training.objectives import Objective
from engine.training.settings import TrainingSettings
from engine.workspace import Array


@dataclass
class Patience:
    """Counts looks at a loss since it was lowest.

    threshold: a loss counts as lower below (1 - threshold) of the lowest so far.
    """

    threshold: float = 0.0
    lowest: float = float("inf")
    waited: int = 0

    def is_lower(self, loss: float) -> bool:
        """Note a loss. Whether it is lower than all before; one that is no number never is."""
        if loss < self.lowest * (1 - self.threshold):
            self.lowest, self.waited = loss, 0
            return True
        self.waited += 1
        return False

    def to_plain(self) -> dict[str, Plain]:
        return {"lowest": self.lowest if self.seen else None, "waited": self.waited}

    @property
    def seen(self) -> bool:
        return self.lowest != float("inf")

    def load(self, plain: Mapping[str, Any]) -> None:
        lowest = plain["lowest"]
        self.lowest = float("inf") if lowest is None else float(lowest)
        self.waited = int(plain["waited"])


LossOf = Callable[[Collection[str] | None], float]
"""The sum of the losses of some nodes, each by its weight, or of all of them for None."""


class Plateau:
    """Lowers the learning rate of one objective when its loss no longer falls.

    factor: by what its rate has been multiplied so far.
    """

    def __init__(self, objective: Objective) -> None:
        self.rule = objective.optimizer.schedule.on_plateau
        self._drop = Patience(self.rule.threshold if self.rule else 0.0)
        self._drops = 0
        self.factor = 1.0

    def look(self, loss: float) -> None:
        """Note the loss of an epoch."""
        if self.rule is None or self._drop.is_lower(loss):
            return
        if self._drop.waited > self.rule.patience:
            self._set_drops(self._drops + 1)
            self._drop.waited = 0

    def _set_drops(self, drops: int) -> None:
        self._drops = drops
        self.factor = float(self.rule.drop**drops) if self.rule else 1.0

    def to_plain(self) -> dict[str, Plain]:
        return {"drop": self._drop.to_plain(), "drops": self._drops}

    def load(self, plain: Mapping[str, Any]) -> None:
        self._drop.load(plain["drop"])
        self._set_drops(int(plain["drops"]))


class Watch:
    """Looks at the loss after every epoch.

    active: whether anyone needs it to look.
    """

    def __init__(
        self, objectives: Sequence[Objective], parameters: Parameters, settings: TrainingSettings
    ) -> None:
        self._parameters = parameters
        self._limit = settings.patience
        self._stop = Patience()
        self._plateaus = {objective: Plateau(objective) for objective in objectives}
        kept = (parameters.vector, parameters.state.vector) if self._limit else ()
        self._best: tuple[Array, ...] = tuple(vector.copy() for vector in kept)

    @property
    def active(self) -> bool:
        return bool(self._limit) or any(plateau.rule for plateau in self._plateaus.values())

    def factor(self, objective: Objective) -> float:
        """By what plateaus have multiplied the learning rate of an objective so far."""
        return self._plateaus[objective].factor

    @property
    def exhausted(self) -> bool:
        """Whether the loss has not fallen for as many epochs as patience allows."""
        return bool(self._limit) and self._stop.waited >= self._limit

    def look(self, loss_of: LossOf) -> None:
        """Note the losses of an epoch, with the weights in place that they were measured with.

        Plateaus are those of what an objective makes small, while all losses decide what is best.
        """
        if self._limit and self._stop.is_lower(loss_of(None)):
            for best, vector in zip(self._best, self._vectors(), strict=True):
                np.copyto(best, vector)
        for objective, plateau in self._plateaus.items():
            plateau.look(loss_of(objective.losses))

    def restore_best(self) -> None:
        """Put the weights of the lowest loss back, if one was seen."""
        if self._limit and self._stop.seen:
            for best, vector in zip(self._best, self._vectors(), strict=True):
                np.copyto(vector, best)
            for objective in self._plateaus:
                objective.settle()

    def _vectors(self) -> tuple[Array, ...]:
        return self._parameters.vector, self._parameters.state.vector

    # Checkpoints

    def arrays(self) -> dict[str, Array]:
        """The best weights, by name."""
        if not self._best:
            return {}
        vector, state = self._best
        found = vector_arrays(self._parameters, vector, "best/parameters")
        found["best/state"] = state.copy()
        return found

    def to_plain(self) -> dict[str, Plain]:
        first, *others = (plateau.to_plain() for plateau in self._plateaus.values())
        return {"stop": self._stop.to_plain(), **first, "others": list(others)}

    def load(self, plain: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        """Go on from where `to_plain` and `arrays` were taken."""
        self._stop.load(plain["stop"])
        kept = [plain, *plain.get("others", [])]
        for plateau, of_one in zip(self._plateaus.values(), kept, strict=False):
            plateau.load(of_one)
        if not self._best:
            return
        vector, state = self._best
        load_vector(self._parameters, vector, arrays, "best/parameters")
        given = arrays.get("best/state")
        if given is not None and given.shape == state.shape:
            np.copyto(state, given)
