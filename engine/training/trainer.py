"""The trainer: one run of one graph on one data set, step by step."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from engine.errors import TrainingDivergedError
from engine.fields import Plain
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.plan.denormals import flushed
from engine.plan.feed import Examples, TrainingData
from engine.plan.parameters import Parameters, Weights
from engine.plan.plan import Plan
from engine.plan.steps import run
from engine.plan.threads import use_threads
from engine.randomness import NodeStreams
from engine.training.checkpoints import (
    FORMAT,
    Checkpoint,
    curves_of,
    curves_to_checkpoint,
    state_arrays,
)
from engine.training.control import Control, StopReason
from engine.training.divergence import Snapshot, diverged
from engine.training.gradients import Accumulation
from engine.training.measuring import measured_values, measurements, watched_loss
from engine.training.pace import Pace
from engine.training.patience import Watch
from engine.training.settings import TrainingSettings
from engine.training.statistics import Statistics
from engine.training.telemetry import Telemetry
from engine.training.turns import Turn, turns_of

SHORTEST_INTERVAL = 16
"""Steps between two points of a curve, at least, so that reporting costs little."""


class Trainer:
    """Trains a graph on a data set.

    Holds its own copy of the graph, so that editing the drawing changes nothing
    here. Equal arguments give equal numbers, bit for bit; a checkpoint taken
    between any two steps goes on as if nothing had happened.

    telemetry: what the run reports; safe to read from any thread.
    divergence: the error that ended the run, if one did.
    """

    def __init__(
        self,
        graph: Graph,
        dataset: TrainingData,
        settings: TrainingSettings,
        clock: Callable[[], float] = time.perf_counter,
        checkpoint: Checkpoint | None = None,
        weights: Weights | None = None,
    ) -> None:
        """checkpoint: go on from here. weights: start from these instead of initial ones.

        Raises CompileError, DataError, or ShapeError if the weights are of another network.
        """
        self.graph = graph.copy()
        self.dataset = dataset
        self.settings = settings
        self.inference = infer(self.graph)
        self.parameters = Parameters(self.graph, self.inference)
        self.parameters.initialize(settings.seed)
        self.parameters.load(weights or {})
        self.streams = NodeStreams(settings.seed)
        self.divergence: TrainingDivergedError | None = None
        self.steps_done = 0
        self._clock = clock
        self._build()
        if checkpoint is not None:
            self._load(checkpoint)
        self._snapshot = Snapshot(self.turns.objectives)
        self._snapshot.take(self.steps_done)

    def _build(self) -> None:
        data, settings = self.dataset, self.settings
        rows = data.part("train")
        examples = Examples(self.graph, data, self.parameters.dtype)
        self.turns = turns_of(
            self.graph, self.inference, self.parameters, self.streams, examples, rows, settings
        )
        self._threads = max(turn.plan.threads for turn in self.turns)
        self.steps_per_epoch = len(self.turns.current.batches)
        together = settings.batches_per_update(self.steps_per_epoch)
        self._gathered = Accumulation(self.parameters, together)
        self._together, self._updates_per_epoch = together, -(-self.steps_per_epoch // together)
        self._watch = Watch(self.turns.objectives, self.parameters, settings)
        self.telemetry = Telemetry(settings.epochs, self.steps_per_epoch)
        self._statistics = Statistics(self.parameters)
        # Many nodes take long to look at, but each epoch has a point of every curve.
        often = min(len(self._statistics.nodes), self.steps_per_epoch)
        self._interval = max(SHORTEST_INTERVAL, often, self.steps_per_epoch // 20)
        self._measurements = measurements(
            self.graph, self.inference, self.parameters, examples, data
        )
        self._measured_at = 0
        self._pace = Pace(self._clock(), 0)
        self._examples_per_step = len(rows) / self.steps_per_epoch

    # Where the run stands

    @property
    def epoch(self) -> int:
        """Epochs that are complete."""
        return self.steps_done // self.steps_per_epoch

    @property
    def total_steps(self) -> int:
        return self.settings.epochs * self.steps_per_epoch

    @property
    def finished(self) -> bool:
        return self.steps_done >= self.total_steps or self._watch.exhausted

    def weights(self) -> Weights:
        """Copies of the weights that the run has come to, by (node id, name)."""
        with self.turns.result_in_place():
            return self.parameters.to_dict()

    @property
    def result(self) -> Weights:
        """Views of the same, for whoever looks while the run goes on."""
        return self.parameters.weights() | self.turns.result

    # Running

    def run(self, control: Control | None = None) -> StopReason:
        """Train until finished, paused, stopped or diverged, or until patience is at its end.

        After DIVERGED, `divergence` says where, and the last good state is back in place.
        """
        control = control or Control()
        use_threads(self._threads)
        self._pace = Pace(self._clock(), self.steps_done)
        with flushed(), np.errstate(all="ignore"):  # what is not finite is found below, and named
            while not self.finished:
                if control.steps_per_second is not None:
                    control.await_turn()
                if control.requested is not None:
                    return control.requested
                try:
                    self._step()
                except TrainingDivergedError as error:
                    self._fall_back(error)
                    return StopReason.DIVERGED
        return self._end()

    def _end(self) -> StopReason:
        return StopReason.FINISHED if self.steps_done >= self.total_steps else StopReason.EARLY

    def step(self) -> StopReason | None:
        """Train on one batch. Returns why the run is over, or None if it can go on."""
        if self.finished:
            return self._end()
        use_threads(self._threads)  # other numbers of threads may round otherwise
        with flushed(), np.errstate(all="ignore"):
            try:
                self._step()
            except TrainingDivergedError as error:
                self._fall_back(error)
                return StopReason.DIVERGED
        return self._end() if self.finished else None

    def _step(self) -> None:
        done, turn = self.steps_done, self.turns.current
        epoch, position = divmod(done, self.steps_per_epoch)
        if position == 0:
            self.parameters.state.forget()
        if turn.in_order != epoch:
            turn.begin(epoch)
        batch = turn.batches[position]
        run(batch.loading)
        plan, gathered = batch.plan, self._gathered
        updates = epoch * self._updates_per_epoch + position // self._together
        rate = turn.objective.rate(updates / self._updates_per_epoch, self.settings.epochs)
        rate *= self._watch.factor(turn.objective)
        turn.weighing.weigh(position, gathered.batches)
        plan.forward()
        loss = plan.loss()
        if not math.isfinite(loss):
            raise diverged(done + 1, plan, self.graph, rate)
        plan.backward()
        turn.mean.add(plan, loss, plan.examples())
        gathered.add(*plan.counted_loss())
        if gathered.due or position + 1 == self.steps_per_epoch:
            self._update(turn, rate)
        self.steps_done = done = done + 1
        telemetry = self.telemetry
        telemetry.step, telemetry.loss = done, loss
        if position + 1 == self.steps_per_epoch:
            self._end_epoch(plan, rate)
        if self._pace.passed(self._clock(), done):
            speed = self._pace.steps_per_second
            telemetry.steps_per_second = speed
            telemetry.examples_per_second = speed * self._examples_per_step

    def _update(self, turn: Turn, rate: float) -> None:
        """Change the weights by the gradients gathered; now and then, note how for the curves."""
        loss, done = self._gathered.loss, self.steps_done + 1
        interval = done // self._interval
        self._gathered.take()
        if interval == turn.interval:
            turn.rules.apply()
            turn.objective.update(rate, loss)
            self.turns.advance()
            return
        turn.interval = interval
        self._snapshot.offer(self.steps_done, loss, turn.objective)
        self._statistics.before()
        turn.rules.apply()
        turn.objective.update(rate, loss)
        self.turns.advance()
        values = self._statistics.after(turn.objective.trained)
        values |= turn.mean.take(turn.name)
        self.telemetry.record(done / self.steps_per_epoch, values)

    def _end_epoch(self, plan: Plan, rate: float) -> None:
        """Measure, unless the last time was only a few steps ago."""
        recently = self.steps_done - self._measured_at < SHORTEST_INTERVAL
        if recently and not self.finished and not self._watch.active:
            return
        self._measured_at = self.steps_done
        vectors = (self.parameters.vector, self.parameters.state.vector)
        if not all(np.isfinite(vector).all() for vector in vectors):
            raise diverged(self.steps_done, plan, self.graph, rate)
        with self.turns.result_in_place():
            measured = {part: each.run() for part, each in self._measurements.items()}
            self._watch.look(partial(watched_loss, self._measurements))
        values: dict[str, float] = {}
        if self.finished:  # a last point, however short the run
            for turn in self.turns:
                values |= turn.mean.take(turn.name)
        values |= measured_values(self._measurements, measured)
        if not self.turns.alone:
            values["loss/train"] = measured["train"]["loss"]
        self.telemetry.record(self.steps_done / self.steps_per_epoch, values)
        if self.finished:
            self._watch.restore_best()

    def _fall_back(self, error: TrainingDivergedError) -> None:
        self.divergence = error
        self._snapshot.restore()
        self.turns.advance()
        self._gathered.clear()
        self.steps_done = self.telemetry.step = self._snapshot.step

    # Checkpoints

    def checkpoint(self) -> Checkpoint:
        """The complete state. Call it between steps: while the run is paused or over."""
        arrays, curves = curves_to_checkpoint(self.telemetry.curves)
        arrays |= self._watch.arrays() | self._gathered.arrays()
        arrays |= self.turns.arrays(self.parameters) | state_arrays(self.parameters.state)
        plain: dict[str, Plain] = {
            "format": FORMAT,
            "step": self.steps_done,
            "steps_per_epoch": self.steps_per_epoch,
            **self.turns.to_plain(),
            "streams": self.streams.to_plain(),
            "measured_at": self._measured_at,
            "watch": self._watch.to_plain(),
            "gathered": self._gathered.to_plain(),
            "curves": curves,
        }
        return Checkpoint(arrays, plain)

    def _load(self, checkpoint: Checkpoint) -> None:
        checkpoint.load_into(self.parameters)
        same_epochs = checkpoint.number("steps_per_epoch") == self.steps_per_epoch
        self.turns.load(checkpoint, self.parameters, same_epochs)
        with checkpoint.damage_named():
            self.streams.load(checkpoint.mapping("streams"))
            self.telemetry.curves = curves_of(checkpoint.arrays, checkpoint.mapping("curves"))
            self._watch.load(checkpoint.mapping("watch"), checkpoint.arrays)
        self.telemetry.version += 1
        self.steps_done = checkpoint.number("step")
        if same_epochs:
            self._measured_at = checkpoint.number("measured_at")
            with checkpoint.damage_named():
                self._gathered.load(checkpoint.mapping("gathered"), checkpoint.arrays)
        else:  # other data or another batch size: go on from the start of the epoch
            self.steps_done = self._measured_at = checkpoint.epoch * self.steps_per_epoch
        self.telemetry.step = self.steps_done
