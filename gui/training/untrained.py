"""What stands where weights are needed and there are none: why not, and what helps."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.document.document import Document
from gui.forms import spoken
from gui.training.controller import TrainingController
from gui.widgets import EmptyPage, PlainButton


class Untrained(EmptyPage):
    """Base of the pages before training. A button leads to what is missing.

    Emits
        network_wanted: the user wants to draw a network.
        errors_wanted: the user wants to see what is wrong with it.
        data_wanted: the user wants to choose the data.
    """

    network_wanted = Signal()
    errors_wanted = Signal()
    data_wanted = Signal()

    def __init__(
        self, document: Document, controller: TrainingController, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.controller = controller
        self.network = PlainButton(self.tr("Draw a network"), "tree-structure", self)
        self.errors = PlainButton(self.tr("Show the errors"), "warning-circle", self)
        self.data = PlainButton(self.tr("Choose data"), "table", self)
        self.train = PlainButton(self.tr("Train now"), "play-fill", self)
        for button, wanted in (
            (self.network, self.network_wanted),
            (self.errors, self.errors_wanted),
            (self.data, self.data_wanted),
        ):
            button.clicked.connect(wanted)
        self.train.clicked.connect(controller.train)
        self._offers = (self.network, self.errors, self.data, self.train)
        for button in self._offers:
            self.buttons.addWidget(button)

    def offer(self, *buttons: PlainButton) -> None:
        """Show these, and no others."""
        for button in self._offers:
            button.setVisible(button in buttons)

    def explain_obstacle(self) -> bool:
        """Say what keeps the network itself from being trained; whether anything does."""
        errors = [p for p in self.document.problems if p.severity == "error"]
        if not self.document.graph.nodes:
            self.offer(self.network)
            self.say(
                self.tr("There is no network yet"),
                self.tr("Draw one on the canvas or start from a template, and train it."),
            )
        elif errors:
            self.offer(self.errors)
            self.say(
                self.tr("This network cannot be trained yet"),
                f"{spoken(errors[0].message)}\n{spoken(errors[0].remedy)}",
            )
        else:
            return False
        return True
