"""Where the network is wrong: what it confuses or by how much it misses, and the worst cases."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.data.dataset import Dataset
from engine.evaluation.report import Report
from engine.metrics import decided
from gui.evaluation.confusion import Cell, ConfusionMatrix
from gui.evaluation.mistakes import MistakeGallery
from gui.evaluation.scatter import PredictionScatter
from gui.widgets import SectionLabel, TextLabel

MOST_MISTAKES = 24


class Findings(QWidget):
    """The matrix or the scatter at the left, the mistakes at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._dataset: Dataset | None = None
        self.left_title = SectionLabel("", self)
        self.matrix = ConfusionMatrix(self)
        self.matrix.chosen.connect(self._show_cell)
        self.scatter = PredictionScatter(self)
        self.left_text = TextLabel("", self)
        self.right_title = SectionLabel("", self)
        self.right_text = TextLabel("", self)
        self.gallery = MistakeGallery(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(40)
        for parts in (
            (self.left_title, self.matrix, self.scatter, self.left_text),
            (self.right_title, self.right_text, self.gallery),
        ):
            column = QVBoxLayout()
            column.setSpacing(8)
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
            line.addLayout(column, 1)
        line.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_report(self, report: Report, dataset: Dataset) -> None:
        self._report, self._dataset = report, dataset
        classes = bool(report.classes)
        self.matrix.setVisible(classes)
        self.scatter.setVisible(not classes)
        self.left_text.setVisible(classes)
        if classes:
            self.left_title.setText(self.tr("What is taken for what"))
            self.matrix.show_counts(report.confusion(), report.classes)
        else:
            self.left_title.setText(self.tr("Predicted against true"))
            self.scatter.show_values(report.target.ravel(), report.prediction.ravel())
        self._show_cell(None)

    def _show_cell(self, cell: Cell | None) -> None:
        """Show the mistakes of one cell of the matrix, or of all."""
        report, dataset = self._report, self._dataset
        if report is None or dataset is None:
            return
        mistakes = report.mistakes(most=len(report.rows))
        if cell is not None:
            mistakes = [m for m in mistakes if (m.actual, m.predicted) == cell]
        self.right_title.setText(self.tr("Worst mistakes"))
        self.left_text.setText(
            self.matrix.sentence(cell)
            if cell
            else self.tr("Blue is right, orange is wrong. Choose a cell to see its examples.")
        )
        self.right_text.setText(self._count(report, len(mistakes), cell))
        self.gallery.show_mistakes(mistakes[:MOST_MISTAKES], dataset, report.classes)
        self.gallery.setVisible(bool(mistakes))

    def _count(self, report: Report, count: int, cell: Cell | None) -> str:
        total = len(report.rows)
        if not report.classes:
            return self.tr("The {0} examples that are missed by most.").format(
                min(count, MOST_MISTAKES)
            )
        if not count:
            return (
                self.tr("No mistakes here.")
                if cell
                else self.tr("All {0} examples are right.").format(f"{total:,}")
            )
        if cell is not None:
            actual = int((decided(report.target) == cell[0]).sum())
            return self.tr("{0} of {1} examples of {2}.").format(
                count, f"{actual:,}", report.classes[cell[0]]
            )
        pattern = self.tr("{0} of {1} examples are wrong; the most confident first.")
        if report.steps is not None:
            pattern = self.tr("{0} of {1} steps are wrong; the most confident first.")
        return pattern.format(f"{count:,}", f"{total:,}")
