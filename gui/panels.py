"""What the window gets right after its first frame: the training, and the panels around the canvas.

Importing this module imports the plots, the trainer and the other workspaces.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.canvas.view import CanvasView
from gui.dashboard import GradientsPanel, LiveCanvas, LossPanel, WeightsPanel
from gui.data import DatasetLoader, DataWorkspace
from gui.document.document import Document
from gui.evaluation import EvaluationWorkspace
from gui.export import ExportWorkspace
from gui.history import HistoryPanel
from gui.inspector import InspectorPanel
from gui.problems import ProblemsPanel
from gui.runs import RunsPanel
from gui.training.controller import TrainingController
from gui.training.untrained import Untrained

EDGE = 16
"""From what floats on the canvas to its edge."""


class Panels(QObject):
    """One of each, around one document.

    tabs: pages for the tabs under the canvas, by name.
    pages: makers of the workspaces that fill the window, by name.

    Emits
        data_wanted, build_wanted: the user wants to go to that workspace.
        errors_wanted: the user wants to see what keeps the network from training.
        reveal (str): bring a node into view.
        said (sentence, severity, details): something that the user should read.
    """

    data_wanted = Signal()
    build_wanted = Signal()
    errors_wanted = Signal()
    reveal = Signal(str)
    said = Signal(str, str, str)

    def __init__(self, document: Document, canvas: CanvasView, parent: QWidget) -> None:
        super().__init__(parent)
        self.document = document
        self.controller = controller = TrainingController(document, parent=self)
        self.loader = DatasetLoader(document, self)
        self.live = LiveCanvas(document, controller, canvas)
        self.inspector = InspectorPanel(document, controller)
        self.problems = ProblemsPanel(document)
        self.tabs: dict[str, QWidget] = {
            "problems": self.problems,
            "loss": LossPanel(document, controller),
            "gradients": GradientsPanel(document, controller),
            "weights": WeightsPanel(document, controller),
            "runs": RunsPanel(document, controller),
            "history": HistoryPanel(document),
        }
        self.pages: dict[str, Callable[[], QWidget]] = {
            "data": self._data,
            "evaluate": self._evaluation,
            "export": self._export,
        }
        self._canvas = canvas
        for card in (self.live.boundary, self.live.example):
            card.installEventFilter(self)
        self.inspector.data_wanted.connect(self.data_wanted)
        self.problems.reveal.connect(self.reveal)
        self.problems.failed.connect(self._fail)
        self.loader.failed.connect(self._fail)
        controller.run_failed.connect(self._fail_run)
        controller.message.connect(lambda sentence: self.said.emit(sentence, "info", ""))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # What floats on the canvas: the network and the legends make room for it.
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Resize):
            card, gone = self.live.boundary, event.type() == QEvent.Type.Hide
            if watched is card:
                self._canvas.set_covered(0 if gone or card.isHidden() else card.width())
            elif watched is self.live.example:
                bar = self.live.example
                taken = 0 if gone or bar.isHidden() else bar.width() + EDGE
                self._canvas.set_taken(taken)
        return False

    def shut_down(self) -> None:
        """End what goes on in the background, before the window closes."""
        for card in (self.live.boundary, self.live.example):
            # They hide as the window goes, when what makes room for them may be gone.
            card.removeEventFilter(self)
        self.controller.shut_down()
        self.loader.shut_down()

    def _data(self) -> DataWorkspace:
        page = DataWorkspace(self.document, self.loader)
        page.used.connect(self.build_wanted)
        return page

    def _evaluation(self) -> EvaluationWorkspace:
        page = EvaluationWorkspace(self.document, self.controller, self._canvas.habits)
        self._follow(page.empty)
        return page

    def _export(self) -> ExportWorkspace:
        page = ExportWorkspace(self.document, self.controller)
        self._follow(page.empty)
        return page

    def _follow(self, page: Untrained) -> None:
        page.network_wanted.connect(self.build_wanted)
        page.errors_wanted.connect(self.errors_wanted)
        page.data_wanted.connect(self.data_wanted)

    def _fail(self, sentence: str) -> None:
        self.said.emit(sentence, "bad", "")

    def _fail_run(self, sentence: str) -> None:
        self.said.emit(sentence, "bad", self.controller.details)
