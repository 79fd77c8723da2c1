"""The trainer: one run of one graph on one data set, step by step."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from engine.errors import TrainingDivergedError
from engine.fields import Plain
from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.plan.denormals import flushed
from engine.plan.feed import Examples, TrainingData
from engine.plan.parameters import Parameters, Weights
from engine.plan.threads import use_threads
from engine.randomness import NodeStreams
from engine.training.batches import epochs_of
from engine.training.checkpoints import (
    FORMAT,
    Checkpoint,
    curves_of,
    curves_to_checkpoint,
    load_vector,
    state_arrays,
    vector_arrays,
)
from engine.training.control import Control, StopReason
from engine.training.divergence import Snapshot, diverged
from engine.training.gradients import Accumulation, GradientRules
from engine.training.measuring import measurements
from engine.training.objectives import Objective
from engine.training.pace import Pace
from engine.training.patience import Watch
from engine.training.settings import TrainingSettings
from engine.training.statistics import Statistics
from engine.training.telemetry import Telemetry

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
        self._snapshot = Snapshot(self.objective)
        self._snapshot.take(self.steps_done)
        self._in_order: int | None = None

    def _build(self) -> None:
        data, settings = self.dataset, self.settings
        rows = data.part("train")
        examples = Examples(self.graph, data, self.parameters.dtype)
        self._epochs = epochs_of(
            self.graph, self.inference, self.parameters, self.streams, examples, rows, settings
        )
        self.plan = self._epochs.batches[0].plan
        self.objective = Objective(self.plan.losses, self.parameters, settings.optimizer)
        self.steps_per_epoch = len(self._epochs.batches)
        together = settings.batches_per_update(self.steps_per_epoch)
        self._gathered = Accumulation(self.parameters, together)
        self._rules = GradientRules(self.parameters, settings)
        self._watch = Watch(self.objective, settings)
        self.telemetry = Telemetry(settings.epochs, self.steps_per_epoch)
        self._statistics = Statistics(self.parameters)
        self._interval = max(
            SHORTEST_INTERVAL, len(self._statistics.nodes), self.steps_per_epoch // 20
        )
        self._measurements = measurements(
            self.graph, self.inference, self.parameters, examples, data
        )
        self._loss_sum, self._loss_count, self._measured_at = 0.0, 0, 0
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
        with self.objective.result_in_place():
            return self.parameters.to_dict()

    # Running

    def run(self, control: Control | None = None) -> StopReason:
        """Train until finished, paused, stopped or diverged, or until patience is at its end.

        After DIVERGED, `divergence` says where, and the last good state is back in place.
        """
        control = control or Control()
        use_threads(self.plan.threads)
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
        use_threads(self.plan.threads)  # other numbers of threads may round otherwise
        with flushed(), np.errstate(all="ignore"):
            try:
                self._step()
            except TrainingDivergedError as error:
                self._fall_back(error)
                return StopReason.DIVERGED
        return self._end() if self.finished else None

    def _step(self) -> None:
        done = self.steps_done
        epoch, position = divmod(done, self.steps_per_epoch)
        if self._in_order != epoch:
            self._epochs.begin(epoch)
            self._in_order = epoch
        batch = self._epochs.batches[position]
        for load in batch.loading:
            load()
        plan, gathered = batch.plan, self._gathered
        rate = self.objective.rate(done / self.steps_per_epoch, self.settings.epochs)
        rate *= self._watch.factor
        plan.forward()
        loss = plan.loss()
        if not math.isfinite(loss):
            raise diverged(done + 1, plan, self.graph, rate)
        plan.backward()
        self._loss_sum += loss * plan.batch
        self._loss_count += plan.batch
        gathered.add(plan.batch, loss)
        if gathered.due or position + 1 == self.steps_per_epoch:
            self._update(rate)
        self.steps_done = done = done + 1
        telemetry = self.telemetry
        telemetry.step, telemetry.loss = done, loss
        if position + 1 == self.steps_per_epoch:
            self._end_epoch(rate)
        if self._pace.passed(self._clock(), done):
            speed = self._pace.steps_per_second
            telemetry.steps_per_second = speed
            telemetry.examples_per_second = speed * self._examples_per_step

    def _update(self, rate: float) -> None:
        """Change the weights by the gradients gathered; now and then, note how for the curves."""
        loss, done = self._gathered.loss, self.steps_done + 1
        before = done - self._gathered.batches
        self._gathered.take()
        if done // self._interval == before // self._interval:
            self._rules.apply()
            self.objective.update(rate, loss)
            return
        self._snapshot.offer(self.steps_done, loss)
        self._statistics.before()
        self._rules.apply()
        self.objective.update(rate, loss)
        values = self._statistics.after()
        values["loss/train"] = self._loss_sum / self._loss_count
        self._loss_sum, self._loss_count = 0.0, 0
        self.telemetry.record((self.steps_done + 1) / self.steps_per_epoch, values)

    def _end_epoch(self, rate: float) -> None:
        """Measure, unless the last time was only a few steps ago."""
        recently = self.steps_done - self._measured_at < SHORTEST_INTERVAL
        if recently and not self.finished and not self._watch.active:
            return
        self._measured_at = self.steps_done
        vectors = (self.parameters.vector, self.parameters.state.vector)
        if not all(np.isfinite(vector).all() for vector in vectors):
            raise diverged(self.steps_done, self.plan, self.graph, rate)
        with self.objective.result_in_place():
            measured = {part: each.run() for part, each in self._measurements.items()}
            self._watch.look(measured.get("validation", measured["train"])["loss"])
        values: dict[str, float] = {}
        if self.finished and self._loss_count:  # a last point, however short the run
            values["loss/train"] = self._loss_sum / self._loss_count
        for part, found in measured.items():
            for name, value in found.items():
                if (name, part) != ("loss", "train"):  # that is the mean over the batches
                    values[f"{name}/{part}"] = value
        self.telemetry.record(self.steps_done / self.steps_per_epoch, values)
        if self.finished:
            self._watch.restore_best()

    def _fall_back(self, error: TrainingDivergedError) -> None:
        self.divergence = error
        self._snapshot.restore()
        self._gathered.clear()
        self.steps_done = self.telemetry.step = self._snapshot.step

    # Checkpoints

    def checkpoint(self) -> Checkpoint:
        """The complete state. Call it between steps: while the run is paused or over."""
        arrays, curves = curves_to_checkpoint(self.telemetry.curves)
        arrays |= self._watch.arrays() | self._gathered.arrays()
        self.objective.exchange()
        arrays |= vector_arrays(self.parameters, self.parameters.vector, "parameters")
        arrays |= state_arrays(self.parameters.state)
        for name, slot in self.objective.slots.items():
            arrays |= vector_arrays(self.parameters, slot, f"slots/{name}")
        self.objective.exchange()
        plain: dict[str, Plain] = {
            "format": FORMAT,
            "step": self.steps_done,
            "steps_per_epoch": self.steps_per_epoch,
            "updates": self.objective.updates,
            "optimizer": self.objective.optimizer.kind,
            "streams": self.streams.to_plain(),
            "loss_sum": self._loss_sum,
            "loss_count": self._loss_count,
            "measured_at": self._measured_at,
            "watch": self._watch.to_plain(),
            "gathered": self._gathered.to_plain(),
            "curves": curves,
        }
        return Checkpoint(arrays, plain)

    def _load(self, checkpoint: Checkpoint) -> None:
        checkpoint.load_into(self.parameters)
        if checkpoint.text("optimizer") == self.objective.optimizer.kind:
            self.objective.updates = checkpoint.number("updates")
            for name, slot in self.objective.slots.items():
                load_vector(self.parameters, slot, checkpoint.arrays, f"slots/{name}")
            self.objective.exchange()
        with checkpoint.damage_named():
            self.streams.load(checkpoint.mapping("streams"))
            self.telemetry.curves = curves_of(checkpoint.arrays, checkpoint.mapping("curves"))
            self._watch.load(checkpoint.mapping("watch"), checkpoint.arrays)
        self.telemetry.version += 1
        self.steps_done = checkpoint.number("step")
        if checkpoint.number("steps_per_epoch") == self.steps_per_epoch:
            self._loss_sum = checkpoint.real("loss_sum")
            self._loss_count = checkpoint.number("loss_count")
            self._measured_at = checkpoint.number("measured_at")
            with checkpoint.damage_named():
                self._gathered.load(checkpoint.mapping("gathered"), checkpoint.arrays)
        else:  # other data or another batch size: go on from the start of the epoch
            self.steps_done = self._measured_at = checkpoint.epoch * self.steps_per_epoch
        self.telemetry.step = self.steps_done
