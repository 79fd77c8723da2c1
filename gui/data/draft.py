"""The data that a user looks at before using it: settings under trial, and what they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.data import DataSettings, Source, Table
from engine.data.dataset import Dataset, prepare_table
from engine.data.suggest import suggest
from engine.data.table import Array
from engine.data.target import guess_target
from engine.errors import DataError, FieldError
from gui.data.summary import Summary, summarise
from gui.document.document import Document
from gui.training.latest import Latest, Report


@dataclass(frozen=True, eq=False)
class Study:
    """A table, and what its settings make of it.

    pictures: (N, C, H, W) from 0 to 1 where the rows are pictures.
    dataset: None where the settings do not work out; `failure` then says why.
    """

    settings: DataSettings
    table: Table
    summaries: tuple[Summary, ...]
    pictures: Array | None = None
    dataset: Dataset | None = None
    failure: str = ""

    @property
    def target(self) -> str:
        """The column to predict, guessed where the settings name none."""
        return self.settings.target or guess_target(self.table)


class Draft(QObject):
    """Settings that are tried out in a worker; the document is untouched until `use`.

    Whatever goes wrong leaves the last table on show.

    Emits
        changed: other settings, another table, another result, or a failure.
        read_again: a reload has ended, and its result is on show.
        progressed (float), busy_changed (bool): of the work under way.
    """

    changed = Signal()
    read_again = Signal()
    progressed = Signal(float)
    busy_changed = Signal(bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.settings: DataSettings | None = None
        self.study: Study | None = None
        self.failure = ""
        self._reloading = False
        self._adopted: DataSettings | None = None
        self._before_work: DataSettings | None = None
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

    @property
    def busy(self) -> bool:
        return self._work.busy

    @property
    def dataset(self) -> Dataset | None:
        """What the settings on show give, once that is known."""
        study = self.study
        return study.dataset if study and study.settings == self.settings else None

    @property
    def in_use(self) -> bool:
        return self.settings is not None and self.settings == self.document.data

    def follow(self) -> None:
        """Show the document's own data if it has changed since; else leave what is tried out."""
        if self.document.data != self._adopted:
            self.adopt()

    def adopt(self) -> None:
        """Show the document's own data."""
        self._adopted = self.document.data
        if self.document.data is not None and not self.in_use:
            self._try(self.document.data)
        elif self.document.data is None and self.settings is not None:
            self._work.cancel()
            self.settings, self.study, self.failure = None, None, ""
            self.changed.emit()

    def choose(self, source: Source) -> None:
        """Look at another source, with settings that suit it; the same one is read anew."""
        self._load(source, None)

    def reload(self) -> None:
        """Read the source anew, with the same settings."""
        if self.settings is not None:
            self._load(self.settings.source, self.settings)
            self._reloading = True

    def edit(self, name: str, value: object) -> None:
        """Change one of the settings. Raises FieldError."""
        self.edit_all({name: value})

    def edit_all(self, changes: Mapping[str, object]) -> None:
        """Change several of the settings at once. Raises FieldError."""
        if self.settings is None:
            raise FieldError("There is no data to set up yet. Choose a data set first.")
        self._try(self.settings.replaced(**changes))

    def cancel(self) -> None:
        """Give the work up and show the settings of before."""
        self._work.cancel()
        given_up, self.settings = self.settings, self._before_work
        self._fall_back(given_up)
        self.changed.emit()

    def shut_down(self) -> None:
        self._work.shut_down()

    def _try(self, settings: DataSettings) -> None:
        if settings == self.settings:
            return
        study = self.study
        if study is None or study.settings.source != settings.source:
            self._load(settings.source, settings)
            return
        self._begin(settings)
        self._work.start(lambda report: with_dataset(replace(study, settings=settings), report))

    def _load(self, source: Source, settings: DataSettings | None) -> None:
        self._begin(settings or DataSettings(source=source))
        self._work.start(lambda report: studied(source, settings, report))

    def _begin(self, settings: DataSettings) -> None:
        if not self.busy:
            self._before_work = self.study.settings if self.study else None
        self.settings = settings
        self.failure = ""
        self._reloading = False
        self.changed.emit()

    def _take(self, study: Study) -> None:
        self.study = study
        self.settings = study.settings
        # What was refused before this table was fallen back to is still worth saying.
        self.failure = study.failure or self.failure
        self.changed.emit()
        if self._reloading:
            self._reloading = False
            self.read_again.emit()

    def _fail(self, sentence: str, details: str) -> None:
        # The table before stays on show, and so do its settings.
        refused, self.settings = self.settings, self.study.settings if self.study else None
        self._fall_back(refused)
        self.failure = sentence
        self.changed.emit()

    def _fall_back(self, refused: DataSettings | None) -> None:
        """Where there is no table before, show that of the document."""
        if self.study is None and refused != self.document.data:
            self.adopt()


def studied(source: Source, settings: DataSettings | None, report: Report) -> Study:
    """Load a source and try settings on it, or those that are suggested. Raises DataError."""
    table = source.load(lambda share: report(0.7 * share))
    if not table.columns or not len(table):
        raise DataError("The data has no rows. Choose another file.")
    settings = settings or suggest(source, table)
    if settings.target and settings.target not in table:
        settings = settings.replaced(target="")
    summaries = []
    for number, column in enumerate(table.columns):
        summaries.append(summarise(column))
        report(0.7 + 0.1 * number / len(table.columns))
    study = Study(settings, table, tuple(summaries), pictures_of(table))
    return with_dataset(study, lambda share: report(0.8 + 0.2 * share))


def with_dataset(study: Study, report: Callable[[float], None]) -> Study:
    """The same study with what its settings give, or with the sentence why they do not."""
    try:
        dataset = prepare_table(study.table, study.settings, report)
    except DataError as error:
        return replace(study, dataset=None, failure=str(error))
    return replace(study, dataset=dataset, failure="")


def pictures_of(table: Table) -> Array | None:
    """The rows as pictures (N, C, H, W) from 0 to 1; None if they are none."""
    if table.image_shape is None:
        return None
    columns = [c.values for c in table.columns if c.name != table.target and c.kind == "number"]
    if len(columns) == 1 and columns[0].dtype == np.float32:
        return columns[0]  # images are from 0 to 1 already, and may be large
    pixels = np.stack(columns, axis=1).reshape(len(table), *table.image_shape)
    least = min(0.0, float(np.nanmin(pixels, initial=0.0)))
    span = float(np.nanmax(pixels, initial=0.0)) - least or 1.0
    return np.asarray((np.nan_to_num(pixels, nan=least) - least) / span, dtype=np.float32)
