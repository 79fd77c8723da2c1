"""The document: what the window edits, and the only door to changing it.

Gestures and forms call its verbs; verbs check, then push commands; commands
call the mutators. Everything that a user does to it can be undone. The verbs
that change the graph are in `editing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from engine.fields import Declared
from engine.graph.check import Problem
from engine.graph.infer import Inference
from engine.graph.model import Wire
from engine.graph.summary import Summary
from engine.project.project import Project
from engine.training.batch_sizes import smallest_batch
from engine.training.settings import TrainingSettings
from gui.document.changes import changed_field
from gui.document.commands import SetValue
from gui.document.editing import GraphEditing
from gui.document.findings import Findings
from gui.document.history import History
from gui.document.reshaping import Reshaping

if TYPE_CHECKING:
    from engine.data.dataset import Dataset, DataSignature
    from engine.data.encoding import Encoding
    from engine.data.settings import DataSettings
    from engine.plan.parameters import Weights
    from engine.training.history import Run

translate = QCoreApplication.translate


class Document(Reshaping, QObject):
    """A graph, its data and training settings, weights and runs, with undo.

    Emits, once per edit, undo or redo, after `inference` and `problems` are up to date
        graph_changed: nodes, wires, settings, names or positions changed.
        inference_changed (set of node ids): something else is known about these nodes.
        problems_changed: there are other problems.
    and
        graph_replaced: another project was loaded; `graph` is another object.
        level_changed: the inside of another group is looked at.
        selection_changed, data_changed, training_changed, dataset_changed, path_changed:
        as they say.
        weights_changed, runs_changed: a training left new ones, or they were edited.
        weight_set (node id, parameter, place, value): one number was set by hand.
        run_chosen (Run or None): the network, settings and weights are those of this run now.
        regroup_began, regrouped (moves of neurons): before and after neurons become a layer or
            a layer neurons, in an edit, undo or redo under way; weights are carried by the moves.
        modified_changed (bool): there is something to save, or no longer.
    """

    graph_replaced = Signal()
    graph_changed = Signal()
    inference_changed = Signal(object)
    problems_changed = Signal()
    level_changed = Signal()
    selection_changed = Signal()
    data_changed = Signal()
    training_changed = Signal()
    dataset_changed = Signal()
    path_changed = Signal()
    weights_changed = Signal()
    runs_changed = Signal()
    weight_set = Signal(str, str, int, float)
    run_chosen = Signal(object)
    regroup_began = Signal()
    regrouped = Signal(object)
    modified_changed = Signal(bool)

    def __init__(self, project: Project | None = None, parent: QObject | None = None) -> None:
        QObject.__init__(self, parent)
        self.undo = History(self)
        # Announced once per edit, undo or redo, however many commands it has.
        self.undo.indexChanged.connect(self._refresh)
        self.undo.indexChanged.connect(self.announce_run)
        self.undo.cleanChanged.connect(self._announce_modified)
        self._take(project or Project(), None)

    # The project

    def load(self, project: Project, path: Path | None = None) -> None:
        """Show another project, from a file or new. The undo stack starts empty."""
        self.undo.clear()
        self._take(project, path)
        self.graph_replaced.emit()
        self.graph_changed.emit()
        self.inference_changed.emit(set(self.inference))
        for changed in (
            self.problems_changed,
            self.level_changed,
            self.selection_changed,
            self.data_changed,
            self.dataset_changed,
            self.training_changed,
            self.weights_changed,
            self.runs_changed,
            self.path_changed,
        ):
            changed.emit()
        self._announce_modified()

    def _take(self, project: Project, path: Path | None) -> None:
        self._opened = project
        self.graph = project.graph.copy()
        self.data: DataSettings | None = project.data
        self.training: TrainingSettings = project.training
        self.encoding: Encoding | None = project.encoding
        self.weights: Weights = dict(project.weights)
        self.runs: list[Run] = list(project.runs)
        self.view: dict[str, Any] = dict(project.view)
        self.path = path
        self.dataset: Dataset | None = None
        self.selection: tuple[str, ...] = ()
        self.level = ""
        self._way: tuple[str, ...] = ()
        self._trained = False
        self._findings = Findings(self.graph)
        self._findings.set_data(None, self.data is not None)
        self._findings.set_training(None, self.training)
        self._findings.refresh()

    def project(self) -> Project:
        """All that a file saves, independent of further edits."""
        return replace(
            self._opened,  # with what its file held and this program does not understand
            graph=self.graph.copy(),
            data=self.data,
            training=self.training,
            encoding=self.encoding,
            weights=dict(self.weights),
            runs=list(self.runs),
            view=dict(self.view),
        )

    def mark_saved(self, path: Path) -> None:
        self.path = path
        self._trained = False
        self.undo.setClean()
        self.path_changed.emit()
        self._announce_modified()

    def mark_modified(self) -> None:
        """Say that there is something to save though nothing was edited, as after a recovery."""
        self._note_training()

    @property
    def modified(self) -> bool:
        return self._trained or not self.undo.isClean()

    def _announce_modified(self) -> None:
        self.modified_changed.emit(self.modified)

    # What is known

    @property
    def inference(self) -> Inference:
        return self._findings.inference

    @property
    def summary(self) -> Summary:
        return self._findings.summary

    @property
    def problems(self) -> list[Problem]:
        return self._findings.problems

    @property
    def dataset_signature(self) -> DataSignature | None:
        return self.dataset.signature if self.dataset else None

    def _refresh(self) -> None:
        if not self._findings.changed:
            return
        known, other_problems = self._findings.refresh()
        has_group = self.graph.drawing.has_group
        self.enter(next((i for i in reversed(self._way) if has_group(i)), ""))
        self.select(each for each in self.selection if self.has(each))
        self.graph_changed.emit()
        if known:
            self.inference_changed.emit(known)
        if other_problems:
            self.problems_changed.emit()

    # QObject has methods of these names, and PySide finds them before those of other bases.

    def connect(self, wire: Wire) -> None:  # type: ignore[override]  # QObject's is another
        """Draw a wire. Raises ConnectError."""
        GraphEditing.connect(self, wire)

    def disconnect(self, wire: Wire) -> None:  # type: ignore[override]  # the same
        """Remove a wire. Raises UnknownWireError."""
        GraphEditing.disconnect(self, wire)

    # What is looked at

    def enter(self, group_id: str) -> None:
        """Look at the inside of a group; with an empty id, at the whole graph."""
        if group_id != self.level:
            self.select(())
            self.level = group_id
            self._way = self.graph.drawing.path(group_id)
            self.level_changed.emit()

    def select(self, ids: Iterable[str]) -> None:
        """Select these nodes and groups and no others."""
        selection = tuple(dict.fromkeys(ids))
        if selection != self.selection:
            self.selection = selection
            self.selection_changed.emit()

    # Data and training

    def set_data(self, data: DataSettings | None) -> None:
        """Choose what to learn from. The data set is unknown until it is loaded."""
        self._set_value(self._put_data, self.data, data, translate("Undo", "the data set"))

    def set_training(self, training: TrainingSettings) -> None:
        self._set_value(
            self._put_training, self.training, training, translate("Undo", "the training settings")
        )

    def _set_value(
        self,
        put: Callable[[Any], None],
        before: Declared | None,
        after: Declared | None,
        who: str,
    ) -> None:
        if after == before:
            return
        field, text = changed_field(before, after) if before and after else ("", "")
        text = text or (
            translate("Undo", "Change {}") if after else translate("Undo", "Remove {}")
        ).format(who)
        self.undo.push(SetValue(put, before, after, field, text))

    def _put_data(self, data: DataSettings | None) -> None:
        self.data = data
        self.data_changed.emit()
        self._put_dataset(None)

    def _put_training(self, training: TrainingSettings) -> None:
        self.training = training
        other_problems = self._look_at_batches()
        self.training_changed.emit()
        if other_problems:
            self.problems_changed.emit()

    def set_dataset(self, dataset: Dataset | None) -> None:
        """What the loader made of the data settings; None while it is at work."""
        if dataset is not self.dataset:
            self._put_dataset(dataset)

    def _put_dataset(self, dataset: Dataset | None) -> None:
        is_other, self.dataset = dataset is not self.dataset, dataset
        self._findings.set_data(self.dataset_signature, self.data is not None)
        other_problems = self._look_at_batches()
        if is_other:
            self.dataset_changed.emit()
        if other_problems:
            self.problems_changed.emit()

    def _look_at_batches(self) -> bool:
        """Whether there are other problems now, with what goes through at a time in training."""
        examples = self.dataset.signature.counts[0] if self.dataset else 0
        smallest = smallest_batch(examples, self.training)
        self._findings.set_training(smallest, self.training)
        return self._findings.refresh()[1]

    def set_weights(self, weights: Weights, encoding: Encoding | None = None) -> None:
        """Keep what a training learnt, and how the columns it learnt from were encoded."""
        self.weights = dict(weights)
        self.encoding = encoding or self.encoding
        self._note_training()
        self.weights_changed.emit()

    def set_runs(self, runs: Iterable[Run]) -> None:
        self.runs = list(runs)
        self._note_training()
        self.runs_changed.emit()

    def _note_training(self) -> None:
        self._trained = True
        self._announce_modified()
