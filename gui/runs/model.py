"""The runs of a project as a table model, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from engine.metrics import METRICS
from engine.training.history import Run
from gui.document.document import Document
from gui.forms import spoken
from gui.theme import mono_font, ui_font
from gui.widgets.units import metric_text, seconds_text

Index = QModelIndex | QPersistentModelIndex

NAME, METRIC, LOSS, SETTINGS, EPOCHS, TIME, STARTED = range(7)


@dataclass(frozen=True)
class Best:
    """The best value that a curve reached, and after how many epochs."""

    value: float
    epoch: float


def best_of(run: Run, name: str, higher: bool) -> Best | None:
    """The best point of a validation curve, or of the training one where there is none."""
    curves = run.curves
    curve = curves.get(f"{name}/validation") or curves.get(f"{name}/train")
    if curve is None or not len(curve):
        return None
    epochs, values = curve.points()
    if not np.isfinite(values).any():
        return None
    at = int(np.nanargmax(values) if higher else np.nanargmin(values))
    return Best(float(values[at]), float(epochs[at]))


def metric_kind(run: Run) -> str:
    """The first metric beside the loss that a run was judged by; empty if none."""
    for metrics in (run.metrics.get("validation", {}), run.metrics.get("train", {})):
        for name in metrics:
            if name in METRICS:
                return name
    return ""


class RunModel(QAbstractTableModel):
    """One row a run. The name can be edited; the check mark says to compare with it.

    Emits
        compared (tuple of run ids): other runs are to be compared with.
    """

    compared = Signal(object)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.runs: list[Run] = []
        self.checked: tuple[str, ...] = ()
        self._texts: dict[Run, dict[int, str]] = {}
        self.refresh()

    def refresh(self) -> None:
        """Follow the document; rows stay selected as long as no run comes or goes."""
        runs = list(reversed(self.document.runs))
        if [run.id for run in runs] == [run.id for run in self.runs]:
            self.runs = runs
            if runs:
                last = self.index(len(runs) - 1, STARTED)
                self.dataChanged.emit(self.index(0, 0), last)
        else:
            self.beginResetModel()
            self.runs = runs
            self.endResetModel()
        self._texts = {run: self._texts[run] for run in runs if run in self._texts}
        here = {run.id for run in runs}
        if not here.issuperset(self.checked):
            self._check(tuple(run_id for run_id in self.checked if run_id in here))

    def _check(self, ids: tuple[str, ...]) -> None:
        self.checked = ids
        self.compared.emit(ids)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else len(self.runs)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else STARTED + 1

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return (
                self.tr("Run"),
                self.tr("Best metric"),
                self.tr("Best loss"),
                self.tr("Optimiser"),
                self.tr("Epochs"),
                self.tr("Time"),
                self.tr("Started"),
            )[section]
        if role == Qt.ItemDataRole.ToolTipRole and section in (METRIC, LOSS):
            return self.tr("On validation, or on training where no rows are kept for validation")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run, column = self.runs[index.row()], index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return run.name if column == NAME else self._text(run, column)
        if role == Qt.ItemDataRole.CheckStateRole and column == NAME:
            on = run.id in self.checked
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(column)
        if role == Qt.ItemDataRole.FontRole:
            return ui_font(13, 600) if column == NAME else mono_font(12)
        if role == Qt.ItemDataRole.ToolTipRole and column == NAME:
            return self.tr("Tick to compare in the plots. F2 renames.")
        return None

    @staticmethod
    def _alignment(column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignLeft if column == NAME else Qt.AlignmentFlag.AlignRight
        return side | Qt.AlignmentFlag.AlignVCenter

    def _text(self, run: Run, column: int) -> str:
        if run not in self._texts:  # reading curves takes a while, and a run never changes
            self._texts[run] = self._texts_of(run)
        return self._texts[run][column]

    def _texts_of(self, run: Run) -> dict[int, str]:
        kind = metric_kind(run)
        best = best_of(run, kind, METRICS.get(kind).higher_is_better) if kind else None
        loss = best_of(run, "loss", higher=False)
        turns = [one.optimizer for one in run.settings.objectives]
        return {
            METRIC: f"{metric_text(kind, best.value)} {spoken(METRICS.get(kind)().title()).lower()}"
            if best
            else "–",
            LOSS: self.tr("{0} at {1}").format(f"{loss.value:.4g}", f"{loss.epoch:.3g}")
            if loss
            else "–",
            SETTINGS: " + ".join(
                f"{spoken(one.label)} {one.rate:g}" for one in turns or [run.settings.optimizer]
            ),
            EPOCHS: f"{run.epochs:,} / {run.settings.epochs:,}",
            TIME: seconds_text(run.seconds),
            STARTED: started_text(run.started),
        }

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == NAME:
            flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        run = self.runs[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            self.document.rename_run(run.id, str(value))
            return True
        if role == Qt.ItemDataRole.CheckStateRole:
            others = tuple(run_id for run_id in self.checked if run_id != run.id)
            on = Qt.CheckState(value) == Qt.CheckState.Checked
            self._check((*others, run.id) if on else others)
            self.dataChanged.emit(index, index)
            return True
        return False


def started_text(started: str) -> str:
    """`20 Nov 18:04` in local time; empty where it is not known."""
    try:
        return datetime.fromisoformat(started).astimezone().strftime("%d %b %H:%M")
    except ValueError:
        return ""
