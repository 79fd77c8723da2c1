"""What a network makes from noise, beside real examples, and whether it is as diverse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.data.dataset import Dataset
from engine.evaluation.drawn import Drawn
from engine.shapes import size
from gui.widgets import InlineMessage, SectionLabel
from gui.widgets.cloud import PointCloud
from gui.widgets.pictures import PictureGrid
from gui.widgets.units import percent_text

SHOWN = 48
SIDE = 360
LINES = 4


class MadeView(QWidget):
    """Pictures beside pictures, or points over points; of anything else the finding alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.finding = InlineMessage("", parent=self)
        self.made = PictureGrid(LINES, self)
        self.real = PictureGrid(LINES, self)
        self.cloud = PointCloud(SIDE, self)
        self._pictures = QWidget(self)
        line = QHBoxLayout(self._pictures)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(40)
        for title, grid in (
            (self.tr("Made from noise"), self.made),
            (self.tr("Real examples"), self.real),
        ):
            column = QVBoxLayout()
            column.setSpacing(8)
            column.addWidget(SectionLabel(title, self))
            column.addWidget(grid)
            column.addStretch(1)
            line.addLayout(column, 1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setSpacing(14)
        rows.addWidget(self.finding)
        rows.addWidget(self._pictures)
        rows.addWidget(self.cloud, 0, Qt.AlignmentFlag.AlignLeft)

    def show_drawn(self, drawn: Drawn, dataset: Dataset) -> None:
        """dataset: what the examples are like."""
        image_shape = dataset.image_shape
        health, found = drawn.health, drawn.found
        self.finding.set_message(
            self.tr("{0} Coverage {1}, realism {2}, spread {3} of that of the data.").format(
                health.sentence,
                percent_text(found.coverage),
                percent_text(found.realism),
                percent_text(found.spread),
            ),
            health.level,
            self.tr("New examples"),
        )
        width = size(drawn.real.shape[1:])
        is_picture = image_shape is not None and size(image_shape) == width
        self._pictures.setVisible(is_picture)
        self.cloud.setVisible(width == 2)
        if is_picture:
            span = (float(drawn.real.min()), float(drawn.real.max()))
            for grid, examples in ((self.made, drawn.made), (self.real, drawn.real)):
                shown = examples[:SHOWN].reshape(-1, *(image_shape or ()))
                grid.show_stacks(
                    [(example,) for example in shown],
                    spans=[span],
                    photographs=dataset.photographs,
                )
        elif width == 2:
            self.cloud.show_points(drawn.made.reshape(-1, 2), drawn.real.reshape(-1, 2))
