"""What stands in the Evaluate workspace before there is anything to evaluate."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.widgets import Panel, PlainButton, TextLabel, TitleLabel


class EmptyState(Panel):
    """What to do first, or what is under way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = TitleLabel("", self)
        self.text = TextLabel("", self)
        self.text.setFixedWidth(440)
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.train = PlainButton(self.tr("Train now"), "play-fill", self)
        self.data = PlainButton(self.tr("Choose data"), "table", self)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.data)
        buttons.addWidget(self.train)
        buttons.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setSpacing(10)
        rows.addStretch(2)
        rows.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        # A label that wraps has no height of its own when its layout aligns it.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(self.text)
        middle.addStretch(1)
        rows.addLayout(middle)
        rows.addSpacing(6)
        rows.addLayout(buttons)
        rows.addStretch(3)

    def explain_judging(self) -> None:
        """The first judgement is under way."""
        self.data.hide()
        self.train.hide()
        self.title.setText(self.tr("One moment"))
        self.text.setText(self.tr("The network is judged on all parts of the data."))

    def explain(self, has_data: bool, busy: bool) -> None:
        """busy: something is under way that ends with something to judge."""
        self.data.setVisible(not has_data)
        self.train.setVisible(has_data and not busy)
        if not has_data:
            self.title.setText(self.tr("There is no data to judge the network on"))
            self.text.setText(
                self.tr(
                    "A network is judged on examples that it has not learnt from. Choose a data "
                    "set or load a CSV file: a part of it is kept aside for this."
                )
            )
        elif busy:
            self.title.setText(self.tr("One moment"))
            self.text.setText(self.tr("The data is being loaded, or the first batch is trained."))
        else:
            self.title.setText(self.tr("Nothing is trained yet"))
            self.text.setText(
                self.tr(
                    "Train the network, and see here how often it is right on examples that it "
                    "has never seen, what it confuses, and its worst mistakes one by one."
                )
            )
