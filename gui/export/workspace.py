"""The Export workspace: a file that other programs run, and the proof that it computes the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engine.data.encoding import Encoding
from engine.errors import GlassboxError
from gui.document.document import Document
from gui.export.contents import Contents
from gui.export.empty import NothingToExport
from gui.export.exporter import Exported, Exporter, Request
from gui.export.result_card import ResultCard
from gui.training.controller import TrainingController
from gui.widgets import (
    HintLabel,
    InlineMessage,
    LinkButton,
    Panel,
    PlainButton,
    PrimaryButton,
    SectionLabel,
    TextField,
    TextLabel,
    TitleLabel,
)

Choose = Callable[[QWidget, Path], Path | None]
"""Asks the user where to write, beginning at a path; None where he gives up."""

WIDTH = 640


def ask_path(parent: QWidget, start: Path) -> Path | None:
    """The system's dialog to save a file."""
    title = parent.tr("Export ONNX")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, str(start), "ONNX (*.onnx)")
    return Path(chosen) if chosen else None


class ExportWorkspace(Panel):
    """Choose a place, export, and see the largest difference between file and network."""

    def __init__(
        self,
        document: Document,
        controller: TrainingController,
        parent: QWidget | None = None,
        *,
        choose: Choose = ask_path,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.controller = controller
        self._choose = choose
        self._named = False  # whether the user gave the path; else it follows the document
        self.exporter = Exporter(self)
        self.exporter.finished.connect(self._take)
        self.exporter.failed.connect(self._fail)
        self.exporter.busy_changed.connect(self._show_busy)
        self._build()
        self.result = ResultCard(self)
        self.result.hide()
        self._rows.insertWidget(self._rows.count() - 1, self.result)
        for changed in (document.weights_changed, controller.run_changed, document.graph_changed):
            changed.connect(self._note)
        for changed in (
            document.path_changed,
            document.problems_changed,
            document.data_changed,
            controller.state_changed,
        ):
            changed.connect(self.refresh)
        self.refresh()

    def _build(self) -> None:
        self.path = TextField("", self.tr("Where to write the file"), self, monospaced=True)
        self.path.setAccessibleName(self.tr("File"))
        self.path.committed.connect(self._name)
        self.path.textEdited.connect(self._name)
        self.browse = PlainButton(self.tr("Choose…"), "folder-open", self)
        self.browse.clicked.connect(self.choose)
        self.replaces = HintLabel("", self)
        self.contents = Contents(self)
        self.message = InlineMessage("", "bad", self)
        self.message.hide()
        self.button = PrimaryButton(self.tr("Export and verify"), "export", self)
        self.button.clicked.connect(self.export)
        self.stop = LinkButton(self.tr("Cancel"), self, quiet=True)
        self.stop.clicked.connect(self.exporter.cancel)
        self.stop.hide()
        self.status = HintLabel("", self)
        self.empty = NothingToExport(self.document, self.controller, self)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._page())

    def _page(self) -> QWidget:
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.path, 1)
        where.addWidget(self.browse)
        action = QHBoxLayout()
        action.setSpacing(12)
        for part in (self.button, self.stop, self.status):
            action.addWidget(part)
        action.addStretch(1)
        column = QWidget()
        column.setMaximumWidth(WIDTH)
        rows = self._rows = QVBoxLayout(column)
        rows.setContentsMargins(24, 18, 24, 24)
        rows.setSpacing(8)
        rows.addWidget(TitleLabel(self.tr("Export"), column))
        rows.addWidget(
            TextLabel(
                self.tr(
                    "ONNX is read by onnxruntime, by phones and browsers, and by most programs "
                    "that run networks. The file also holds how raw columns are prepared and "
                    "what the classes are called. PyTorch, Keras and NumPy code come with a "
                    "later version."
                ),
                column,
            )
        )
        rows.addSpacing(8)
        rows.addWidget(SectionLabel(self.tr("File"), column))
        rows.addLayout(where)
        rows.addWidget(self.replaces)
        rows.addSpacing(8)
        rows.addWidget(self.contents)
        rows.addSpacing(8)
        rows.addWidget(self.message)
        rows.addLayout(action)
        rows.addSpacing(8)
        rows.addStretch(1)
        content = Panel()
        middle = QHBoxLayout(content)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        middle.addWidget(column, 100)
        middle.addStretch(1)
        page = QScrollArea()
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setWidgetResizable(True)
        page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page.setWidget(content)
        self._scroll = page
        return page

    # What there is to export

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _note(self, _what: object = None) -> None:
        self.result.note_change()
        self.refresh()

    def refresh(self, _what: object = None) -> None:
        """Bring path and contents up to the document, as far as they are on show."""
        if not self.isVisible():
            return
        weights = self.controller.weights()
        if not weights:
            self.empty.explain()
            self._stack.setCurrentWidget(self.empty)
            return
        self._stack.setCurrentWidget(self._scroll)
        if not self._named:
            self.path.set_value(str(self.suggested()))
        self._say_what_is_replaced()
        self._show_contents()

    def _show_contents(self) -> None:
        self.message.hide()
        self.contents.show()
        try:
            self.contents.show_network(
                self.controller.graph, self.controller.weights(), self._encoding()
            )
        except GlassboxError as error:
            self.contents.hide()
            title = self.tr("This network cannot be exported")
            self.message.set_message(str(error), "bad", title)
            self.message.show()
        self.button.setEnabled(self.message.isHidden() and not self.exporter.busy)

    def suggested(self) -> Path:
        """Beside the project, under its name; in the user's folder before it was saved."""
        path = self.document.path
        return path.with_suffix(".onnx") if path else Path.home() / "network.onnx"

    def choose(self) -> None:
        """Ask for another place."""
        chosen = self._choose(self, Path(self.path.text() or self.suggested()))
        if chosen is not None:
            self.path.set_value(str(chosen))
            self._name(str(chosen))

    def _name(self, text: str) -> None:
        self._named = bool(text.strip())
        self._say_what_is_replaced()

    def _say_what_is_replaced(self) -> None:
        is_there = bool(self.path.text()) and Path(self.path.text()).is_file()
        self.replaces.setText(self.tr("The file that is there will be replaced."))
        self.replaces.setVisible(is_there)

    # Exporting

    def export(self) -> None:
        """Write the file and verify it, beside the window."""
        path = Path(self.path.text().strip() or self.suggested()).expanduser()
        if path.suffix.lower() != ".onnx":
            path = path.with_name(path.name + ".onnx")
        self.path.set_value(str(path))
        dataset = self.document.dataset
        weights = {key: array.copy() for key, array in self.controller.weights().items()}
        self.exporter.export(
            Request(path, self.controller.graph.copy(), weights, self._encoding(), dataset)
        )

    def _encoding(self) -> Encoding | None:
        """How the data was prepared when the network was trained."""
        dataset = self.document.dataset
        return self.document.encoding or (dataset.encoding if dataset else None)

    def _take(self, exported: Exported) -> None:
        self.result.show_exported(exported)
        self._say_what_is_replaced()

    def _fail(self, sentence: str, details: str) -> None:
        self.result.show_failure(sentence, details)

    def _show_busy(self, busy: bool) -> None:
        self.button.setEnabled(not busy)
        self.stop.setVisible(busy)
        self.status.setText(self.tr("Writing, and running both sides…") if busy else "")
        if busy:
            self.result.hide()
