"""The output over the input plane, beside the network that answers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from engine.evaluation.answers import answering
from engine.plan.extent import model_outputs
from gui.document.document import Document
from gui.training.controller import TrainingController
from gui.widgets.decision_plane import CELLS, TITLE, DecisionPlane
from gui.widgets.heat import activation_kind

PICTURE, LEAST = 200, 120
MARGIN, GAP = 16, 12
FLOOR = 64
"""Pixels at the lower edge of the canvas, for the bar of the example and a gap."""


class BoundaryCard(DecisionPlane):
    """Floats at the top right of the canvas while the data has two features.

    It shows the selected node, or the output of the network.
    """

    def __init__(self, document: Document, controller: TrainingController, host: QWidget) -> None:
        super().__init__(PICTURE, parent=host)
        self.document = document
        self.controller = controller
        self._host = host
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        host.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def place(self) -> None:
        """Stand at the top right of the host, below the minimap if that is there.

        In a low host the picture is smaller, so that it ends above what floats at the edge.
        """
        host = self._host
        top = MARGIN
        for other in host.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            right = other.geometry().right() > host.width() - PICTURE
            if other is not self and other.isVisible() and right and other.y() <= MARGIN:
                top = max(top, other.geometry().bottom() + GAP)
        self.set_side(max(LEAST, min(PICTURE, host.height() - top - TITLE - FLOOR)))
        self.move(host.width() - self.width() - MARGIN, top)

    def refresh(self) -> None:
        """Look at the newest values."""
        live, selected = self.controller.values, self._selected()
        values = live.on_plane(CELLS).get(selected) if selected else live.answer_on_plane(CELLS)
        plane, dataset = live.plane, self.document.dataset
        if values is None or values.ndim != 3 or plane is None or dataset is None:
            self.hide()
            return
        node = live.graph.node(selected or answering(live.graph))
        ends = {output.end(live.graph) for output in model_outputs(live.graph)}
        of_output = not selected or (selected, node.layer.output_ports[0].name) in ends
        name = self.tr("Output") if of_output else node.title
        title = self.tr("{0} over the input plane").format(name)
        if not self.show_answers(title, values, activation_kind(node.layer)):
            self.hide()
            return
        self.show_examples(dataset, dataset.train, plane)
        self.place()
        self.show()

    def _selected(self) -> str:
        """The one selected node that the picture can show; empty where there is none."""
        selection = self.document.selection
        if len(selection) == 1 and selection[0] in self.controller.values.graph:
            found = self.document.inference.get(selection[0])
            if found is not None and found.outputs == ((1,),):
                return selection[0]
        return ""
