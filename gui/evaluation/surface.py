"""What the network answers all over the plane of two features, and the examples on it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.data.dataset import Dataset
from engine.evaluation.answers import answering
from engine.graph.model import Graph
from engine.workspace import Array
from gui.widgets import SectionLabel, TextLabel
from gui.widgets.decision_plane import DecisionPlane
from gui.widgets.heat import activation_kind
from gui.widgets.plane import Plane

SIDE = 288


class SurfaceView(QWidget):
    """A title, how to read the picture, and the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = SectionLabel(self.tr("Output over the input plane"), self)
        self.text = TextLabel("", self)
        self.picture = DecisionPlane(SIDE, names=True, parent=self)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 16)
        rows.setSpacing(8)
        for part in (self.title, self.text, self.picture):
            rows.addWidget(part)
        self.hide()

    def show_part(self, part: str, values: Array | None, graph: Graph, dataset: Dataset) -> None:
        """Show the examples of a part on what the network answers; hide where that is nothing.

        values: over the plane of the data, (K, CELLS, CELLS).
        """
        plane, node_id = Plane.of(dataset), answering(graph)
        shown = False
        if values is not None and plane is not None and node_id in graph:
            activation = activation_kind(graph.node(node_id).layer)
            shown = self.picture.show_answers(self.title.text(), values, activation)
        self.setVisible(shown)
        if not shown or plane is None:
            return
        self.picture.show_examples(dataset, dataset.part(part), plane)
        across, up = dataset.signature.feature_names
        text = self.tr("{0} to the right, {1} upwards.").format(across, up)
        if dataset.signature.classes:
            more = self.tr("A mark on the colour of another class is a mistake.")
        else:
            more = self.tr("Squares are examples above the median, discs those below.")
        self.text.setText(f"{text} {more}")
