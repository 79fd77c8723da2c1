"""The Evaluate workspace: how good the network is, and where it is wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gui.document.document import Document
from gui.document.habits import Habits
from gui.evaluation.code_map import CodeMapView
from gui.evaluation.empty import NothingToEvaluate
from gui.evaluation.evaluator import PARTS, Evaluator, Judgement, Reports
from gui.evaluation.findings import Findings
from gui.evaluation.made import MadeView
from gui.evaluation.scoring import ScoringBar
from gui.evaluation.tiles import MetricTiles
from gui.evaluation.writing import WritingView
from gui.theme import ui_font
from gui.training.controller import State, TrainingController
from gui.widgets import (
    ElidedLabel,
    IconButton,
    InlineMessage,
    Panel,
    QuietButton,
    TitleLabel,
)


class EvaluationWorkspace(Panel):
    """Metrics, confusions and worst mistakes on training, validation and test.

    It evaluates whenever it is on show and there are other weights; not while
    training, where a button does so.

    habits: where it is kept how the scores of classes are told.
    """

    def __init__(
        self,
        document: Document,
        controller: TrainingController,
        habits: Habits | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.controller = controller
        self.reports: Reports = {}
        self._judgement: Judgement | None = None
        self.scoring = ScoringBar(habits or Habits(), self)
        self.scoring.changed.connect(self._show_scores)
        self.part = PARTS[0]
        self._stale = True
        # What begins or ends a training is announced in several steps: judge after the last.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.refresh)
        self.evaluator = Evaluator(self)
        self.evaluator.finished.connect(self._take)
        self.evaluator.progressed.connect(self._take_first)
        self.evaluator.failed.connect(self._fail)
        self.evaluator.busy_changed.connect(self._show_busy)
        self.empty = NothingToEvaluate(document, controller, self)
        self.names = {
            "test": self.tr("test"),
            "validation": self.tr("validation"),
            "train": self.tr("training"),
        }
        self._build()
        self._forget()
        document.dataset_changed.connect(self._forget)
        for changed in (
            document.weights_changed,
            document.dataset_changed,
            controller.run_changed,
            controller.state_changed,
        ):
            changed.connect(self._note)
        for changed in (document.problems_changed, document.data_changed):
            changed.connect(self._explain_again)
        controller.refreshed.connect(self._look_for_first_weights)

    def _build(self) -> None:
        self.message = InlineMessage("", "bad", self)
        self.message.hide()
        self.tiles = MetricTiles(self)
        self.findings = Findings(self)
        self.made = MadeView(self)
        self.codes = CodeMapView(self)
        self.writing = WritingView(self)
        content = Panel()
        rows = QVBoxLayout(content)
        rows.setContentsMargins(24, 18, 24, 24)
        rows.setSpacing(16)
        rows.addLayout(self._head())
        for part in (
            self.message,
            self.tiles,
            self.writing,
            self.findings,
            self.codes,
            self.made,
        ):
            rows.addWidget(part)
        rows.addStretch(1)
        self.page = QScrollArea(self)
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        self.page.setWidgetResizable(True)
        self.page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.page.setWidget(content)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.page)

    def _head(self) -> QHBoxLayout:
        self.status = ElidedLabel("", self, token="muted", font=ui_font(12))
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.again = IconButton("arrow-clockwise", self.tr("Evaluate again"), self)
        self.again.clicked.connect(self.evaluate)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QuietButton] = {}
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(TitleLabel(self.tr("Evaluation"), self))
        line.addSpacing(20)
        for part in PARTS:
            button = QuietButton(self.names[part].capitalize(), parent=self)
            button.setCheckable(True)
            button.setChecked(part == self.part)
            button.clicked.connect(lambda _checked, part=part: self.show_part(part))
            self._group.addButton(button)
            self.buttons[part] = button
            line.addWidget(button)
        line.addSpacing(16)
        line.addWidget(self.status, 1)
        line.addSpacing(16)
        line.addWidget(self.scoring)
        line.addWidget(self.again)
        return line

    # When to evaluate

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _note(self, _what: object = None) -> None:
        self._stale = True
        if self.isVisible():
            self._soon.start()

    def _look_for_first_weights(self) -> None:
        if self.isVisible() and self._stack.currentWidget() is self.empty:
            self.refresh()

    def _explain_again(self, _what: object = None) -> None:
        if self.isVisible() and not self.controller.weights():
            self.empty.explain()

    def refresh(self) -> None:
        """Evaluate if there is something new to judge and nothing is training."""
        if not self.controller.weights() or self.document.dataset is None:
            self.evaluator.cancel()
            self.empty.explain()
            self._stack.setCurrentWidget(self.empty)
            return
        if self.controller.state is State.RUNNING and self._judgement is not None:
            self._say_what_is_shown()
        elif self._stale:
            self.evaluate()
        if self._judgement is None and self.message.isHidden():
            self.empty.explain_judging()
            self._stack.setCurrentWidget(self.empty)
        else:
            self._stack.setCurrentWidget(self.page)

    def evaluate(self) -> None:
        """Judge the weights as they are now."""
        dataset = self.document.dataset
        weights = self.controller.weights()
        if dataset is None or not weights:
            return
        self._stale = False
        self.evaluator.evaluate(self.controller.graph, weights, dataset)

    def shut_down(self) -> None:
        """End what goes on beside the window, before it closes."""
        self.evaluator.shut_down()
        self.writing.job.shut_down()

    # What comes of it

    def _forget(self, _what: object = None) -> None:
        """Show nothing of what was found before: it was on other data."""
        self.reports, self._judgement = {}, None
        self.message.hide()
        self.status.setText("")
        for part in (self.scoring, self.tiles, self.findings, self.made, self.codes, self.writing):
            part.hide()

    def _take_first(self, _share: float) -> None:
        """Where nothing is shown yet: what is judged while other parts are on their way."""
        found = self.evaluator.so_far
        if self._judgement is None and found is not None and self.part in found.reports:
            self._take(found)

    def _take(self, judgement: Judgement) -> None:
        before, self._judgement = self._judgement or Judgement(), judgement
        reports = self.reports = judgement.reports
        self.message.hide()
        self._stack.setCurrentWidget(self.page)
        for shown in (self.tiles, self.findings, *self.buttons.values()):
            shown.setVisible(bool(reports))
        if not reports:
            self.scoring.hide()
        self._show_more(judgement, before)
        self._say_what_is_shown()
        for part, button in self.buttons.items():
            button.setEnabled(part in reports)
            if part in reports:
                says = self.tr("{0} examples").format(f"{len(reports[part].rows):,}")
            elif self.evaluator.busy:
                says = self.tr("Evaluating…")
            else:
                says = self.tr("The split leaves no examples for this part.")
            button.setToolTip(says)
        if reports:
            self.show_part(self.part if self.part in reports else next(iter(reports)))

    def _show_more(self, judgement: Judgement, before: Judgement) -> None:
        """What only some networks have: new examples, a map of codes, text that they write.

        before: what was shown; that of it which is the same stays as the user has made it.
        """
        dataset = self.document.dataset
        assert dataset is not None
        self.made.setVisible(judgement.drawn is not None)
        self.codes.setVisible(judgement.codes is not None)
        self.writing.setVisible(judgement.writer is not None)
        if judgement.drawn is not None and judgement.drawn is not before.drawn:
            self.made.show_drawn(judgement.drawn, dataset)
        if judgement.codes is not None and judgement.codes is not before.codes:
            self.codes.show_map(judgement.codes, dataset)
        if judgement.writer is not None and judgement.writer is not before.writer:
            self.writing.show_writer(judgement.writer, dataset)

    def _fail(self, sentence: str) -> None:
        self._forget()
        self.message.set_message(sentence, "bad", self.tr("This network cannot be evaluated"))
        self.message.show()
        self._stack.setCurrentWidget(self.page)

    def _show_busy(self, busy: bool) -> None:
        self.again.setEnabled(not busy)
        if busy:
            self.status.setText(self.tr("Evaluating…"))

    def _say_what_is_shown(self) -> None:
        if self.evaluator.busy:
            text = self.tr("Evaluating…")
        elif self.controller.state is State.RUNNING:
            text = self.tr("Training goes on; evaluate again for newer weights")
        elif not self.controller.graph.same_computation(self.document.graph):
            text = self.tr("The network was edited since; this is the network as trained")
        else:
            text = ""
        self.status.setText(text)

    def _show_scores(self) -> None:
        dataset = self.document.dataset
        if dataset is None or self.part not in self.reports:
            return
        there = {part: name for part, name in self.names.items() if len(dataset.part(part))}
        metrics = self.scoring.metrics(self.reports[self.part])
        self.tiles.show_reports(self.part, self.reports, there, metrics)

    def show_part(self, part: str) -> None:
        """Show how the network does on test, validation or train."""
        if part not in self.reports or self.document.dataset is None:
            return
        self.part = part
        self.buttons[part].setChecked(True)
        self.tiles.show()
        self.findings.show()
        report, dataset = self.reports[part], self.document.dataset
        self.scoring.show_for(report)
        self._show_scores()
        if self.findings.report is report:
            return
        found = self._judgement or Judgement()
        self.findings.show_report(report, dataset, found.restored.get(part))
        self.findings.surface.show_part(part, found.over_plane, self.controller.graph, dataset)
