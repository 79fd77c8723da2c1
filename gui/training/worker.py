"""Jobs beside the window: loading the data, and training."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from engine.errors import GlassboxError


class Cancelled(Exception):  # noqa: N818 - it is no error
    """The job was told to give up."""


class Job:
    """One piece of work and what came of it.

    result: what the work returned, or has found so far.
    failure: why it raised, in one sentence; details: what a report of it needs.
    """

    def __init__(self, work: Callable[[Job], object], progressed: Callable[[float], None]) -> None:
        self.result: object = None
        self.failure = ""
        self.details = ""
        self._work = work
        self._progressed = progressed
        self._cancelled = False

    def cancel(self) -> None:
        """Let the work give up at its next report."""
        self._cancelled = True

    def report(self, share: float, so_far: object = None) -> None:
        """For the work: tell how far it is, and what it has found if that is of use already.

        Raises Cancelled if nobody waits for it any more.
        """
        if self._cancelled:
            raise Cancelled
        self.result = so_far
        self._progressed(share)

    def run(self) -> None:
        try:
            self.result = self._work(self)
        except Cancelled:
            self.failure = "It was cancelled."
        except GlassboxError as error:
            self.failure, self.details = str(error), repr(error)
        except MemoryError as error:
            self.failure = (
                "There is not enough memory for this. Use a smaller batch or a smaller network."
            )
            self.details = repr(error)
        except Exception:
            self.failure = (
                "Training stopped because of a fault in the program. What was learnt before "
                "is kept; please report the details."
            )
            self.details = traceback.format_exc()


class Worker(QObject):
    """Runs jobs, each in a thread of its own, and announces their end in the window's thread.

    One object serves all jobs, and waits for their threads before it goes: a thread
    never announces through an object that is deleted.

    Emits, in the thread that made the worker
        progressed (float): the share of a job that is done.
        ended (Job): a job has returned or raised, or gave up.
    """

    progressed = Signal(float)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads: dict[Job, threading.Thread] = {}
        self.ended.connect(self._forget)
        if parent is not None:
            threads = self._threads  # a method would go with this object, which is too early
            parent.destroyed.connect(lambda: _abandon(threads))

    def start(self, work: Callable[[Job], object]) -> Job:
        """Run `work` in a new thread. It is given the job, to report to."""
        job = Job(work, self.progressed.emit)
        # A thread of Python's own: Qt's may not outlive their object, and loading may have to.
        thread = threading.Thread(target=self._run, args=(job,), name="training", daemon=True)
        self._threads[job] = thread
        thread.start()
        return job

    def wait(self, job: Job | None = None) -> None:
        """Until a job is over, or all are."""
        for thread in [self._threads[job]] if job else list(self._threads.values()):
            thread.join()

    def _run(self, job: Job) -> None:
        job.run()
        self.ended.emit(job)

    def _forget(self, job: Job) -> None:
        self._threads.pop(job).join()


def _abandon(threads: dict[Job, threading.Thread]) -> None:
    """Give jobs up and wait for their threads."""
    for job in threads:
        job.cancel()
    for thread in list(threads.values()):
        thread.join()
