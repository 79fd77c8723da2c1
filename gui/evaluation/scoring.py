"""How the scores of classes are told: their average, and among how many guesses one is found."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.evaluation.report import Report
from engine.fields import Choice, Integer
from engine.metrics import METRICS, Metric, Precision, Scoring, TopAccuracy
from gui.document.habits import Habits
from gui.forms import spoken
from gui.settings import Average
from gui.widgets import ChoiceField, NumberField, labelled

WIDTH = 236
LEAST_CLASSES = 3
"""Of two classes one of two guesses is always right."""


def averages(report: Report) -> dict[str, str]:
    """In which ways the scores of its classes become one number."""
    field = Precision.field("average")
    assert isinstance(field, Choice)
    ways = {key: spoken(label) for key, label in field.options.items()}
    if len(report.prediction) == 1 and report.classes:
        pattern = QCoreApplication.translate("Averages", "Binary: of {0} alone")
        ways["macro"] = pattern.format(report.classes[-1])
    return ways


class ScoringBar(QWidget):
    """Chooses, of reports on classes; hidden where values are predicted.

    habits: where the choice is kept.

    Emits
        changed: another choice was made.
    """

    changed = Signal()

    def __init__(self, habits: Habits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._habits = habits
        self.average = ChoiceField({}, parent=self)
        self.average.setFixedWidth(WIDTH)
        self.average.setToolTip(spoken(Precision.field("average").help))
        self.average.committed.connect(self._set_average)
        guesses = Integer(1, minimum=1, help=spoken(TopAccuracy.field("k").help))
        self.top = NumberField(guesses, parent=self)
        self.top.setToolTip(
            self.tr("A class counts as found among so many guesses; 1 is the accuracy.")
        )
        self.top.changed.connect(self._set_top)
        self.top.setFixedWidth(56)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        average, self._guesses = self.tr("Average"), labelled(self.tr("Top-k"), self.top)
        for name, field, part in (
            (average, self.average, labelled(average, self.average)),
            (self.tr("Top-k accuracy"), self.top, self._guesses),
        ):
            field.setAccessibleName(name)
            field.setAccessibleDescription(field.toolTip())
            row.addWidget(part)

    def show_for(self, report: Report) -> None:
        """Offer what there is to choose for a report."""
        self.setVisible("precision" in report.metrics)
        self.average.set_options(averages(report))
        self.average.set_value(self._habits.average)
        classes = len(report.prediction)
        self._guesses.setVisible(bool(report.classes) and classes >= LEAST_CLASSES)
        if not self._guesses.isHidden():
            field = Integer(1, minimum=1, maximum=classes - 1, help=self.top.help)
            self.top.set_field(field)
            self.top.set_value(self._top(classes))

    def metrics(self, report: Report) -> list[Metric]:
        """The metrics of a report as they are to be told, in their order."""
        if "precision" not in report.metrics:
            return [METRICS.get(kind)() for kind in report.metrics if kind in METRICS]
        classes = len(report.prediction)
        top = self._top(classes)
        chosen = Scoring(self._habits.average, top if top > 1 else 0).metrics(len(report.classes))
        told = set(report.metrics) - {TopAccuracy.kind} | ({TopAccuracy.kind} if top > 1 else set())
        return [metric for metric in chosen if metric.kind in told]

    def _top(self, classes: int) -> int:
        """How many guesses count; 1 where only the first does.

        What was chosen for more classes than there are says nothing of these.
        """
        if classes < LEAST_CLASSES:
            return 1
        if 0 < self._habits.top < classes:
            return self._habits.top
        return TopAccuracy().k if classes >= TopAccuracy.least_classes else 1

    def _set_average(self, average: str) -> None:
        self._habits.average = cast(Average, average)
        self.changed.emit()

    def _set_top(self, top: int) -> None:
        self._habits.top = top
        self.changed.emit()
