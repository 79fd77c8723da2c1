"""The runs of a project: compared, renamed, gone back to, deleted. All of it can be undone."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.training.history import Run
from gui.document.document import Document
from gui.runs.model import NAME, Index, RunModel
from gui.theme import paint_icon, theme
from gui.training.controller import TrainingController
from gui.widgets import LinkButton, Panel, TextLabel, TitleLabel

ROW = 30


class TickDelegate(QStyledItemDelegate):
    """Puts a tick into the box of a run that is compared, so that not its colour alone says so."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked:
            filled = QStyleOptionViewItem(option)
            self.initStyleOption(filled, index)
            part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
            box = option.widget.style().subElementRect(part, filled, option.widget)
            paint_icon(painter, box.adjusted(2, 2, -2, -2), "check-bold", theme.tokens.on_accent)


class RunTable(QTableView):
    """The rows. Space ticks, F2 renames, Enter goes back, Delete deletes.

    Emits
        entered_run, deleted_run: the keys for the chosen run.
    """

    entered_run = Signal()
    deleted_run = Signal()

    def __init__(self, model: RunModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegateForColumn(NAME, TickDelegate(self))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setAccessibleName(self.tr("Runs"))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if not editing and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_run.emit()
        elif not editing and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deleted_run.emit()
        else:
            super().keyPressEvent(event)


class RunsPanel(Panel):
    """All trainings of this project, the newest first.

    Emits
        compared (tuple of run ids): draw these beside the run that is shown.
    """

    compared = Signal(object)

    def __init__(
        self,
        document: Document,
        controller: TrainingController | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.document = document
        self.controller = controller
        self.model = RunModel(document, self)
        self.model.compared.connect(self.compared)
        self.table = RunTable(self.model, self)
        self.table.entered_run.connect(self.restore)
        self.table.deleted_run.connect(self.delete)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(
            lambda point: self.menu().popup(self.table.viewport().mapToGlobal(point))
        )
        self.table.selectionModel().selectionChanged.connect(self._update)
        self._build()
        document.runs_changed.connect(self.refresh)
        if controller is not None:
            controller.state_changed.connect(self._update)
            self.compared.connect(controller.compare)
        self.refresh()

    def _build(self) -> None:
        self.hint = TextLabel(self.tr("Tick runs to compare their curves."), self)
        self.hint.setWordWrap(False)
        self.actions_ = {
            "restore": LinkButton(self.tr("Go back to it"), self),
            "rename": LinkButton(self.tr("Rename"), self, quiet=True),
            "delete": LinkButton(self.tr("Delete"), self, quiet=True),
        }
        for name, action in (
            ("restore", self.restore),
            ("rename", self.rename),
            ("delete", self.delete),
        ):
            self.actions_[name].clicked.connect(action)
        line = QHBoxLayout()
        line.setContentsMargins(8, 0, 8, 0)
        line.addWidget(self.hint, 1)
        for button in self.actions_.values():
            line.addWidget(button)
        page = QWidget(self)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(8, 6, 8, 8)
        rows.setSpacing(4)
        rows.addLayout(line)
        rows.addWidget(self.table, 1)
        self.page = page
        self.empty = self._empty_state()
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(page)

    def _empty_state(self) -> QWidget:
        empty = QWidget(self)
        rows = QVBoxLayout(empty)
        rows.setContentsMargins(16, 12, 16, 12)
        rows.setSpacing(6)
        rows.addWidget(TitleLabel(self.tr("No runs yet"), empty))
        rows.addWidget(
            TextLabel(
                self.tr(
                    "Every training leaves a run here: its settings, its curves and its weights. "
                    "Tick runs to see their curves side by side, and go back to any of them."
                ),
                empty,
            )
        )
        rows.addStretch(1)
        return empty

    def refresh(self) -> None:
        chosen = self.chosen
        self.model.refresh()
        self._stack.setCurrentWidget(self.page if self.model.runs else self.empty)
        if self.model.runs and self.chosen is None:
            ids = [run.id for run in self.model.runs]
            self.table.selectRow(ids.index(chosen.id) if chosen and chosen.id in ids else 0)
        self._update()

    @property
    def chosen(self) -> Run | None:
        """The run whose row is selected."""
        rows = self.table.selectionModel().selectedRows()
        row = rows[0].row() if rows else -1
        return self.model.runs[row] if 0 <= row < len(self.model.runs) else None

    def _update(self, *_: object) -> None:
        run = self.chosen
        busy = self.controller is not None and self.controller.busy
        for name, button in self.actions_.items():
            button.setEnabled(run is not None and not (busy and name == "delete"))
        self.actions_["delete"].setToolTip(self.tr("Pause the training first.") if busy else "")

    # What can be done with a run

    def restore(self) -> None:
        """Bring back the network, the settings and the weights of the chosen run."""
        run = self.chosen
        if run is not None and self.actions_["restore"].isEnabled():
            self.document.restore_run(run.id)
            self.hint.setText(
                self.tr("Network, settings and weights are those of {0} again.").format(run.name)
            )

    def rename(self) -> None:
        """Type another name in place."""
        if self.chosen is not None:
            row = self.table.selectionModel().selectedRows()[0].row()
            index: QModelIndex = self.model.index(row, NAME)
            self.table.setCurrentIndex(index)
            self.table.edit(index)

    def delete(self) -> None:
        """Take the chosen run out of the project; undo brings it back."""
        run = self.chosen
        if run is not None and self.actions_["delete"].isEnabled():
            self.document.remove_run(run.id)
            self.hint.setText(self.tr("Deleted {0}. Undo brings it back.").format(run.name))

    def menu(self) -> QMenu:
        """The same by the pointer's other button."""
        menu = QMenu(self)
        for name, action, key in (
            ("restore", self.restore, "Enter"),
            ("rename", self.rename, "F2"),
            ("delete", self.delete, "Del"),
        ):
            button = self.actions_[name]
            entry = menu.addAction(f"{button.text()}\t{key}")
            entry.setEnabled(button.isEnabled())
            entry.triggered.connect(action)
        return menu
