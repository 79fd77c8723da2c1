"""A learning rate that suits a network and its data, found by trying many in one short run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from engine.errors import FieldError, ObjectiveError
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.plan.feed import Examples, TrainingData
from engine.plan.parameters import Parameters, Weights
from engine.plan.steps import run
from engine.plan.threads import use_threads
from engine.randomness import NodeStreams
from engine.training.control import Control
from engine.training.gradients import Accumulation
from engine.training.settings import TrainingSettings
from engine.training.turns import Turn, turns_of
from engine.workspace import Array

KEPT = 0.9
"""Share of the running mean of the loss that stays from step to step."""

TOO_HIGH = 3.0
"""The search ends where the loss has risen by so many times what it was."""

WORTH_IT = 0.005
"""Of the loss before anything is learned; a search in which it falls less suggests nothing."""

LOST = 0.5
"""Share of the whole fall; where so much of it is lost again, rates are too high."""

ROOM = 1 / 15
"""Share of the first rate that is too high which is suggested at most: a whole run stays at its
rate for far longer than the search does."""

WINDOW = np.hanning(7)[1:-1] / 3
"""Weights of neighbours in what is shown; they sum to 1."""


@dataclass(frozen=True, eq=False)
class RateSearch:
    """What was found.

    rates: the learning rates tried, rising evenly on a logarithmic scale.
    losses: the smoothed loss at each, as of batches that all cost alike before the search.
    suggestion: where the loss falls fast, with room to what is too high; None if it never falls.
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

    Smith, Cyclical learning rates for training neural networks, 2017. The optimiser, the batches
    of an update, clipping and penalties are those of the settings; the schedule is left out. From
    the loss of each batch is taken what it cost before anything was learned, so that batches
    that happen to be easy or hard hide nothing. It ends before `highest` where the loss has grown
    far, or when `control` asks. What is suggested is the rate at which the loss falls fastest,
    but at most a fifteenth of that at which half of the fall is lost again, or of the last one.

    weights: start from these instead of initial ones; they are not changed.
    objective: the place of the one to search for among those of the settings. What the others
        train stands still, so that one loss alone is followed.
    Raises FieldError for rates that do not rise, ObjectiveError for an objective that is not
    there; CompileError, DataError, or ShapeError if the weights are of another network.
    """
    if not 0 < lowest < highest < math.inf:
        raise FieldError(
            "A search for a learning rate needs a lowest rate above 0 and a highest above that, "
            f"got {lowest:g} and {highest:g}. Exchange them, or widen the range."
        )
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    parameters.initialize(settings.seed)
    parameters.load(weights or {})
    streams = NodeStreams(settings.seed)
    examples = Examples(graph, data, parameters.dtype)
    turns = turns_of(
        graph, inference, parameters, streams, examples, data.part("train"), settings
    ).all
    if not 0 <= objective < len(turns):
        raise ObjectiveError(
            f"A search for a learning rate needs the place of an objective, from 0 to "
            f"{len(turns) - 1}, got {objective}. Choose one of those in the training settings."
        )
    sweep = _Sweep(turns[objective], parameters, streams, settings, control or Control())
    rates = np.geomspace(lowest, highest, steps)
    still: list[float] = []
    gains: list[float] = []
    running = best = 0.0

    def told() -> None:
        if progress is not None:
            progress((len(still) + len(gains)) / (2 * steps))

    use_threads(sweep.turn.plan.threads)
    with np.errstate(all="ignore"):  # a rate that is too high is what the search is after
        for _, loss in zip(range(steps), sweep.losses(learning=False), strict=False):
            still.append(loss)
            told()
        level = float(np.mean(still)) if still else 0.0
        # The updates come last, so that none is made for which there is no rate.
        tried = zip(rates.tolist(), still, sweep.losses(learning=True), strict=False)
        for number, (rate, before, loss) in enumerate(tried, start=1):
            running = KEPT * running + (1 - KEPT) * (loss - before)
            gain = running / (1 - KEPT**number)
            if not math.isfinite(gain) or (
                number > 10 and gain > TOO_HIGH * max(abs(level), -best)
            ):
                break
            best = min(best, gain)
            gains.append(loss - before)
            sweep.learn(rate, loss)
            told()
    return _found(rates[: len(gains)], np.array(gains), level)


class _Sweep:
    """The updates of an objective, from the first epoch on, again and again alike."""

    def __init__(
        self,
        turn: Turn,
        parameters: Parameters,
        streams: NodeStreams,
        settings: TrainingSettings,
        control: Control,
    ) -> None:
        self.turn = turn
        self._parameters, self._streams, self._control = parameters, streams, control
        together = settings.batches_per_update(len(turn.batches))
        self._gathered = Accumulation(parameters, together)

    def losses(self, learning: bool) -> Iterator[float]:
        """The loss of the batches of each update, with its gradient in place if learning.

        Ends when it is asked to.
        """
        batches, gathered = self.turn.batches, self._gathered
        self._streams.rewind()
        for epoch in count():
            self._parameters.state.forget()
            self.turn.begin(epoch)
            for position, batch in enumerate(batches):
                if self._control.requested is not None:
                    return
                run(batch.loading)
                self.turn.weighing.weigh(position, gathered.batches)
                batch.plan.forward()
                if learning:
                    batch.plan.backward()
                gathered.add(*batch.plan.counted_loss())
                if gathered.due or position + 1 == len(batches):
                    loss = gathered.loss
                    gathered.take()
                    yield loss

    def learn(self, rate: float, loss: float) -> None:
        """Change the weights by the gradient of the newest update."""
        self.turn.rules.apply()
        self.turn.objective.update(rate, loss)


def _found(rates: Array, gains: Array, level: float) -> RateSearch:
    """gains: by how much the loss is above what it would have been. level: its mean before."""
    if not len(gains):
        return RateSearch(rates, gains, None)
    most = TOO_HIGH * max(abs(level), -float(gains.min()))
    ends = len(WINDOW) // 2
    padded = np.pad(np.minimum(gains, most), ends, mode="edge")
    smooth = np.convolve(padded, WINDOW, mode="valid")
    lowest = int(smooth.argmin())
    fall = -float(smooth[lowest])
    suggestion = None
    if lowest and fall > WORTH_IT * abs(level):
        lost = np.flatnonzero(smooth[lowest:] > -LOST * fall)
        too_high = lowest + int(lost[0]) if len(lost) else len(rates) - 1
        slopes = np.gradient(smooth[: lowest + 1], np.log(rates[: lowest + 1]))
        suggestion = min(float(rates[slopes.argmin()]), ROOM * float(rates[too_high]))
    return RateSearch(rates, level + smooth, suggestion)
