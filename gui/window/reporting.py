"""Keeps the bars up to date with the document and the training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.actions import Actions
from gui.document.document import Document
from gui.window.files import ProjectFiles
from gui.window.status_bar import StatusBar
from gui.window.tabs import BottomTabs
from gui.window.top_bar import TopBar
from gui.window.training_bar import TrainingBar

if TYPE_CHECKING:
    from gui.training.controller import TrainingController


class Reporting(QObject):
    """Listens to the document and the training, tells the bars, the tabs and the actions."""

    def __init__(
        self,
        document: Document,
        files: ProjectFiles,
        actions: Actions,
        top: TopBar,
        bar: TrainingBar,
        tabs: BottomTabs,
        status: StatusBar,
    ) -> None:
        super().__init__(status)
        self._document = document
        self._controller: TrainingController | None = None
        self._files = files
        self._actions = actions
        self._top, self._bar, self._tabs, self._status = top, bar, tabs, status
        document.problems_changed.connect(self.show_problems)
        document.inference_changed.connect(self.show_parameters)
        document.graph_changed.connect(self.show_parameters)
        document.dataset_changed.connect(self.show_data)
        document.data_changed.connect(self.show_data)
        document.runs_changed.connect(self.show_runs)
        document.path_changed.connect(self.show_name)
        document.modified_changed.connect(self.show_name)
        # By what the signals bring: when a document dies, its stack announces that it is empty.
        undo = document.undo
        undo.canUndoChanged.connect(actions["edit.undo"].setEnabled)
        undo.canRedoChanged.connect(actions["edit.redo"].setEnabled)
        undo.undoTextChanged.connect(self._name_undo)
        undo.redoTextChanged.connect(self._name_redo)
        for show in (
            self.show_problems,
            self.show_parameters,
            self.show_data,
            self.show_name,
            self.show_runs,
        ):
            show()
        actions.enable(edit__undo=undo.canUndo(), edit__redo=undo.canRedo(), train__reset=False)
        self._name_undo(undo.undoText())
        self._name_redo(undo.redoText())

    def follow(self, controller: TrainingController) -> None:
        """Report on the training too."""
        self._controller = controller
        controller.state_changed.connect(self.show_state)
        controller.refreshed.connect(self.show_progress)
        controller.run_changed.connect(self.show_progress)
        controller.loading.connect(self.show_loading)
        self.show_state()

    def show_problems(self) -> None:
        severities = [problem.severity for problem in self._document.problems]
        errors, doubts = severities.count("error"), severities.count("warning")
        self._status.set_problems(errors, doubts)
        title = self.tr("Problems")
        self._tabs.set_title("problems", f"{title} {len(severities)}" if severities else title)

    def show_parameters(self) -> None:
        self._status.set_parameters(self._document.summary.parameters)

    def show_data(self) -> None:
        document = self._document
        if document.data is None:
            self._status.set_data(self.tr("no data"))
            return
        name = document.data.source.title()
        signature = document.dataset_signature
        if signature is None:
            self._status.set_data(name)
            return
        counts = " / ".join(f"{count:,}" for count in signature.counts)
        self._status.set_data(f"{name} {counts}")

    def show_loading(self, share: float) -> None:
        """The data set is being read."""
        name = self._document.data.source.title() if self._document.data else ""
        self._status.set_data(
            self.tr("loading {name} {share} %").format(name=name, share=round(share * 100))
        )

    def show_runs(self) -> None:
        count = len(self._document.runs)
        title = self.tr("Runs")
        self._tabs.set_title("runs", f"{title} {count}" if count else title)

    def show_name(self) -> None:
        self._top.set_document(self._files.name, self._document.modified)

    def end(self) -> None:
        """The window closes."""
        self._document.undo.disconnect(self)

    def _name_undo(self, what: str) -> None:
        verb = self.tr("Undo")
        self._actions.describe("edit.undo", f"{verb}: {what}" if what else verb)

    def _name_redo(self, what: str) -> None:
        verb = self.tr("Redo")
        self._actions.describe("edit.redo", f"{verb}: {what}" if what else verb)

    def show_state(self) -> None:
        assert self._controller is not None
        from gui.training.controller import State  # not before the first frame

        state, busy = self._controller.state, self._controller.busy
        self._bar.set_running(busy, state is State.PAUSED)
        self._actions.enable(
            train__step=not busy, train__reset=state not in (State.IDLE, State.LOADING)
        )
        self.show_progress()

    def show_progress(self) -> None:
        assert self._controller is not None
        from gui.training.controller import State

        state, telemetry = self._controller.state, self._controller.telemetry
        if telemetry is None or state is State.IDLE:
            self._status.set_training(None)
            return
        share = self._controller.bridge.share if state is State.RUNNING else None
        under_way = state in (State.RUNNING, State.PAUSED)
        self._status.set_training(telemetry.progress, share, under_way)
