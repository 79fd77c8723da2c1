"""One job at a time beside the window, where only the newest counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QObject, Signal

from engine.errors import GlassboxError
from gui.training.worker import Cancelled, Job, Worker


class Report(Protocol):
    """Takes the share of a job that is done, and what it has found if that is of use already.

    Raises Cancelled if nobody waits for it any more.
    """

    def __call__(self, share: float, so_far: object = None) -> None: ...


Work = Callable[[Report], Any]


class FaultError(GlassboxError):
    """Work beside the window was stopped by a fault in the program."""


class Latest(QObject):
    """Runs jobs in threads of their own; starting another gives the one before up.

    fault: what to say of a fault in the program; what it was is put in place of `{}`.

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

    def __init__(self, fault: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fault = fault
        self._newest: Job | None = None
        self._worker = Worker(self)
        self._worker.progressed.connect(self._pass_on)
        self._worker.ended.connect(self._end)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.shut_down)

    @property
    def busy(self) -> bool:
        return self._newest is not None

    @property
    def so_far(self) -> Any:
        """What the newest job has found before its end; None if nothing."""
        return self._newest.result if self._newest else None

    def start(self, work: Work) -> None:
        """Run `work`, which reports its progress and stops where reporting raises."""
        was_busy = self.busy
        self._give_up()
        self._newest = self._worker.start(lambda job: self._explained(work, job))
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
        self._worker.wait()

    def _give_up(self) -> None:
        if self._newest is not None:
            self._newest.cancel()
            self._newest = None

    def _pass_on(self, share: float) -> None:
        if self.busy:
            self.progressed.emit(share)

    def _end(self, job: Job) -> None:
        if job is not self._newest:
            return
        self._newest = None
        if job.failure:
            self.failed.emit(job.failure, job.details)
        else:
            self.finished.emit(job.result)
        if not self.busy:
            self.busy_changed.emit(False)

    def _explained(self, work: Work, job: Job) -> object:
        try:
            return work(job.report)
        except (GlassboxError, Cancelled, MemoryError):
            raise
        except Exception as error:
            raise FaultError(self._fault.format(repr(error))) from error
