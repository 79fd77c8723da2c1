"""Writes the file and vouches for it, in a thread beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, Signal

from engine.data.dataset import Dataset
from engine.data.encoding import Encoding
from engine.errors import ExportError, GlassboxError
from engine.graph.model import Graph
from engine.interop.batch import example_batch
from engine.interop.verify import Verification, verify_onnx
from engine.plan.parameters import Weights
from gui.training.worker import Cancelled, Job, Worker


@dataclass(frozen=True)
class Request:
    """What to export, independent of further edits and of training that goes on."""

    path: Path
    graph: Graph
    weights: Weights
    encoding: Encoding | None
    dataset: Dataset | None


@dataclass(frozen=True)
class Exported:
    """A file that was written, and what its verification found."""

    path: Path
    size: int
    from_data: bool
    verification: Verification


class Exporter(QObject):
    """One export at a time.

    Emits
        progressed (float): the share that is done.
        exported (Exported): the file is there.
        failed (str, str): why it is not, in one sentence, and the details.
        busy_changed (bool).
    """

    progressed = Signal(float)
    exported = Signal(object)
    failed = Signal(str, str)
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
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

    def export(self, request: Request) -> None:
        self.cancel()
        self._newest = self._worker.start(lambda job: exported(request, job))
        self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Give up at once; a file that is written already stays."""
        if self._newest is not None:
            self._newest.cancel()
            self._newest = None
            self.busy_changed.emit(False)

    def shut_down(self) -> None:
        """Give up and wait for the threads, before the window goes."""
        self.cancel()
        self._worker.wait()

    def _pass_on(self, share: float) -> None:
        if self.busy:
            self.progressed.emit(share)

    def _end(self, job: Job) -> None:
        if job is not self._newest:
            return
        self._newest = None
        self.busy_changed.emit(False)
        if job.failure:
            self.failed.emit(job.failure, job.details)
        else:
            self.exported.emit(job.result)


def exported(request: Request, job: Job) -> Exported:
    """Write the file, then run both sides on the same batch. Raises GlassboxError, Cancelled."""
    try:
        return _exported(request, job)
    except (GlassboxError, Cancelled, MemoryError):
        raise
    except Exception as error:
        raise ExportError(
            f"The export stopped because of a fault in the program ({error!r}). Please report this."
        ) from error


def _exported(request: Request, job: Job) -> Exported:
    from engine.interop.onnx_export import export_onnx  # onnx takes a while to import

    job.report(0.1)
    batch, is_data = example_batch(request.graph, request.dataset, np.random.default_rng(0))
    encoding = request.encoding.to_plain() if request.encoding else None
    export_onnx(request.graph, request.weights, request.path, encoding, request.path.stem)
    job.report(0.6)
    found = verify_onnx(request.path, request.graph, request.weights, batch)
    job.report(1.0)
    return Exported(request.path, request.path.stat().st_size, is_data, found)
