"""Training settings that have no effect beside others, told as problems."""

from __future__ import annotations

from collections.abc import Iterator

from engine.graph.check.fix import Fix, SetSetting
from engine.graph.check.problem import Problem
from engine.optimizers import Optimizer
from engine.schedules import Schedule, WarmUp
from engine.training.settings import TrainingSettings, titles

MOMENTUM = 0.9


def idle_settings(settings: TrainingSettings) -> Iterator[Problem]:
    """A hint for each setting that does nothing, or never comes to its end."""
    if settings.update == "epoch" and settings.accumulate > 1:
        yield _hint(
            "All examples change the weights together, so how many batches are gathered for one "
            "change has no effect.",
            "Set it to 1, or let the weights change after every batch.",
            Fix("Gather none", (SetSetting("training", "accumulate", 1),)),
        )
    if not settings.objectives:
        yield from _of_optimizer(settings.optimizer, settings.epochs, "")
    for title, one in zip(titles(settings.objectives), settings.objectives, strict=True):
        yield from _of_optimizer(one.optimizer, settings.epochs, f" of objective {title}")


def _of_optimizer(optimizer: Optimizer, epochs: int, whose: str) -> Iterator[Problem]:
    """whose: where it stands; empty where it is the only one, which a remedy can change."""
    if getattr(optimizer, "nesterov", False) and not getattr(optimizer, "momentum", 1):
        changed = optimizer.replaced(momentum=MOMENTUM)
        yield _hint(
            f"Nesterov{whose} looks ahead along the momentum, and that is 0: it has no effect.",
            "Give it a momentum, 0.9 as a rule, or switch Nesterov off.",
            None if whose else _other_optimizer(f"Set the momentum to {MOMENTUM}", changed),
        )
    length = _warm_up(optimizer.schedule)
    if length > epochs:
        shorter = optimizer.schedule.replaced(length=max(epochs / 10, 0.1))
        yield _hint(
            f"The warm-up{whose} takes {length:g} epochs and the training {epochs}, so that the "
            "full learning rate is never reached.",
            "Make the warm-up shorter, or train for more epochs.",
            None
            if whose
            else _other_optimizer("Make the warm-up shorter", optimizer.replaced(schedule=shorter)),
        )


def _warm_up(schedule: Schedule) -> float:
    return float(schedule.length) if isinstance(schedule, WarmUp) else 0.0


def _other_optimizer(label: str, optimizer: Optimizer) -> Fix:
    return Fix(label, (SetSetting("training", "optimizer", optimizer),))


def _hint(message: str, remedy: str, fix: Fix | None) -> Problem:
    return Problem(None, "hint", message, remedy, fix)
