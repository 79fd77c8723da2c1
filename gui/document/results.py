"""The verbs that change what trainings left: weights and runs."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.errors import FieldError, UnknownRunError
from engine.graph.check.fix import Of
from engine.graph.fragment import Fragment
from engine.graph.model import Graph
from engine.training.settings import TrainingSettings
from gui.document import commands
from gui.document.grouping import GroupEditing
from gui.document.structure_commands import Draw

if TYPE_CHECKING:
    from engine.data.settings import DataSettings
    from engine.plan.parameters import Weights
    from engine.training.history import Run


class ResultEditing(GroupEditing):
    """Undoable edits of weights and runs, a part of the document."""

    weights: Weights
    runs: list[Run]
    training: TrainingSettings
    data: DataSettings | None
    weights_changed: Any
    weight_set: Any
    runs_changed: Any
    run_chosen: Any
    _put_back: tuple[Run | None] | None = None

    def set_training(self, training: TrainingSettings) -> None:
        """Change the training settings."""
        raise NotImplementedError  # the document keeps them

    def set_data(self, data: DataSettings | None) -> None:
        """Choose what to learn from."""
        raise NotImplementedError  # the document keeps it

    def set_setting(self, of: Of, field: str, value: object) -> None:
        """Change one of the data or training settings, if there are any. Raises FieldError."""
        if of == "training":
            self.set_training(self.training.replaced(**{field: value}))
        elif self.data is not None:
            self.set_data(self.data.replaced(**{field: value}))

    def forget(self, ids: Collection[str]) -> None:
        """Take nodes that are gone out of the objectives that name them."""
        self.set_training(self.training.without(ids))

    def name_instead(self, others: Mapping[str, Sequence[str]]) -> None:
        """Let objectives that name nodes name those that came in their place."""
        self.set_training(self.training.renamed(others))

    # Weights

    def set_weight(self, node_id: str, name: str, index: int, value: float) -> None:
        """Set one number of a parameter by hand, at its place in reading order.

        A network that was never trained first gets the weights that training would start from.
        Raises UnknownNodeError, and FieldError if the node has no such number.
        """
        title = self.graph.node(node_id).title
        shapes = self.inference[node_id].weight_shapes
        if name not in shapes or not 0 <= index < math.prod(shapes[name]):
            raise FieldError(
                f"{title} has no number {index} in a parameter {name!r}. Wire it first."
            )
        place = (node_id, name, index)
        text = f"Set a weight of {title}" if name != "bias" else f"Set the bias of {title}"
        array = self.weights.get((node_id, name))
        if array is not None and array.shape == shapes[name]:
            self._set_weight(place, value, text)
            return
        filled = {**self.weights, **self.all_weights()}
        if all(filled[key] is array for key, array in self.weights.items()):
            self.weights = filled
            self._set_weight(place, value, text)
            return
        with self.edit(text):  # undoing it brings back weights of another shape
            self.replace_weights(filled)
            self._set_weight(place, value, text)

    def _set_weight(self, place: tuple[str, str, int], value: float, text: str) -> None:
        node_id, name, index = place
        before = float(self.weights[node_id, name].flat[index])
        if before != value:
            self.undo.push(commands.SetWeight(self.put_weight, place, before, value, text))

    def all_weights(self) -> Weights:
        """A weight for every parameter: those there are, and first ones for the rest."""
        from engine.plan.initial import initial_weights

        weights = initial_weights(self.inference, self.training.seed)
        for key, array in self.weights.items():
            if key in weights and weights[key].shape == array.shape:
                weights[key] = array
        return weights

    def put_weight(self, place: tuple[str, str, int], value: float) -> None:
        """Set one number, if it is still there. For the undo stack: use `set_weight`."""
        node_id, name, index = place
        array = self.weights.get((node_id, name))
        if array is None or index >= array.size:
            return
        changed = array.copy()  # a run may hold the same array
        changed.flat[index] = value
        self.weights = {**self.weights, (node_id, name): changed}
        self.weight_set.emit(node_id, name, index, value)
        self.weights_changed.emit()

    def replace_weights(self, weights: Weights) -> None:
        """Keep other weights, as a part of an edit."""
        self.undo.push(
            commands.SetValue(self.put_weights, self.weights, weights, "", "Change weights")
        )

    def put_weights(self, weights: Weights) -> None:
        """Put all weights in place. For the undo stack: use `replace_weights`."""
        self.weights = weights
        self.weights_changed.emit()

    def _take_weights(self, placed: Fragment) -> None:
        if placed.weights:
            self.replace_weights({**self.weights, **placed.weights})

    def put_weights_of(self, restored: tuple[Weights, Run | None]) -> None:
        """Put all weights of a run, or those before, in place. For the undo stack: `restore_run`.

        Which run it is, is announced when the whole edit is done.
        """
        self.weights, run = restored
        self._put_back = (run,)
        self.weights_changed.emit()

    def announce_run(self) -> None:
        """Say that the weights are of another run, after an edit, undo or redo that did that."""
        if self._put_back is not None:
            (run,), self._put_back = self._put_back, None
            self.run_chosen.emit(run or self.run_of_weights())

    def run_of_weights(self) -> Run | None:
        """The run that the weights come from, though some may have been set by hand since.

        It is the one with the fewest other numbers; the newest of several; None if no run
        has these weights.
        """
        nearest, fewest = None, math.inf
        for run in self.runs if self.weights else ():
            others = differences(run.checkpoint.weights, self.weights)
            if others is not None and others <= fewest:
                nearest, fewest = run, others
        return nearest

    # Runs

    def run(self, run_id: str) -> Run:
        """Raises UnknownRunError."""
        for run in self.runs:
            if run.id == run_id:
                return run
        raise UnknownRunError(f"The project has no run {run_id!r}. It may have been deleted.")

    def rename_run(self, run_id: str, name: str) -> None:
        """Call a run something else. Raises UnknownRunError."""
        run, name = self.run(run_id), name.strip()
        if name and name != run.name:
            self.undo.push(commands.RenameRun(self.put_run_name, run_id, run.name, name))

    def remove_run(self, run_id: str) -> None:
        """Take a run out of the project; undo brings it back. Raises UnknownRunError."""
        run = self.run(run_id)
        index = self.runs.index(run)
        self.undo.push(commands.RemoveRun(self.insert_run, self.take_run, index, run))

    def restore_run(self, run_id: str) -> None:
        """Bring back the network, the settings and the weights of a run, in one edit.

        Raises UnknownRunError.
        """
        run = self.run(run_id)
        with self.edit(f"Go back to {run.name}"):
            if not self.graph.same_computation(run.graph):
                self._replace_graph(run.graph)
            self.set_training(run.settings)
            self.undo.push(
                commands.SetValue(
                    self.put_weights_of,
                    (self.weights, None),
                    (run.checkpoint.weights, run),
                    "",
                    "Restore weights",
                )
            )

    def _replace_graph(self, graph: Graph) -> None:
        drawing = self.graph.drawing
        self.remove([node.id for node in self.graph.nodes])
        for each in drawing.annotations:
            self.undo.push(Draw(drawing, each, None))
        self._add_all(
            Fragment(graph.nodes, graph.wires, graph.drawing.groups, graph.drawing.annotations)
        )

    def put_run_name(self, run_id: str, name: str) -> None:
        self.runs = [run.renamed(name) if run.id == run_id else run for run in self.runs]
        self.runs_changed.emit()

    def insert_run(self, index: int, run: Run) -> None:
        self.runs = [*self.runs[:index], run, *self.runs[index:]]
        self.runs_changed.emit()

    def take_run(self, run_id: str) -> None:
        self.runs = [run for run in self.runs if run.id != run_id]
        self.runs_changed.emit()


def differences(some: Weights, others: Weights) -> int | None:
    """How many numbers are other ones; None if the weights are of another network."""
    if {key: array.shape for key, array in some.items()} != {
        key: array.shape for key, array in others.items()
    }:
        return None
    return sum(int(np.count_nonzero(array != others[key])) for key, array in some.items())
