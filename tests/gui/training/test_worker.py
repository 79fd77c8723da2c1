"""Jobs in threads of their own outlive no object that they announce through."""

import threading

import shiboken6
from PySide6.QtCore import QObject

from gui.training.worker import Cancelled, Worker


def test_a_worker_that_goes_with_its_parent_waits_for_its_threads():
    parent = QObject()
    worker = Worker(parent)
    started, seen = threading.Event(), []

    def work(job):
        started.set()
        try:
            while True:
                job.report(0.5)
        except Cancelled:
            seen.append("cancelled")
            raise

    job = worker.start(work)
    started.wait()
    shiboken6.delete(parent)

    assert seen == ["cancelled"]
    assert job.failure == "It was cancelled."
    assert "training" not in [thread.name for thread in threading.enumerate()]
