"""Train, pause, step, reset: what the window can ask of a training."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import Enum

from PySide6.QtCore import QObject, Signal

from engine.data.dataset import Dataset, prepare
from engine.graph.model import Graph
from engine.graph.regroup import Moved, carried
from engine.plan.parameters import Parameters, Weights
from engine.training.control import StopReason
from engine.training.history import Run
from engine.training.telemetry import Telemetry
from gui.document.document import Document
from gui.training.bridge import Bridge
from gui.training.gate import Gate
from gui.training.session import Session, frozen_weights, weights_fit
from gui.training.turns import Turns
from gui.training.values import LiveValues
from gui.training.worker import Job, Worker

SWITCH_INTERVAL = 0.001
"""Seconds after which Python's lock changes hands while training. The usual 5 ms, paid at each
of the many hand-overs of a paint, would make the window stutter."""

STEPS_PER_SECOND: dict[str, float | None] = {"slow": 10.0, "watch": 300.0, "full": None}
"""Speeds of training by name; None is as fast as it can. A speed changes no number of a run."""


class State(Enum):
    """Where a training stands."""

    IDLE = "idle"
    LOADING = "loading"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"


class TrainingController(QObject):
    """The one run that a document has under way, in a thread of its own.

    The run keeps its own copy of the graph: editing never changes it. When it pauses,
    finishes or fails, its weights and its checkpoint go into the document.

    load: makes the data set of data settings; called in the worker's thread.

    Emits
        state_changed (State).
        loading (float): the share of the data that is loaded.
        refreshed (Telemetry): look at it now; at most 30 times a second, within the budget.
            What takes long to draw joins `turns` instead, and looks here only at rest.
        run_changed: another run is shown, or none.
        run_failed (str): why a run ended or could not begin, in one sentence.
        message (str): something the user should know, such as that a new run began.
    """

    state_changed = Signal(object)
    loading = Signal(float)
    refreshed = Signal(object)
    run_changed = Signal()
    run_failed = Signal(str)
    message = Signal(str)

    def __init__(
        self,
        document: Document,
        load: Callable[..., Dataset] = prepare,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.state = State.IDLE
        self.failure = ""
        self.details = ""
        self.gate = Gate()
        self.bridge = Bridge(self.gate, parent=self)
        self.bridge.refreshed.connect(self._refresh)
        self.turns = Turns()
        self._load = load
        self.values = LiveValues(self)
        self._session: Session | None = None
        self._job: Job | None = None
        self._worker = Worker(self)
        self._worker.progressed.connect(self.loading)
        self._worker.ended.connect(self._ended)
        self._usual_interval = sys.getswitchinterval()
        self._stepping = False
        self._compared: frozenset[str] = frozenset()
        self._followed: Weights | None = None
        self._has_regrouped = False
        document.graph_replaced.connect(self._adopt_opened)
        document.run_chosen.connect(self._adopt_chosen)
        document.weight_set.connect(self._set_weight)
        document.regroup_began.connect(self._before_regrouping)
        document.regrouped.connect(self._follow_regrouping)
        document.graph_changed.connect(self._after_regrouping)
        self._adopt_opened()

    # What there is to see

    @property
    def telemetry(self) -> Telemetry | None:
        """Of the run that is shown; safe to read while it trains."""
        return self._session.telemetry if self._session else None

    @property
    def graph(self) -> Graph:
        """The graph of the run that is shown, else the document's."""
        return self._session.graph if self._session else self.document.graph

    @property
    def shows_run(self) -> bool:
        """Whether what is seen on the canvas is the run's: it trains, or nothing was changed since.

        Else the network was edited, and has no weights of its own yet.
        """
        session = self._session
        if session is None:
            return False
        return self.busy or session.graph.same_computation(self.document.graph)

    @property
    def parameters(self) -> Parameters | None:
        """All weights of the run, as long as it has a trainer; they change while it trains."""
        trainer = self._session.trainer if self._session and self.shows_run else None
        return trainer.parameters if trainer else None

    @property
    def busy(self) -> bool:
        return self.state in (State.LOADING, State.RUNNING)

    def weights(self) -> Weights:
        """The weights as they are now: those in training, else those of the document.

        Views, which change while training goes on.
        """
        return (self._session.weights() if self._session else {}) or self.document.weights

    def earlier_runs(self, most: int) -> list[Run]:
        """The runs to compare with the one that is shown, the newest first.

        Those that were chosen with `compare`, else the newest.
        """
        shown = self._session.id if self._session else ""
        runs = [run for run in reversed(self.document.runs) if run.id != shown]
        chosen = [run for run in runs if run.id in self._compared]
        return chosen or runs[:most]

    def compare(self, ids: Iterable[str]) -> None:
        """Compare with these runs; with none, with the newest again."""
        self._compared = frozenset(ids)
        self._announce()

    # What can be asked

    def set_speed(self, speed: str) -> None:
        """Train as fast as one can watch, or as the machine can, from the next batch on."""
        self.gate.steps_per_second = STEPS_PER_SECOND[speed]

    def train(self) -> None:
        """Train, or go on where a run was paused or stepped."""
        if not self.busy:
            self._begin(stepping=False)

    def pause(self) -> None:
        """Stop after the batch under way, ready to go on. Gives up loading."""
        if self.state is State.RUNNING:
            self.gate.pause()
        elif self.state is State.LOADING:
            self._leave_job()
            self._set_state(self._resting_state())

    def step(self) -> None:
        """Train on one batch; pauses a run that is under way."""
        if self.state is State.RUNNING:
            self.pause()
        elif not self.busy:
            self._begin(stepping=True)

    def reset(self) -> None:
        """Forget the run and its weights. What was kept of it stays among the runs."""
        self._halt()
        self._session = None
        if self.document.weights:
            self.document.set_weights({})
        self._set_state(State.IDLE)
        self.run_changed.emit()

    def shut_down(self) -> None:
        """Stop training and keep what was learnt, before the window closes."""
        was_training = self.state is State.RUNNING
        self._halt()
        if was_training:
            self._keep()
            self._set_state(self._resting_state())
        self._worker.wait()

    # Beginning

    def _begin(self, stepping: bool) -> None:
        if self.document.data is None:
            self._fail(
                self.tr("There is no data to learn from. Choose a data set, or drop a CSV file.")
            )
            return
        self._stepping = stepping
        self._choose_session()
        if self.document.dataset is None:
            self._set_state(State.LOADING)
            data = self.document.data
            self._job = self._worker.start(lambda job: self._load(data, job.report))
        else:
            self._run(self.document.dataset)

    def _choose_session(self) -> None:
        """Go on with the run there is, if it can and still fits the document."""
        session, document = self._session, self.document
        if session is not None and self.state is not State.FAILED:
            if not session.fits(document):
                if self.state is State.PAUSED:
                    self.message.emit(
                        self.tr("The network or the data has changed, so a new run begins.")
                    )
            elif session.can_go_on(document.training):
                session.take(document.training)
                return
        # Weights without a run came with an imported or copied network: go on from them.
        given = document.weights if session is None and weights_fit(document) else {}
        if not given and (given := frozen_weights(document)):
            self.message.emit(self.tr("What is frozen stays as it is; all else begins anew."))
        self._session = Session.fresh(document, given)
        self.run_changed.emit()

    def _run(self, dataset: Dataset) -> None:
        session = self._session
        assert session is not None
        self.gate.clear()
        self._usual_interval = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_INTERVAL)
        self.failure = self.details = ""
        self._set_state(State.RUNNING)
        self.bridge.start()
        if self._stepping:
            self._job = self._worker.start(lambda job: session.step(dataset))
        else:
            self._job = self._worker.start(lambda job: session.run(dataset, self.gate))

    # Ending

    def _ended(self, job: Job) -> None:
        if job is not self._job:
            return  # nobody waits for it any more
        self._job = None
        if self.state is State.LOADING:
            self._loaded(job)
            return
        self._stand_still()
        self._keep()
        self._announce()
        failure = job.failure or (self._session.divergence if self._session else "")
        if failure:
            self._fail(failure, job.details)
        elif job.result in (StopReason.FINISHED, StopReason.EARLY):
            self._set_state(State.FINISHED)
        else:
            self._set_state(State.PAUSED)

    def _loaded(self, job: Job) -> None:
        if job.failure:
            self._fail(job.failure, job.details)
            return
        dataset = job.result
        assert isinstance(dataset, Dataset)
        self.document.set_dataset(dataset)
        self._run(dataset)

    def _stand_still(self) -> None:
        self.bridge.stop()
        sys.setswitchinterval(self._usual_interval)

    def _keep(self) -> None:
        """Put the run and its weights into the document."""
        run = self._keep_run()
        if run is not None:
            dataset = self.document.dataset
            encoding = dataset.encoding if dataset else None
            self.document.set_weights(run.checkpoint.weights, encoding)

    def _keep_run(self) -> Run | None:
        run = self._session.record() if self._session else None
        if run is not None:
            runs = [run if old.id == run.id else old for old in self.document.runs]
            self.document.set_runs(runs if run in runs else [*runs, run])
        return run

    def _halt(self) -> None:
        """End the worker, now, whatever it does."""
        if self.state is State.RUNNING:
            self.gate.stop()
            if self._job is not None:
                self._worker.wait(self._job)
                self._job = None
            self._stand_still()
        self._leave_job()

    def _leave_job(self) -> None:
        """Let a loading that nobody wants run out by itself."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _adopt_opened(self) -> None:
        """Take up the run that the weights of a project just opened come from."""
        self._halt()
        self._adopt(self.document.run_of_weights())

    def _adopt_chosen(self, run: Run | None) -> None:
        """Go on from a run that the user brought back, or undid that; keep the one under way."""
        was_training = self.state is State.RUNNING
        self._halt()
        if was_training:
            self._keep_run()
        self._adopt(run)

    def _adopt(self, run: Run | None) -> None:
        self._session = Session.of_run(run, self.document) if run else None
        self.values.renew()
        self._set_state(self._resting_state())
        self.run_changed.emit()

    def _set_weight(self, node_id: str, name: str, index: int, value: float) -> None:
        """Let the run go on with a number that was set by hand, also while it trains."""
        if self._session is not None and self._session.fits(self.document):
            self._session.set_weight(node_id, name, index, value)
        if self.state is not State.RUNNING:
            self._announce()

    def _before_regrouping(self) -> None:
        """A run at rest follows if it is of the network there is; then its weights go along."""
        session = self._session
        follows = session is not None and not self.busy and session.fits(self.document)
        self._followed = self.document.weights if follows else None

    def _follow_regrouping(self, moves: Sequence[Moved]) -> None:
        """Let the run go on where neurons became a layer, or a layer became neurons."""
        session, weights, self._followed = self._session, self._followed, None
        if session is None or weights is None:
            return
        session.regroup(moves, self.document.graph)
        if session.checkpoint is not None:
            self.document.set_runs(
                replace(run, graph=session.graph, checkpoint=session.checkpoint)
                if run.id == session.id
                else run
                for run in self.document.runs
            )
        # Also undone: what was learnt since the edit is newer than what the history has kept.
        self.document.put_weights(carried(moves, weights))
        self._has_regrouped = True

    def _after_regrouping(self) -> None:
        """Show the run anew once the edit is whole."""
        if self._has_regrouped:
            self._has_regrouped = False
            self.values.renew()
            self.run_changed.emit()

    def _resting_state(self) -> State:
        if self._session is None or self._session.telemetry is None:
            return State.IDLE
        return State.FINISHED if self._session.finished else State.PAUSED

    # Announcing

    def _set_state(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _refresh(self) -> None:
        self._announce()
        self.turns.next()

    def _announce(self) -> None:
        self.values.renew()
        self.refreshed.emit(self.telemetry)

    def _fail(self, sentence: str, details: str = "") -> None:
        self.failure, self.details = sentence, details
        self._set_state(State.FAILED)
        self.run_failed.emit(sentence)
