"""Where the network is wrong: what it confuses or by how much it misses, and the worst cases.

Left and right stand, by what is predicted: classes: the matrix, and mistakes. Values: the
scatter, or curves of sequences, and the rows that are missed by most. Pictures: what was
wanted over what the network made of it, first of any examples, then of the worst.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.data.dataset import Dataset
from engine.evaluation.report import Report
from engine.metrics import decided
from engine.shapes import size
from engine.workspace import Array
from gui.evaluation.confusion import Cell, ConfusionMatrix
from gui.evaluation.curves import StepCurves
from gui.evaluation.mistakes import MistakeGallery
from gui.evaluation.scatter import PredictionScatter
from gui.widgets import SectionLabel, TextLabel
from gui.widgets.pictures import PictureGrid

MOST_MISTAKES = 24
PICTURE_LINES = 3


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
        self.curves = StepCurves(self)
        self.rebuilt = PictureGrid(PICTURE_LINES, self)
        self.worst = PictureGrid(PICTURE_LINES, self)
        self.left_text = TextLabel("", self)
        self.right_title = SectionLabel("", self)
        self.right_text = TextLabel("", self)
        self.gallery = MistakeGallery(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(40)
        for parts in (
            (
                self.left_title,
                self.left_text,
                self.matrix,
                self.scatter,
                self.curves,
                self.rebuilt,
            ),
            (self.right_title, self.right_text, self.gallery, self.worst),
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
        shown = self._left_view(report, dataset)
        for view in (self.matrix, self.scatter, self.curves, self.rebuilt):
            view.setVisible(view is shown)
        self.gallery.setVisible(shown is not self.rebuilt)
        self.worst.setVisible(shown is self.rebuilt)
        self.left_text.setVisible(shown in (self.matrix, self.rebuilt))
        if shown is self.rebuilt:
            self._show_pictures(report, dataset)
            return
        if shown is self.matrix:
            self.left_title.setText(self.tr("What is taken for what"))
            self.matrix.show_counts(report.confusion(), report.classes)
        elif shown is self.curves:
            self.left_title.setText(self.tr("Sequences, from the best to the worst"))
            rows, predicted, target = report.by_example()
            self.curves.show_sequences(rows, target[:, :, 0], predicted[:, :, 0])
        else:
            self.left_title.setText(self.tr("Predicted against true"))
            self.scatter.show_values(report.target.ravel(), report.prediction.ravel())
        self._show_cell(None)

    def _left_view(self, report: Report, dataset: Dataset) -> QWidget:
        if report.classes:
            return self.matrix
        values = len(report.target) * (
            int(report.steps.max()) + 1 if report.steps is not None else 1
        )
        if dataset.image_shape is not None and values == size(dataset.image_shape):
            return self.rebuilt
        return self.curves if report.steps is not None else self.scatter

    def _show_pictures(self, report: Report, dataset: Dataset) -> None:
        """What was wanted over what was made; on top what was put in, where that is another."""
        shape = dataset.image_shape
        assert shape is not None
        rows, made, wanted = report.by_example()
        errors = np.sqrt(np.nanmean((made - wanted) ** 2, axis=(1, 2)))
        given = np.asarray(dataset.features[rows]).reshape(len(rows), *shape)
        made, wanted = made.reshape(given.shape), wanted.reshape(given.shape)
        roles = [wanted, made] if report.rebuilds else [given, wanted, made]
        spans = [_span(wanted if role is made else role) for role in roles]
        even = np.unique(np.linspace(0, len(rows) - 1, 2 * MOST_MISTAKES).astype(int))
        for grid, places in (
            (self.rebuilt, even),
            (self.worst, np.argsort(-errors, kind="stable")[: 2 * MOST_MISTAKES]),
        ):
            grid.show_stacks(
                [tuple(role[place] for role in roles) for place in places],
                [f"{errors[place]:.3f}" for place in places],
                spans,
            )
        self.left_title.setText(self.tr("What the network makes of pictures"))
        self.left_text.setText(
            self.tr("Above what was given, below what the network made of it; its RMSE.")
            if report.rebuilds
            else self.tr("From above: what was given, what was wanted, what the network made.")
        )
        self.right_title.setText(self.tr("Worst"))
        self.right_text.setText(
            self.tr("The pictures of {0} that are missed by most.").format(f"{len(rows):,}")
        )

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


def _span(values: Array) -> tuple[float, float]:
    """The least and the largest of what is there."""
    return float(np.nanmin(values)), float(np.nanmax(values))
