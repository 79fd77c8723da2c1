"""What a generator makes while it learns, and whether it has begun to repeat itself."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QElapsedTimer, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.evaluation.drawn import Drawn, drawn
from engine.shapes import size
from gui.dashboard.header import HEIGHT
from gui.theme import ui_font
from gui.training.controller import TrainingController
from gui.training.latest import Latest
from gui.widgets import Sign, TextLabel
from gui.widgets.cloud import PointCloud
from gui.widgets.pictures import PictureGrid

EXAMPLES = 300
SHOWN, LINES, SIDE = 24, 2, 150
PAUSE_MS = 2000
"""Between two looks: each compares all pairs of examples, beside the training."""


class MadePanel(QWidget):
    """Pictures or points made from noise with the newest weights, and one sentence on them."""

    def __init__(self, controller: TrainingController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._since = QElapsedTimer()
        fault = QCoreApplication.translate(
            "MadePanel", "New examples could not be made because of a fault in the program ({})."
        )
        self.job = Latest(fault, self)
        self.job.finished.connect(self.show_drawn)
        self.job.failed.connect(lambda sentence, _details: self._say(sentence, "bad"))
        title = TextLabel(self.tr("Made from noise"), self)
        title.setFont(ui_font(12, 600))
        title.setFixedHeight(HEIGHT)  # level with the title of the chart beside it
        self.sign = Sign("info", self)
        self.sentence = TextLabel("", self)
        self.pictures = PictureGrid(LINES, self)
        self.cloud = PointCloud(SIDE, self)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        words.addWidget(self.sentence, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(title)
        beside = QHBoxLayout()
        beside.setSpacing(16)
        beside.addWidget(self.cloud, 0, Qt.AlignmentFlag.AlignTop)
        rest = QVBoxLayout()
        rest.addLayout(words)
        rest.addWidget(self.pictures)
        rest.addStretch(1)
        beside.addLayout(rest, 1)
        column.addLayout(beside)
        column.addStretch(1)
        for part in (self.sign, self.cloud, self.pictures):
            part.hide()

    def look(self, growing: bool) -> None:
        """Make examples with the weights as they are now; while training, not too often."""
        controller = self._controller
        dataset, weights = controller.document.dataset, controller.weights()
        waits = growing and (
            self.job.busy or (self._since.isValid() and self._since.elapsed() < PAUSE_MS)
        )
        if dataset is None or not weights or waits:
            return
        self._since.start()
        graph = controller.graph.copy()
        kept = {key: array.copy() for key, array in weights.items()}
        self.job.start(lambda _report: drawn(graph, kept, dataset, EXAMPLES))

    def show_drawn(self, found: Drawn | None) -> None:
        dataset = self._controller.document.dataset
        if found is None or dataset is None:
            self._say(self.tr("What it makes is of another shape than the data."), "info")
            return
        self._say(found.health.sentence, found.health.level)
        width, shape = size(found.real.shape[1:]), dataset.image_shape
        is_picture = shape is not None and size(shape) == width
        self.pictures.setVisible(is_picture)
        self.cloud.setVisible(width == 2)
        if is_picture:
            examples = found.made[:SHOWN].reshape(-1, *(shape or ()))
            span = (float(found.real.min()), float(found.real.max()))
            self.pictures.show_stacks(
                [(example,) for example in examples], spans=[span], photographs=dataset.photographs
            )
        elif width == 2:
            self.cloud.show_points(found.made.reshape(-1, 2), found.real.reshape(-1, 2))

    def _say(self, sentence: str, level: str) -> None:
        self.sign.show()
        self.sign.set_severity(level)
        self.sentence.setText(sentence)
