"""Where the network is wrong: what it confuses or by how much it misses, and the worst cases.

Left and right stand, by what is predicted: classes: the matrix with the scores of each class,
and mistakes. Values: the scatter, curves of sequences, or both for what follows a sequence, and
the rows that are missed by most. Pictures: what was
wanted over what the network made of it, first of any examples, then of the worst. Of two
features there is a picture of what the network answers all over their plane.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.data.dataset import Dataset
from engine.evaluation.report import Report
from engine.evaluation.restored import Restored
from engine.metrics import decided
from engine.shapes import size
from engine.workspace import Array
from gui.evaluation.class_table import ClassTable
from gui.evaluation.confusion import Cell, ConfusionMatrix
from gui.evaluation.curves import StepCurves
from gui.evaluation.mistakes import MistakeGallery
from gui.evaluation.scatter import PredictionScatter
from gui.evaluation.surface import SurfaceView
from gui.widgets import SectionLabel, TextLabel
from gui.widgets.pictures import PictureGrid

MOST_MISTAKES = 24
PICTURE_LINES = 3


class Findings(QWidget):
    """The matrix or the scatter at the left, the mistakes at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.report: Report | None = None
        self._dataset: Dataset | None = None
        self.left_title = SectionLabel("", self)
        self.matrix = ConfusionMatrix(self)
        self.matrix.chosen.connect(self._show_cell)
        self.scatter = PredictionScatter(self)
        self.curves = StepCurves(self)
        self.table = ClassTable(self)
        self.table_title = SectionLabel(self.tr("Class by class"), self)
        self.table_text = TextLabel("", self)
        self.rebuilt = PictureGrid(PICTURE_LINES, self)
        self.worst = PictureGrid(PICTURE_LINES, self)
        self.left_text = TextLabel("", self)
        self.right_title = SectionLabel("", self)
        self.right_text = TextLabel("", self)
        self.gallery = MistakeGallery(self)
        self.surface = SurfaceView(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(40)
        for parts in (
            (
                self.left_title,
                self.left_text,
                self.matrix,
                self.table_title,
                self.table_text,
                self.table,
                self.curves,
                self.scatter,
                self.rebuilt,
            ),
            (self.surface, self.right_title, self.right_text, self.gallery, self.worst),
        ):
            column = QVBoxLayout()
            column.setSpacing(8)
            for part in parts:
                column.addWidget(part)
            column.addStretch(1)
            line.addLayout(column, 1)
        line.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_report(
        self, report: Report, dataset: Dataset, cleaned: Restored | None = None
    ) -> None:
        """cleaned: what the network made of examples that were disturbed as in training."""
        self.report, self._dataset = report, dataset
        shown = self._left_view(report, dataset)
        given = given_sequences(report, dataset)
        foretells = given is not None and report.steps is None
        for view in (self.matrix, self.scatter, self.curves, self.rebuilt):
            view.setVisible(view is shown or (foretells and view is self.curves))
        for part in (self.table, self.table_title, self.table_text):
            part.setVisible(shown is self.matrix)
        self.gallery.setVisible(shown is not self.rebuilt)
        self.worst.setVisible(shown is self.rebuilt)
        self.left_text.setVisible(shown in (self.matrix, self.rebuilt) or foretells)
        if shown is self.rebuilt:
            self._show_pictures(report, dataset, cleaned)
            return
        if shown is self.matrix:
            self._show_classes(report)
        elif shown is self.curves or foretells:
            # Of a file nobody knows; what follows a sequence is mostly the next value.
            self._show_sequences(report, given, max(1, dataset.ahead) if foretells else 0)
        if shown is self.scatter:
            if not foretells:
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

    def _show_classes(self, report: Report) -> None:
        counts = report.confusion()
        self.left_title.setText(self.tr("What is taken for what"))
        self.matrix.show_counts(counts, report.classes)
        self.table.show_scores(report.scores(), counts.sum(axis=1), report.classes)
        shown = len(self.table.lines)
        self.table_text.setText(
            self.tr("The {0} classes with the lowest F1, of {1}.").format(
                shown, shown + self.table.hidden_classes
            )
        )
        self.table_text.setVisible(bool(self.table.hidden_classes))

    def _show_sequences(self, report: Report, given: Array | None, ahead: int) -> None:
        """ahead: how many steps behind what was given a forecast is; 0 where none is."""
        rows, predicted, target = report.by_example()
        title = self.tr("Sequences, from the best to the worst")
        if ahead:
            title = self.tr("Forecasts, from the best to the worst")
        if ahead > 1:
            title = self.tr("Forecasts {0} steps ahead, from the best to the worst").format(ahead)
        self.left_title.setText(title)
        self.curves.show_sequences(rows, target[:, :, 0], predicted[:, :, 0], given, ahead)
        if ahead and given is not None:
            naive = float(np.sqrt(np.mean((given[:, -1] - target[:, 0, 0]) ** 2)))
            own = float(np.sqrt(np.mean((predicted - target) ** 2)))
            pattern = self.tr("RMSE: {1} by the network, {0} by repeating the last value.")
            self.left_text.setText(pattern.format(f"{naive:.3g}", f"{own:.3g}"))

    def _show_pictures(self, report: Report, dataset: Dataset, cleaned: Restored | None) -> None:
        """What was wanted over what was made; on top what was put in, where that is another."""
        shape = dataset.image_shape
        assert shape is not None
        if cleaned is not None:
            rows, made, wanted = cleaned.rows, cleaned.made, cleaned.clean
            given = cleaned.given
        else:
            rows, made, wanted = report.by_example()
            given = np.asarray(dataset.features[rows])
        given, made, wanted = (each.reshape(len(rows), *shape) for each in (given, made, wanted))
        errors = np.sqrt(np.nanmean((made - wanted) ** 2, axis=(1, 2, 3)))
        roles = [given, wanted, made] if cleaned or not report.rebuilds else [wanted, made]
        spans = [_span(given if role is given else wanted) for role in roles]
        if cleaned is not None:
            spans = [_span(wanted)] * len(roles)
        even = np.unique(np.linspace(0, len(rows) - 1, 2 * MOST_MISTAKES).astype(int))
        for grid, places in (
            (self.rebuilt, even),
            (self.worst, np.argsort(-errors, kind="stable")[: 2 * MOST_MISTAKES]),
        ):
            grid.show_stacks(
                [tuple(role[place] for role in roles) for place in places],
                [f"{errors[place]:.3f}" for place in places],
                spans,
                photographs=dataset.photographs,
            )
        self.left_title.setText(self.tr("What the network makes of pictures"))
        self.left_text.setText(self._roles(report, cleaned))
        self.right_title.setText(self.tr("Worst"))
        self.right_text.setText(
            self.tr("The pictures of {0} that are missed by most.").format(f"{len(rows):,}")
        )

    def _roles(self, report: Report, cleaned: Restored | None) -> str:
        if cleaned is not None:
            return self.tr("From above: disturbed as in training, clean, made of the disturbed.")
        if report.rebuilds:
            return self.tr("Above what was given, below what the network made of it; its RMSE.")
        return self.tr("From above: what was given, what was wanted, what the network made.")

    def _show_cell(self, cell: Cell | None) -> None:
        """Show the mistakes of one cell of the matrix, or of all."""
        report, dataset = self.report, self._dataset
        if report is None or dataset is None:
            return
        mistakes = report.mistakes(most=len(report.rows))
        if cell is not None:
            mistakes = [m for m in mistakes if (m.actual, m.predicted) == cell]
        self.right_title.setText(self.tr("Worst mistakes"))
        if report.classes:
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


def given_sequences(report: Report, dataset: Dataset) -> Array | None:
    """What the network read of each example, (N, T), where that is of the kind of the target.

    None unless both are sequences of single numbers, or a sequence and the number that follows,
    and of one range.
    """
    shape = dataset.signature.feature_shape
    if report.classes or report.rebuilds or len(shape) != 2 or shape[1] != 1 or dataset.tokens:
        return None
    rows, _, target = report.by_example()
    given = dataset.in_raw_units(rows)[:, :, 0]
    if len(report.target) != 1 or (report.steps is not None and target.shape[1] != shape[0]):
        return None
    low, high = float(given.min()), float(given.max())
    room = (high - low) / 2
    inside = (target > low - room) & (target < high + room)
    return given if np.mean(inside[np.isfinite(target)]) > 0.9 else None


def _span(values: Array) -> tuple[float, float]:
    """The least and the largest of what is there."""
    return float(np.nanmin(values)), float(np.nanmax(values))
