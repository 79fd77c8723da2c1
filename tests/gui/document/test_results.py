"""Weights set by hand, and runs renamed, deleted and gone back to: all of it can be undone."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.errors import FieldError, UnknownRunError
from engine.training.control import Control
from engine.training.history import Run
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer
from gui.document.document import Document
from tests.tools.sample_projects import iris_project


def trained_run(run_id: str, epochs: int) -> Run:
    project = iris_project()
    settings = TrainingSettings(epochs=epochs)
    trainer = Trainer(project.graph, prepare(project.data), settings)
    trainer.run(Control())
    return Run(run_id, run_id.replace("_", " "), settings, project.graph, trainer.checkpoint())


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return [trained_run("run_1", 1), trained_run("run_2", 2)]


@pytest.fixture
def document(qapp, runs) -> Document:
    project = iris_project()
    project.runs = list(runs)
    project.weights = runs[1].checkpoint.weights
    return Document(project)


def test_a_weight_set_by_hand_changes_one_number_and_leaves_the_run_alone(document, runs):
    before = runs[1].checkpoint.weights["dense_1", "weight"].copy()
    document.set_weight("dense_1", "weight", 5, 2.5)
    after = document.weights["dense_1", "weight"]

    assert after.flat[5] == 2.5
    assert np.count_nonzero(after != before) == 1
    assert np.array_equal(runs[1].checkpoint.weights["dense_1", "weight"], before)


def test_undo_takes_back_that_number_alone(document):
    before = float(document.weights["dense_1", "bias"][2])
    document.set_weight("dense_1", "bias", 2, 1.0)
    document.set_weights({**document.weights, ("dense_2", "bias"): np.ones(3, np.float32)})
    document.undo.undo()

    assert float(document.weights["dense_1", "bias"][2]) == before
    assert np.all(document.weights["dense_2", "bias"] == 1)


def test_turning_one_weight_is_one_step_back(document):
    for value in (0.1, 0.2, 0.3):
        document.set_weight("dense_1", "bias", 0, value)

    assert document.undo.count() == 1
    assert document.undo.undoText() == "Set the bias of Dense"


def test_a_network_never_trained_starts_from_its_first_weights(qapp):
    document = Document(iris_project())
    first = document.all_weights()
    document.set_weight("dense_2", "bias", 0, 1.0)

    assert document.weights.keys() == first.keys()
    assert np.array_equal(document.weights["dense_1", "weight"], first["dense_1", "weight"])


def test_a_number_that_is_not_there_is_refused(document):
    with pytest.raises(FieldError) as refused:
        document.set_weight("dense_1", "weight", 99, 1.0)

    assert str(refused.value) == ("Dense has no number 99 in a parameter 'weight'. Wire it first.")
    assert document.undo.count() == 0


def test_setting_a_weight_is_announced(qtbot, document):
    with qtbot.waitSignals([document.weight_set, document.weights_changed]):
        document.set_weight("dense_1", "bias", 1, 0.75)


def test_a_run_is_renamed_and_called_back(document):
    document.rename_run("run_1", "  small  ")
    renamed = document.run("run_1").name
    document.undo.undo()

    assert renamed == "small"
    assert document.run("run_1").name == "run 1"


def test_an_empty_name_changes_nothing(document):
    document.rename_run("run_1", "  ")

    assert document.undo.count() == 0


def test_a_deleted_run_comes_back_where_it_was(document, runs):
    document.remove_run("run_1")
    left = [run.id for run in document.runs]
    document.undo.undo()

    assert left == ["run_2"]
    assert document.runs == runs


def test_a_run_made_after_a_deletion_survives_its_undo(document, runs):
    document.remove_run("run_1")
    document.set_runs([*document.runs, runs[0].renamed("newer")])
    document.undo.undo()

    assert [run.name for run in document.runs] == ["run 1", "run 2", "newer"]


def test_a_run_that_is_not_there_is_refused(document):
    with pytest.raises(UnknownRunError) as refused:
        document.remove_run("run_9")

    assert str(refused.value) == "The project has no run 'run_9'. It may have been deleted."


def test_going_back_to_a_run_brings_its_network_settings_and_weights(qtbot, document, runs):
    document.set_field("dense_1", "units", 5)
    document.set_training(TrainingSettings(epochs=50))
    edits = document.undo.count()

    with qtbot.waitSignal(document.run_chosen):
        document.restore_run("run_1")

    assert document.graph.same_computation(runs[0].graph)
    assert document.training.epochs == 1
    assert np.array_equal(
        document.weights["dense_1", "weight"], runs[0].checkpoint.weights["dense_1", "weight"]
    )
    assert document.undo.count() == edits + 1


def test_going_back_can_be_undone(document, runs):
    document.set_field("dense_1", "units", 5)
    document.restore_run("run_1")
    document.undo.undo()

    assert document.graph.node("dense_1").layer.units == 5
    assert np.array_equal(
        document.weights["dense_1", "weight"], runs[1].checkpoint.weights["dense_1", "weight"]
    )
