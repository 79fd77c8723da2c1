"""One run as the window holds it: its own copy of everything, and the trainer once there is one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np

from engine.data.dataset import Dataset
from engine.data.settings import DataSettings
from engine.errors import GlassboxError
from engine.graph.model import Graph
from engine.graph.regroup import Moved, carried
from engine.plan.parameters import Weights
from engine.training.checkpoints import Checkpoint
from engine.training.control import Control, StopReason
from engine.training.history import Run, fresh_run_id
from engine.training.regrouped import regrouped
from engine.training.settings import TrainingSettings
from engine.training.telemetry import Telemetry
from engine.training.trainer import Trainer
from engine.workspace import Array
from gui.document.document import Document

DATA = "data"
"""Where a checkpoint keeps what data its run learnt from."""


class Session:
    """A run under way, or one of a reopened project that can go on.

    The trainer is made by the first call of `run` or `step`, in the worker's thread,
    since compiling may take a while.
    """

    def __init__(
        self,
        id: str,
        name: str,
        graph: Graph,
        data: DataSettings,
        settings: TrainingSettings,
        started: str,
        weights: Weights | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.id = id
        self.name = name
        self.graph = graph.copy()
        self.data = data
        self.settings = settings
        self.started = started
        self.seconds = 0.0
        self.trainer: Trainer | None = None
        self._clock = clock
        self._weights = weights or {}
        self._by_hand: dict[tuple[str, str, int], float] = {}
        self._changed: dict[tuple[str, str], tuple[Array, Array]] = {}
        self._checkpoint: Checkpoint | None = None
        self._telemetry: Telemetry | None = None

    @classmethod
    def fresh(cls, document: Document, weights: Weights | None = None) -> Session:
        """A new run of what the document holds now, from initial weights or from given ones."""
        assert document.data is not None
        id = fresh_run_id({run.id for run in document.runs})
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(
            id,
            id.replace("_", " "),
            document.graph,
            document.data,
            document.training,
            now,
            weights,
        )

    @classmethod
    def of_run(cls, run: Run, document: Document) -> Session | None:
        """A run that was kept, ready to go on, if it is of the network and data there are."""
        if document.data is None:
            return None
        session = cls(run.id, run.name, run.graph, document.data, run.settings, run.started)
        if not session.fits(document) or not _learnt_from(run.checkpoint, document.data):
            return None
        session.seconds = run.seconds
        session._checkpoint = run.checkpoint
        # What was set by hand after the run had paused or ended is in the document alone.
        session._changed = {
            key: (document.weights[key], array != document.weights[key])
            for key, array in run.checkpoint.weights.items()
            if key in document.weights and not np.array_equal(array, document.weights[key])
        }
        telemetry = Telemetry(run.settings.epochs, run.checkpoint.number("steps_per_epoch"))
        telemetry.curves = run.curves
        telemetry.step = run.checkpoint.number("step")
        telemetry.version = 1
        session._telemetry = telemetry
        return session

    # How it stands

    @property
    def telemetry(self) -> Telemetry | None:
        return self.trainer.telemetry if self.trainer else self._telemetry

    @property
    def epoch(self) -> int:
        """Epochs that are complete."""
        if self.trainer is not None:
            return self.trainer.epoch
        return self._checkpoint.epoch if self._checkpoint else 0

    @property
    def finished(self) -> bool:
        if self.trainer is not None:
            return self.trainer.finished
        kept, settings = self._checkpoint, self.settings
        stopped_early = kept is not None and kept.stopped_early(settings.patience)
        return stopped_early or self.epoch >= settings.epochs

    def fits(self, document: Document) -> bool:
        """Whether the document still has the network and the data of this run."""
        return document.data == self.data and document.graph.same_computation(self.graph)

    def can_go_on(self, settings: TrainingSettings) -> bool:
        """Whether these settings leave something to train."""
        if settings == self.settings:
            return not self.finished
        return self.epoch < settings.epochs

    @property
    def divergence(self) -> str:
        """Why training diverged; empty if it did not."""
        error = self.trainer.divergence if self.trainer else None
        return str(error) if error else ""

    # In the worker's thread

    def run(self, dataset: Dataset, control: Control) -> StopReason:
        """Train until finished or told to pause. Raises GlassboxError."""
        return self._timed(lambda trainer: trainer.run(control), dataset)

    def step(self, dataset: Dataset) -> StopReason:
        """Train on one batch. Raises GlassboxError."""
        return self._timed(lambda trainer: trainer.step() or StopReason.PAUSED, dataset)

    def _timed(self, job: Callable[[Trainer], StopReason], dataset: Dataset) -> StopReason:
        if self.trainer is None:
            self.trainer = Trainer(
                self.graph,
                dataset,
                self.settings,
                checkpoint=self._checkpoint,
                weights=self._weights,
            )
            self._put_by_hand()
        began = self._clock()
        try:
            return job(self.trainer)
        finally:
            self.seconds += self._clock() - began

    # Between two stretches of training

    def take(self, settings: TrainingSettings) -> None:
        """Go on under other settings, from where the run stands, also after an early stop."""
        if settings == self.settings:
            return
        if self.trainer is not None:
            self._telemetry = self.trainer.telemetry
            self._checkpoint = self.trainer.checkpoint()
            self.trainer = None
        if self._checkpoint is not None:
            self._checkpoint = self._checkpoint.going_on(settings.patience)
        self.settings = settings

    def regroup(self, moves: Sequence[Moved], graph: Graph) -> None:
        """Go on with the same neurons in another graph: weights, optimiser and curves go along.

        graph: that of this run, but that neurons became a layer, or a layer became neurons.
        """
        kept = self.checkpoint
        if kept is not None:
            self._note_by_hand(kept.weights)
            self._telemetry = self.telemetry
            self._checkpoint = regrouped(kept, moves)
        self.trainer = None
        self.graph = graph.copy()
        self._weights = carried(moves, self._weights)
        arrays = carried(moves, {key: array for key, (array, _) in self._changed.items()})
        places = carried(moves, {key: where for key, (_, where) in self._changed.items()})
        self._changed = {key: (array, places[key]) for key, array in arrays.items()}

    @property
    def checkpoint(self) -> Checkpoint | None:
        """What the run can go on from, as of now; None before it began."""
        if self.trainer is None or not self.trainer.steps_done:
            return self._checkpoint
        checkpoint = self.trainer.checkpoint()
        checkpoint.plain[DATA] = self.data.to_plain()
        return checkpoint

    def _note_by_hand(self, weights: Weights) -> None:
        """Keep numbers set by hand before there is a trainer with the arrays that they are in."""
        for (node_id, name, index), value in self._by_hand.items():
            given = weights.get((node_id, name))
            if given is None or index >= given.size:
                continue
            array, places = self._changed.get((node_id, name), (given, np.zeros(given.shape, bool)))
            array, places = array.copy(), places.copy()
            array.flat[index], places.flat[index] = value, True
            self._changed[node_id, name] = (array, places)
        self._by_hand = {}

    def _put_by_hand(self) -> None:
        """Put into a trainer just made what was set by hand before there was one."""
        assert self.trainer is not None
        for weights in (self.trainer.parameters.weights(), self.weights()):
            for key, (array, changed) in self._changed.items():
                np.copyto(weights[key], array, where=changed)
        for place, value in self._by_hand.items():
            self.set_weight(*place, value)
        self._changed, self._by_hand = {}, {}

    def set_weight(self, node_id: str, name: str, index: int, value: float) -> None:
        """Go on with a number that was set by hand, at its place in reading order."""
        if self.trainer is None:
            self._by_hand[node_id, name, index] = value
            return
        trained = self.trainer.parameters.weights()
        for weights in (trained, self.weights()):
            array = weights.get((node_id, name))
            if array is not None and index < array.size:
                array.flat[index] = value

    def weights(self) -> Weights:
        """Views of the weights as they are now; empty before there are any."""
        if self.trainer is None:
            return {}
        return self.trainer.result

    def record(self) -> Run | None:
        """What the project keeps of the run; None before it began."""
        if self.trainer is None or not self.trainer.steps_done:
            return None
        checkpoint = self.checkpoint
        assert checkpoint is not None  # it has trained
        metrics: dict[str, dict[str, float]] = {}
        for name, value in self.trainer.telemetry.latest().items():
            metric, _, part = name.partition("/")
            if part in ("train", "validation"):
                metrics.setdefault(part, {})[metric] = value
        return Run(
            self.id,
            self.name,
            self.settings,
            self.graph,
            checkpoint,
            metrics,
            self.started,
            self.seconds,
        )


def _learnt_from(checkpoint: Checkpoint, data: DataSettings) -> bool:
    """Whether a run learnt from this data, also if it was kept before there were all settings."""
    given = checkpoint.plain.get(DATA)
    if not isinstance(given, dict):
        return True
    try:
        return DataSettings(**given) == data
    except GlassboxError:  # of a source that is no longer known
        return False


def weights_fit(document: Document) -> bool:
    """Whether the document's weights are those that its network needs, no more and no fewer."""
    needed = {
        (node_id, name): shape
        for node_id, found in document.inference.items()
        for name, shape in found.weight_shapes.items()
    }
    return needed == {key: array.shape for key, array in document.weights.items()}


def frozen_weights(document: Document) -> Weights:
    """What the frozen nodes have learnt, as far as it still fits: a new run begins with it."""
    graph = document.graph
    return {
        (node_id, name): document.weights[node_id, name]
        for node_id, found in document.inference.items()
        for name, shape in found.weight_shapes.items()
        if graph.node(node_id).frozen
        and (node_id, name) in document.weights
        and document.weights[node_id, name].shape == shape
    }
