"""A learning rate that suits a network and its data, found by trying many in one short run."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.plan.feed import Examples, TrainingData
from engine.plan.parameters import Parameters, Weights
from engine.plan.steps import run
from engine.plan.threads import use_threads
from engine.randomness import NodeStreams
from engine.training.control import Control
from engine.training.settings import TrainingSettings
from engine.training.turns import turns_of
from engine.workspace import Array

KEPT = 0.9
"""Share of the running mean of the loss that stays from step to step."""

TOO_HIGH = 4.0
"""The search ends where the loss is so many times the lowest."""

WORTH_IT = 0.02
"""Of the loss before anything is learned; a search in which it falls less suggests nothing."""

BEGUN = 0.1
"""Of the whole fall; where the loss is last so near the level before it, learning begins."""


@dataclass(frozen=True, eq=False)
class RateSearch:
    """What was found.

    rates: the learning rates tried, rising evenly on a logarithmic scale.
    losses: the smoothed loss of the batch at each.
    suggestion: the rate at which the loss falls fastest; None if it never falls.
    """

    rates: Array
    losses: Array
    suggestion: float | None


def find_rate(
    graph: Graph,
    data: TrainingData,
    settings: TrainingSettings,
    lowest: float = 1e-7,
    highest: float = 10.0,
    steps: int = 100,
    weights: Weights | None = None,
    control: Control | None = None,
    progress: Callable[[float], None] | None = None,
    objective: int = 0,
) -> RateSearch:
    """Train a copy of the network for some steps while the rate rises from lowest to highest.

    Smith, Cyclical learning rates for training neural networks, 2017. The optimiser,
    batches and clipping are those of the settings; the schedule is left out. It ends before
    `highest` where the loss has grown far above its lowest, or when `control` asks.

    weights: start from these instead of initial ones; they are not changed.
    objective: the place of the one to search for among those of the settings. What the others
        train stands still, so that one loss alone is followed.
    Raises CompileError, DataError, or ShapeError if the weights are of another network.
    """
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    parameters.initialize(settings.seed)
    parameters.load(weights or {})
    turns = turns_of(
        graph,
        inference,
        parameters,
        NodeStreams(settings.seed),
        Examples(graph, data, parameters.dtype),
        data.part("train"),
        settings,
    )
    turn = turns.all[objective]
    batches = turn.batches
    rates = np.geomspace(lowest, highest, steps)
    losses: list[float] = []
    running, best = 0.0, math.inf
    use_threads(batches[0].plan.threads)
    with np.errstate(all="ignore"):  # a rate that is too high is what the search is after
        for number, rate in enumerate(rates.tolist()):
            if control is not None and control.requested is not None:
                break
            epoch, position = divmod(number, len(batches))
            if position == 0:
                parameters.state.forget()
                turn.begin(epoch)
            batch = batches[position]
            run(batch.loading)
            batch.plan.forward()
            loss = batch.plan.loss()
            running = KEPT * running + (1 - KEPT) * loss
            smooth = running / (1 - KEPT ** (number + 1))
            if not math.isfinite(smooth) or (number > 10 and smooth > TOO_HIGH * best):
                break
            losses.append(smooth)
            best = min(best, smooth)
            batch.plan.backward()
            turn.rules.apply()
            turn.objective.update(rate, loss)
            if progress is not None:
                progress((number + 1) / steps)
    return _found(rates[: len(losses)], np.array(losses))


def _found(rates: Array, losses: Array) -> RateSearch:
    """The suggestion is where the loss falls fastest per decade, on the way to its lowest."""
    lowest = int(losses.argmin()) if len(losses) else 0
    if lowest < 2:
        return RateSearch(rates, losses, None)
    # While rates are too low to learn, batches that happen to be easier look like a fall.
    level = float(np.median(losses[: lowest // 2 + 1]))
    fall = level - float(losses[lowest])
    if fall < WORTH_IT * abs(level):
        return RateSearch(rates, losses, None)
    begin = int(np.flatnonzero(losses[:lowest] >= level - BEGUN * fall)[-1])
    slopes = np.gradient(losses[begin : lowest + 1], np.log(rates[begin : lowest + 1]))
    return RateSearch(rates, losses, float(rates[begin + slopes.argmin()]))
