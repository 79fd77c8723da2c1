"""Finds a learning rate by a short run beside the window, and sets it at a click."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from engine.training.rate_finder import RateSearch, find_rate
from engine.training.settings import titles
from gui.dashboard.rate_curve import RateCurve
from gui.document.document import Document
from gui.training.latest import Latest
from gui.training.session import weights_fit
from gui.widgets import (
    ChoiceField,
    InlineMessage,
    PlainButton,
    PrimaryButton,
    TextLabel,
    TitleLabel,
    number_text,
)


class RateFinder(QDialog):
    """Searches when it is opened; what was found waits for the user to take it."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Find a learning rate"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(600, 460)
        self.document = document
        self.found: RateSearch | None = None
        fault = QCoreApplication.translate(
            "RateFinder", "The search stopped because of a fault in the program ({})."
        )
        self.job = Latest(fault, self)
        self.job.progressed.connect(lambda share: self.progress.setValue(round(100 * share)))
        self.job.finished.connect(self._take)
        self.job.failed.connect(lambda sentence, _details: self._say(sentence, "bad"))
        self.job.busy_changed.connect(self._show_busy)
        self._lay_out()

    def _lay_out(self) -> None:
        self.text = TextLabel(
            self.tr(
                "A copy of the network is trained for 100 updates while the rate rises from very "
                "small to very large. A good rate is where the loss falls fast, far below where it "
                "rises again."
            ),
            self,
        )
        self.objective = ChoiceField({}, parent=self)
        self.objective.setAccessibleName(self.tr("Objective"))
        self.objective.setToolTip(
            self.tr("Whose rate is looked for. What the others train stands still meanwhile.")
        )
        self.objective.committed.connect(self.search)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName(self.tr("Progress of the search"))
        self.curve = RateCurve(self)
        self.message = InlineMessage("", "info", self)
        self.message.hide()
        self.again = PlainButton(self.tr("Search again"), "arrow-clockwise", self)
        self.again.clicked.connect(self.search)
        self.close_button = PlainButton(self.tr("Close"), "x", self)
        self.close_button.clicked.connect(self.reject)
        self.use = PrimaryButton(self.tr("Use this rate"), "check", self)
        self.use.clicked.connect(self.apply)
        self.use.setEnabled(False)
        self.use.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.use)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 20, 24, 20)
        rows.setSpacing(12)
        rows.addWidget(TitleLabel(self.tr("Find a learning rate"), self))
        rows.addWidget(self.text)
        rows.addWidget(self.objective, 0, Qt.AlignmentFlag.AlignLeft)
        rows.addWidget(self.progress)
        rows.addWidget(self.curve, 1)
        rows.addWidget(self.message)
        rows.addLayout(buttons)

    def search(self) -> None:
        """Begin anew, with the network, the data and the settings as they are now."""
        document, dataset = self.document, self.document.dataset
        self._show_objectives()
        self.found = None
        self.curve.show_search(None)
        self.use.setEnabled(False)
        if dataset is None:
            self._say(
                self.tr("There is no data to learn from. Choose a data set.")
                if document.data is None
                else self.tr("The data is still being loaded. Search again in a moment."),
                "warning",
            )
            return
        self.message.hide()
        self.progress.setValue(0)
        graph, settings, chosen = document.graph.copy(), document.training, self._chosen
        weights = {k: a.copy() for k, a in document.weights.items()} if self._given else None
        self.job.start(
            lambda report: find_rate(
                graph, dataset, settings, weights=weights, progress=report, objective=chosen
            )
        )

    def _show_objectives(self) -> None:
        """Offer the objectives of the settings, where there are several."""
        names = titles(self.document.training.objectives)
        self.objective.set_options({str(place): name for place, name in enumerate(names)})
        self.objective.setVisible(len(names) > 1)

    @property
    def _chosen(self) -> int:
        """The place of the objective whose rate is looked for; 0 where there are none."""
        return max(0, self.objective.currentIndex())

    @property
    def _given(self) -> bool:
        """Whether training would start from weights that came with the network."""
        return not self.document.runs and weights_fit(self.document)

    def apply(self) -> None:
        """Set the rate that was found, as one step that can be undone."""
        rate, training = self.suggestion, self.document.training
        if rate is None:
            return
        if training.objectives:
            objectives = list(training.objectives)
            one = objectives[self._chosen]
            objectives[self._chosen] = one.replaced(optimizer=one.optimizer.replaced(rate=rate))
            self.document.set_training(training.replaced(objectives=objectives))
        else:
            optimizer = training.optimizer.replaced(rate=rate)
            self.document.set_training(training.replaced(optimizer=optimizer))
        self.accept()

    @property
    def suggestion(self) -> float | None:
        """To two digits: more would say nothing."""
        found = self.found.suggestion if self.found else None
        return None if found is None else float(f"{found:.2g}")

    def _take(self, found: RateSearch) -> None:
        self.found = found
        self.curve.show_search(found)
        self.use.setEnabled(self.suggestion is not None)
        if self.suggestion is None:
            self.use.setText(self.tr("Use this rate"))
            self._say(
                self.tr(
                    "At no rate the loss fell within these steps. Look at the problems of the "
                    "network, or train with a small rate and watch the curves."
                ),
                "warning",
            )
            return
        rate = number_text(self.suggestion)
        self.use.setText(self.tr("Use {0}").format(rate))
        self.use.setFocus()
        objectives = self.document.training.objectives
        self._say(
            self.tr("The loss of {0} falls fast at a rate of {1}.").format(
                titles(objectives)[self._chosen], rate
            )
            if objectives
            else self.tr("The loss falls fast at a rate of {0}.").format(rate),
            "ok",
        )

    def _say(self, sentence: str, severity: str) -> None:
        self.message.set_message(sentence, severity)
        self.message.show()

    def _show_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.again.setEnabled(not busy)
        self.close_button.setText(self.tr("Cancel") if busy else self.tr("Close"))

    def done(self, result: int) -> None:
        """Closing gives the search up at once."""
        self.job.shut_down()
        super().done(result)
