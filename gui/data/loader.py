"""Keeps the document's data set in step with its data settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from engine.data import DataSettings
from engine.data.dataset import Dataset, prepare
from gui.document.document import Document
from gui.training.latest import Latest, Report

KEPT = 3
"""Data sets remembered, so that undo and redo of a choice of data are immediate."""


class DatasetLoader(QObject):
    """Prepares `document.data` in a worker whenever it changes, and sets `document.dataset`.

    Emits
        progressed (float): the share that is loaded.
        busy_changed (bool): loading has begun or ended.
        failed (str): why the data cannot be had, in one sentence; also kept in `failure`.
    """

    progressed = Signal(float)
    busy_changed = Signal(bool)
    failed = Signal(str)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.failure = ""
        self._kept: dict[DataSettings, Dataset] = {}
        self._work = Latest(
            self.tr(
                "The data cannot be loaded because of a fault in the program ({}). "
                "Choose other data, and please report this."
            ),
            self,
        )
        self._work.progressed.connect(self.progressed)
        self._work.busy_changed.connect(self.busy_changed)
        self._work.finished.connect(self._take)
        self._work.failed.connect(self._fail)
        # The document forgets its data set after it has announced other data; so it is looked at
        # once it has come to rest.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.load)
        document.data_changed.connect(self._soon.start)
        document.graph_replaced.connect(self._kept.clear)
        self._soon.start()

    @property
    def busy(self) -> bool:
        return self._work.busy

    def keep(self, settings: DataSettings, dataset: Dataset) -> None:
        """Remember a data set that was prepared already, for when the document wants it."""
        self._kept.pop(settings, None)
        self._kept[settings] = dataset
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]

    def forget(self) -> None:
        """Read everything anew from now on, since a file has changed."""
        self._kept.clear()

    def load(self) -> None:
        """Prepare what the document's settings say, unless it has been done."""
        self.failure = ""
        settings = self.document.data
        if settings is None or self.document.dataset is not None:
            self._work.cancel()
        elif settings in self._kept:
            self._work.cancel()
            self.document.set_dataset(self._kept[settings])
        else:

            def job(report: Report) -> tuple[DataSettings, Dataset]:
                return settings, prepare(settings, report)

            self._work.start(job)

    def cancel(self) -> None:
        """Give loading up; the document's data set stays unknown."""
        self._soon.stop()
        self._work.cancel()

    def shut_down(self) -> None:
        """Wait for the worker, before the window closes."""
        self._soon.stop()
        self._work.shut_down()

    def _take(self, result: tuple[DataSettings, Dataset]) -> None:
        settings, dataset = result
        self.keep(settings, dataset)
        if settings == self.document.data and self.document.dataset is None:
            self.document.set_dataset(dataset)

    def _fail(self, sentence: str, details: str) -> None:
        self.failure = sentence
        self.failed.emit(sentence)
