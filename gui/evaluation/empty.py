"""What stands in the Evaluate workspace before there is anything to evaluate."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.widgets import EmptyPage, PlainButton


class NothingToEvaluate(EmptyPage):
    """What to do first, or what is under way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.train = PlainButton(self.tr("Train now"), "play-fill", self)
        self.data = PlainButton(self.tr("Choose data"), "table", self)
        self.buttons.addWidget(self.data)
        self.buttons.addWidget(self.train)

    def explain_judging(self) -> None:
        """The first judgement is under way."""
        self.data.hide()
        self.train.hide()
        self.say(self.tr("One moment"), self.tr("The network is judged on all parts of the data."))

    def explain(self, has_data: bool, busy: bool) -> None:
        """busy: something is under way that ends with something to judge."""
        self.data.setVisible(not has_data)
        self.train.setVisible(has_data and not busy)
        if not has_data:
            self.say(
                self.tr("There is no data to judge the network on"),
                self.tr(
                    "A network is judged on examples that it has not learnt from. Choose a data "
                    "set or load a CSV file: a part of it is kept aside for this."
                ),
            )
        elif busy:
            self.say(
                self.tr("One moment"),
                self.tr("The data is being loaded, or the first batch is trained."),
            )
        else:
            self.say(
                self.tr("Nothing is trained yet"),
                self.tr(
                    "Train the network, and see here how often it is right on examples that it "
                    "has never seen, what it confuses, and its worst mistakes one by one."
                ),
            )
