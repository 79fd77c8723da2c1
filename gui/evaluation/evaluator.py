"""Evaluates the weights that there are now, in a thread beside the window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal

from engine.data.dataset import Dataset
from engine.errors import GlassboxError
from engine.evaluation.report import Report, report
from engine.graph.model import Graph
from engine.plan.parameters import Weights
from gui.training.worker import Cancelled, Job, Worker

PARTS = ("test", "validation", "train")

Reports = dict[str, Report]
"""One for each part of the data that has examples."""


class EvaluationError(GlassboxError):
    """An evaluation failed because of a fault in the program."""


class Evaluator(QObject):
    """Judges a network on all parts of a data set; another evaluation gives the one before up.

    Emits
        evaluated (Reports): of the newest evaluation.
        failed (str): why there is none, in one sentence.
        busy_changed (bool).
    """

    evaluated = Signal(object)
    failed = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: Job | None = None
        self._worker = Worker(self)
        self._worker.ended.connect(self._end)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.shut_down)

    @property
    def busy(self) -> bool:
        return self._newest is not None

    def evaluate(self, graph: Graph, weights: Weights, dataset: Dataset) -> None:
        """Begin; copies are taken at once, so that training may go on."""
        graph = graph.copy()
        weights = {key: array.copy() for key, array in weights.items()}
        self._give_up()
        self._newest = self._worker.start(lambda job: evaluated(graph, weights, dataset, job))
        self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Give up at once; whatever is still computed is thrown away."""
        if self.busy:
            self._give_up()
            self.busy_changed.emit(False)

    def shut_down(self) -> None:
        """Give up and wait for the threads, before the window goes."""
        self.cancel()
        self._worker.wait()

    def _give_up(self) -> None:
        if self._newest is not None:
            self._newest.cancel()
            self._newest = None

    def _end(self, job: Job) -> None:
        if job is not self._newest:
            return
        self._newest = None
        self.busy_changed.emit(False)
        if job.failure:
            self.failed.emit(job.failure)
        else:
            self.evaluated.emit(job.result)


def evaluated(graph: Graph, weights: Weights, dataset: Dataset, job: Job) -> Reports:
    """A report on each part that has examples. Raises GlassboxError, and Cancelled."""
    found: Reports = {}
    try:
        for part in PARTS:
            job.report(len(found) / len(PARTS))
            if len(dataset.part(part)):
                found[part] = report(graph, weights, dataset, part)
    except (GlassboxError, Cancelled, MemoryError):
        raise
    except Exception as error:
        raise EvaluationError(
            f"The evaluation stopped because of a fault in the program ({error!r}). "
            "Please report this."
        ) from error
    return found
