"""The list of problems: what is wrong or doubtful, where, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QMenu, QVBoxLayout, QWidget

from engine.errors import GlassboxError
from engine.graph.check import Problem
from engine.graph.summary import Summary
from engine.training.history import Run
from gui.document.document import Document
from gui.forms import spoken
from gui.problems.model import PROBLEM, TITLE, ProblemModel
from gui.problems.row import HEIGHT, ProblemRow
from gui.widgets import NumberLabel, Panel, SectionLabel, Sign, TextLabel
from gui.widgets.units import bytes_text, metric_text

MOST_ROWS = 200
"""Height is asked for up to this many rows; beyond, the list scrolls anyway."""


class ProblemList(QListView):
    """The rows. Up and Down walk, Enter goes to the node, Ctrl+Enter applies the remedy.

    Emits
        chosen(Problem): go there. fix_wanted(Problem): apply its remedy.
    """

    chosen = Signal(object)
    fix_wanted = Signal(object)

    def __init__(self, model: ProblemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.row = ProblemRow(self)
        self._released = QPoint()
        self.setItemDelegate(self.row)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Problems"))
        self.clicked.connect(self._clicked)
        model.modelReset.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        model, rows = self.model(), min(self.model().rowCount(), MOST_ROWS)
        self.row.fit_titles(model.index(row, 0).data(TITLE) for row in range(rows))
        tall = sum(self.sizeHintForRow(row) for row in range(rows))
        self.setMaximumHeight(tall + (4 if rows else 0))
        self.setMinimumHeight(min(rows, 2) * HEIGHT)
        self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()  # sentences take more or fewer lines

    def sizeHint(self) -> QSize:
        return QSize(320, self.maximumHeight())

    def _problem(self, index: QModelIndex) -> Problem | None:
        return index.data(PROBLEM) if index.isValid() else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._released = event.position().toPoint()
        super().mouseReleaseEvent(event)

    def _clicked(self, index: QModelIndex) -> None:
        problem: Problem = index.data(PROBLEM)
        if self.row.on_link(self.visualRect(index), problem, self._released):
            self.fix_wanted.emit(problem)
        else:
            self.chosen.emit(problem)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        problem = self._problem(index)
        on_link = problem is not None and self.row.on_link(self.visualRect(index), problem, point)
        hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(hand if on_link else arrow)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        problem = self._problem(self.currentIndex())
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or problem is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.fix_wanted.emit(problem)
        else:
            self.chosen.emit(problem)

    def contextMenuEvent(self, event: object) -> None:
        problem = self._problem(self.currentIndex())
        if problem is not None:
            place = self.visualRect(self.currentIndex()).bottomLeft() + QPoint(40, 0)
            self.menu(problem).popup(self.viewport().mapToGlobal(place))

    def menu(self, problem: Problem) -> QMenu:
        """What can be done about a problem."""
        menu = QMenu(self)
        go = menu.addAction(self.tr("Go there\tEnter"))
        go.setEnabled(problem.node is not None)
        go.triggered.connect(lambda: self.chosen.emit(problem))
        if problem.fix:
            fix = menu.addAction(spoken(problem.fix.label) + "\tCtrl+Enter")
            fix.triggered.connect(lambda: self.fix_wanted.emit(problem))
        return menu


class ProblemsPanel(Panel):
    """The problems, and below them what the network costs.

    Emits
        reveal(str): bring the node of this id into view; it is selected already.
        failed(str): why a remedy could not be applied.
    """

    reveal = Signal(str)
    failed = Signal(str)

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.model = ProblemModel(self)
        self.list = ProblemList(self.model, self)
        self.list.chosen.connect(self.go_to)
        self.list.fix_wanted.connect(self.fix)
        self.sign = Sign("ok", self)
        self.state = TextLabel(parent=self)
        self.state.setWordWrap(False)
        self.stats = {
            "memory": Stat(self.tr("Memory"), self),
            "path": Stat(self.tr("Deepest path"), self),
            "run": Stat(self.tr("Last run"), self),
        }
        self._arrange()
        for changed in (
            document.problems_changed,
            document.graph_changed,
            document.training_changed,
            document.runs_changed,
        ):
            changed.connect(self.refresh)
        self.refresh()

    def _arrange(self) -> None:
        state = QHBoxLayout()
        state.setContentsMargins(12, 0, 12, 0)
        state.setSpacing(8)
        state.addWidget(self.sign)
        state.addWidget(self.state, 1)
        stats = QHBoxLayout()
        stats.setContentsMargins(12, 0, 12, 0)
        stats.setSpacing(48)
        for stat in self.stats.values():
            stats.addWidget(stat)
        stats.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(4, 8, 4, 12)
        rows.setSpacing(14)
        rows.addWidget(self.list, 1)
        rows.addLayout(state)
        rows.addLayout(stats)
        rows.addStretch(0)

    def refresh(self) -> None:
        document = self.document
        self.model.show_problems(document.problems, document.graph)
        summary = document.summary
        self._show_state(summary)
        training = document.training
        memory = summary.training_bytes(training.examples_at_once, len(training.optimizer.slots))
        self.stats["memory"].set_value(bytes_text(memory))
        self.stats["path"].set_value(self.tr("{0} nodes").format(f"{summary.deepest_path:,}"))
        runs = document.runs
        self.stats["run"].set_value(result_text(runs[-1]) if runs else self.tr("none yet"))

    def _show_state(self, summary: Summary) -> None:
        document = self.document
        errors = sum(problem.severity == "error" for problem in document.problems)
        if not errors:
            has_loss = any(node.layer.kind == "loss" for node in document.graph.nodes)
            if has_loss and document.data is not None:
                text = self.tr("Network is ready to train. {0} parameters · {1} multiply-adds")
            else:
                text = self.tr("Network has no errors. {0} parameters · {1} multiply-adds")
            text = text.format(f"{summary.parameters:,}", f"{summary.multiply_adds:,}")
        elif errors == 1:
            text = self.tr("One error keeps the network from training.")
        else:
            text = self.tr("{0} errors keep the network from training.").format(errors)
        self.sign.set_severity("bad" if errors else "ok")
        self.state.setText(text)

    def go_to(self, problem: Problem) -> None:
        """Select the node of a problem and ask for it to be shown."""
        if problem.node is not None and problem.node in self.document.graph:
            self.document.select([problem.node])
            self.reveal.emit(problem.node)

    def fix(self, problem: Problem) -> None:
        """Apply the remedy of a problem, if it has one, as one undoable edit."""
        if problem.fix is None:
            return
        try:
            self.document.apply_fix(problem.fix)
        except GlassboxError as error:
            self.failed.emit(str(error))


class Stat(QWidget):
    """A number under small capitals."""

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = NumberLabel("", self)
        self.value.setAlignment(Qt.AlignmentFlag.AlignLeft)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        rows.addWidget(SectionLabel(label, self))
        rows.addWidget(self.value)

    def set_value(self, text: str) -> None:
        self.value.setText(text)


def result_text(run: Run) -> str:
    """What a run came to: `98.9 % test accuracy`."""
    for part in ("test", "validation", "train"):
        metrics = run.metrics.get(part, {})
        for name in sorted(metrics, key=lambda name: (name != "accuracy", name == "loss")):
            return f"{metric_text(name, metrics[name])} {part} {name.replace('_', ' ')}"
    return run.name
