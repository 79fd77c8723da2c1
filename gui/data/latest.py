"""One job at a time beside the window, where only the newest counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from engine.errors import DataError, GlassboxError
from gui.training.worker import Cancelled, Worker

Report = Callable[[float], None]
Job = Callable[[Report], Any]


class Latest(QObject):
    """Runs jobs in threads of their own; starting another gives the one before up.

    Emits
        progressed (float): the share of the newest job that is done.
        finished (object): what the newest job returned.
        failed (str, str): why it could not, in one sentence, and the details of a fault.
        busy_changed (bool): a job is under way, or none.
    """

    progressed = Signal(float)
    finished = Signal(object)
    failed = Signal(str, str)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: Worker | None = None
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.shut_down)

    @property
    def busy(self) -> bool:
        return self._newest is not None

    def start(self, job: Job) -> None:
        """Run `job`, which reports its progress and stops where reporting raises."""
        was_busy = self.busy
        self._give_up()
        worker = Worker(lambda worker: _explained(job, worker), self)
        self._newest = worker
        worker.progressed.connect(lambda share: self._pass_on(worker, share))
        worker.ended.connect(self._end)
        worker.finished.connect(worker.deleteLater)
        worker.start()
        if not was_busy:
            self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Give the job up at once; whatever it still does is thrown away."""
        if self.busy:
            self._give_up()
            self.busy_changed.emit(False)

    def shut_down(self) -> None:
        """Give up and wait for the threads, before the window goes."""
        self.cancel()
        for worker in self.findChildren(Worker):
            worker.wait()

    def _give_up(self) -> None:
        if self._newest is not None:
            self._newest.requestInterruption()
            self._newest = None

    def _pass_on(self, worker: Worker, share: float) -> None:
        if worker is self._newest:
            self.progressed.emit(share)

    def _end(self, worker: Worker) -> None:
        if worker is not self._newest:
            return
        self._newest = None
        if worker.failure:
            self.failed.emit(worker.failure, worker.details)
        else:
            self.finished.emit(worker.result)
        if not self.busy:
            self.busy_changed.emit(False)


def _explained(job: Job, worker: Worker) -> object:
    try:
        return job(worker.report)
    except (GlassboxError, Cancelled, MemoryError):
        raise
    except Exception as error:
        raise DataError(
            f"The data cannot be loaded because of a fault in the program ({error!r}). "
            "Choose other data, and please report this."
        ) from error
