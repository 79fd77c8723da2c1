"""The runs of a project: listed, compared, renamed, gone back to, deleted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.data.dataset import prepare
from engine.optimizers import OPTIMIZERS
from engine.training.control import Control
from engine.training.history import Run
from engine.training.settings import ObjectiveSettings, TrainingSettings
from engine.training.trainer import Trainer
from gui.document.document import Document
from gui.runs import RunsPanel
from gui.runs.model import EPOCHS, LOSS, METRIC, NAME, SETTINGS, TIME, best_of, started_text
from gui.training.controller import State, TrainingController
from tests.tools.sample_projects import iris_project


def trained_run(number: int, epochs: int) -> Run:
    project = iris_project()
    settings = TrainingSettings(epochs=epochs)
    trainer = Trainer(project.graph, prepare(project.data), settings)
    trainer.run(Control())
    return Run(
        f"run_{number}",
        f"run {number}",
        settings,
        project.graph,
        trainer.checkpoint(),
        {"validation": {"loss": 1.0, "accuracy": 0.5}},
        "2026-01-02T03:04:05+00:00",
        75.0,
    )


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return [trained_run(1, 1), trained_run(2, 3)]


@pytest.fixture
def panel(qtbot, runs):
    project = iris_project()
    project.runs = list(runs)
    project.weights = runs[-1].checkpoint.weights
    document = Document(project)
    controller = TrainingController(document)
    panel = RunsPanel(document, controller)
    qtbot.addWidget(panel)
    panel.show()
    yield panel
    controller.shut_down()


def text(panel: RunsPanel, row: int, column: int) -> str:
    return panel.model.index(row, column).data()


def names(panel: RunsPanel) -> list[str]:
    return [text(panel, row, NAME) for row in range(panel.model.rowCount())]


def test_without_runs_the_panel_says_what_a_run_is(qtbot):
    panel = RunsPanel(Document(iris_project()))
    qtbot.addWidget(panel)
    panel.show()

    assert panel.empty.isVisible()


def test_the_newest_run_stands_first_and_is_chosen(panel):
    assert names(panel) == ["run 2", "run 1"]
    assert panel.chosen.id == "run_2"


def test_a_row_sums_a_run_up(panel, runs):
    best = best_of(runs[1], "loss", higher=False)

    assert text(panel, 0, METRIC).endswith(" % accuracy")
    assert text(panel, 0, LOSS) == f"{best.value:.4g} at {best.epoch:.3g}"
    assert text(panel, 0, EPOCHS) == "3 / 3"
    assert text(panel, 0, TIME) == "1:15"


def test_the_best_value_is_the_lowest_loss_on_validation(runs):
    _, values = runs[1].curves["loss/validation"].points()

    assert best_of(runs[1], "loss", higher=False).value == np.min(values)


def test_a_run_is_renamed_in_place_and_the_name_called_back(qtbot, panel):
    panel.model.setData(panel.model.index(1, NAME), "first")
    renamed = names(panel)
    panel.document.undo.undo()

    assert renamed == ["run 2", "first"]
    assert names(panel) == ["run 2", "run 1"]


def test_a_ticked_run_is_compared_with_in_the_plots(qtbot, panel):
    index = panel.model.index(1, NAME)

    with qtbot.waitSignal(panel.compared) as compared:
        panel.model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)

    assert compared.args == [("run_1",)]
    assert [run.id for run in panel.controller.earlier_runs(3)] == ["run_1"]


def test_without_ticks_the_newest_others_are_compared_with(panel):
    panel.controller.compare(["run_1"])
    panel.controller.compare([])

    assert [run.id for run in panel.controller.earlier_runs(1)] == ["run_1"]


def test_the_delete_key_deletes_and_undo_brings_the_run_back(qtbot, panel):
    panel.table.selectRow(1)
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    left, said = names(panel), panel.hint.text()
    panel.document.undo.undo()

    assert left == ["run 2"]
    assert said == "Deleted run 1. Undo brings it back."
    assert names(panel) == ["run 2", "run 1"]


def test_a_deleted_run_is_no_longer_compared_with(panel):
    index = panel.model.index(1, NAME)
    panel.model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    panel.document.remove_run("run_1")

    assert panel.model.checked == ()


def test_enter_goes_back_to_a_run_which_training_then_goes_on_from(qtbot, panel, runs):
    panel.document.set_field("dense_1", "units", 5)
    panel.table.selectRow(1)
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)

    assert panel.document.graph.same_computation(runs[0].graph)
    assert panel.document.training.epochs == 1
    assert panel.controller.state is State.FINISHED
    assert panel.controller.telemetry.progress.step == runs[0].checkpoint.number("step")


def test_the_menu_offers_what_the_keys_do(panel):
    assert [action.text() for action in panel.menu().actions()] == [
        "Go back to it\tEnter",
        "Rename\tF2",
        "Delete\tDel",
    ]


def test_a_start_that_is_not_known_is_left_out():
    assert started_text("") == ""
    assert started_text("2026-01-02T03:04:05+00:00") != ""


def test_a_run_of_several_objectives_names_the_optimiser_of_each(panel, runs):
    turns = (
        ObjectiveSettings(name="one", optimizer=OPTIMIZERS.get("adam")(rate=0.002)),
        ObjectiveSettings(name="two", optimizer=OPTIMIZERS.get("sgd")(rate=0.5)),
    )
    settings = runs[0].settings.replaced(objectives=turns)
    panel.document.set_runs([replace(runs[0], settings=settings)])

    assert text(panel, 0, SETTINGS) == "Adam 0.002 + SGD 0.5"
