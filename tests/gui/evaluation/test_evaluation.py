"""The Evaluate workspace judges the weights there are, and shows where they are wrong."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from engine.data.dataset import prepare
from engine.data.settings import DataSettings
from engine.evaluation.report import Mistake
from engine.project.templates import open_template
from gui.document.document import Document
from gui.evaluation import EvaluationWorkspace, evaluator
from gui.evaluation.confusion import ConfusionMatrix
from gui.evaluation.mistakes import MistakeGallery, picture
from gui.evaluation.scatter import PredictionScatter, ticks
from gui.theme import DARK, LIGHT, theme
from gui.training.controller import State, TrainingController
from tests.tools.sample_projects import diabetes_project, iris_project


def workspace_of(qtbot, project, trained: bool = True) -> EvaluationWorkspace:
    document = Document(project)
    document.set_dataset(prepare(project.data))
    if trained:
        document.set_weights(document.all_weights())
    workspace = EvaluationWorkspace(document, TrainingController(document))
    qtbot.addWidget(workspace)
    workspace.resize(1200, 800)
    return workspace


@pytest.fixture
def iris(qtbot):
    workspace = workspace_of(qtbot, iris_project())
    yield workspace
    workspace.evaluator.shut_down()
    workspace.controller.shut_down()


@pytest.fixture
def autoencoder(qtbot):
    workspace = workspace_of(qtbot, open_template("autoencoder"))
    yield workspace
    workspace.evaluator.shut_down()
    workspace.controller.shut_down()


@pytest.fixture
def diabetes(qtbot):
    workspace = workspace_of(qtbot, diabetes_project())
    yield workspace
    workspace.evaluator.shut_down()
    workspace.controller.shut_down()


def opened(qtbot, workspace: EvaluationWorkspace) -> EvaluationWorkspace:
    with qtbot.waitSignal(workspace.evaluator.finished, timeout=20_000):
        workspace.show()
    return workspace


def test_a_reconstruction_is_judged_by_its_values_though_the_data_has_classes(qtbot, autoencoder):
    opened(qtbot, autoencoder)

    assert [tile.kind for tile in autoencoder.tiles.tiles] == ["loss", "mae", "rmse", "r2"]
    assert not autoencoder.findings.matrix.isVisibleTo(autoencoder.findings)
    assert not autoencoder.findings.gallery.isVisibleTo(autoencoder.findings)


def test_before_the_first_judgement_nothing_half_made_is_shown(qtbot, iris):
    iris.show()
    before = iris.findings.isVisible(), iris.empty.isVisible(), iris.empty.title.text()
    buttons = iris.empty.train.isVisible(), iris.empty.data.isVisible()
    qtbot.waitUntil(lambda: bool(iris.reports), timeout=20_000)

    assert before == (False, True, "One moment")
    assert buttons == (False, False)
    assert iris.findings.isVisible()
    assert not iris.empty.isVisible()


def test_the_first_part_is_shown_while_the_others_are_on_their_way(qtbot, iris, monkeypatch):
    honest, may_go_on = evaluator.report, threading.Event()

    def report(graph, weights, dataset, part):
        if part == "train":
            assert may_go_on.wait(20)
        return honest(graph, weights, dataset, part)

    monkeypatch.setattr(evaluator, "report", report)
    iris.show()
    qtbot.waitUntil(lambda: iris.findings.isVisible(), timeout=20_000)
    accuracy = iris.tiles.tiles[1]
    early = accuracy.others.text(), iris.status.text(), iris.buttons["train"].isEnabled()
    iris.findings.matrix.choose((0, 0))
    with qtbot.waitSignal(iris.evaluator.finished, timeout=20_000):
        may_go_on.set()

    assert early[0].endswith("\ntraining …")
    assert early[1:] == ("Evaluating…", False)
    assert accuracy.others.text().endswith(" %")
    assert iris.status.text() == ""
    assert iris.buttons["train"].isEnabled()
    assert iris.findings.matrix.cell == (0, 0)


def test_the_part_that_was_chosen_is_waited_for_when_other_data_is_judged(qtbot, iris):
    opened(qtbot, iris)
    iris.buttons["train"].click()
    with qtbot.waitSignal(iris.evaluator.finished, timeout=20_000):
        iris.document.set_dataset(prepare(iris.document.data.replaced(seed=5)))

    assert iris.part == "train"
    assert iris.buttons["train"].isChecked()


def test_what_was_found_on_other_data_is_not_shown_any_more(qtbot, iris):
    opened(qtbot, iris)
    iris.document.set_dataset(prepare(iris.document.data.replaced(seed=5)))
    forgotten = dict(iris.reports)
    iris.show_part("train")
    shown = iris.findings.isVisible()
    qtbot.waitUntil(lambda: bool(iris.reports), timeout=20_000)

    assert forgotten == {}
    assert not shown
    assert iris.findings.isVisible()


def test_opening_it_judges_all_parts_of_the_data(qtbot, iris):
    opened(qtbot, iris)

    assert set(iris.reports) == {"test", "validation", "train"}
    assert [tile.kind for tile in iris.tiles.tiles] == [
        "loss",
        "accuracy",
        "precision",
        "recall",
        "f1",
        "auc",
    ]


def test_it_judges_again_only_when_there_is_something_new(qtbot, iris):
    opened(qtbot, iris)
    iris.hide()
    iris.show()
    idle = not iris.evaluator.busy

    with qtbot.waitSignal(iris.evaluator.finished, timeout=20_000):
        iris.document.set_weights(iris.document.all_weights())

    assert idle


def test_another_part_is_shown_at_a_click(qtbot, iris):
    opened(qtbot, iris)
    iris.buttons["train"].click()

    assert iris.part == "train"
    assert int(iris.findings.matrix._counts.sum()) == len(iris.document.dataset.train)


def test_a_part_without_examples_cannot_be_chosen(qtbot):
    project = iris_project()
    project.data = DataSettings(source=project.data.source, validation=0.0)
    workspace = opened(qtbot, workspace_of(qtbot, project))

    assert not workspace.buttons["validation"].isEnabled()
    assert workspace.part == "test"
    workspace.evaluator.shut_down()


def test_a_chosen_cell_shows_its_examples(qtbot, iris):
    opened(qtbot, iris)
    counts = iris.findings.matrix._counts
    off = counts - np.diag(np.diag(counts))
    cell = tuple(int(i) for i in np.unravel_index(off.argmax(), off.shape))
    iris.findings.matrix.choose(cell)

    assert len(iris.findings.gallery._mistakes) == counts[cell]
    assert {(m.actual, m.predicted) for m in iris.findings.gallery._mistakes} == {cell}


def test_values_are_shown_as_a_scatter_with_their_metrics(qtbot, diabetes):
    opened(qtbot, diabetes)

    assert diabetes.findings.scatter.isVisible()
    assert not diabetes.findings.matrix.isVisible()
    assert [tile.kind for tile in diabetes.tiles.tiles] == ["loss", "mae", "rmse", "r2"]


def test_before_training_it_says_what_will_be_seen_here(qtbot):
    workspace = workspace_of(qtbot, iris_project(), trained=False)
    workspace.show()

    assert workspace.empty.isVisible()
    assert workspace.empty.title.text() == "Nothing is trained yet"
    assert workspace.empty.train.isVisible()


def test_without_data_it_leads_to_the_data(qtbot):
    project = iris_project()
    project.data = None
    document = Document(project)
    workspace = EvaluationWorkspace(document, TrainingController(document))
    qtbot.addWidget(workspace)
    workspace.show()

    with qtbot.waitSignal(workspace.empty.data_wanted):
        workspace.empty.data.click()


def test_what_keeps_the_network_from_training_is_told_instead_of_offering_it(qtbot):
    project = iris_project()
    workspace = workspace_of(qtbot, project, trained=False)
    workspace.document.remove(["dense_1"])
    workspace.show()

    assert workspace.empty.title.text() == "This network cannot be trained yet"
    assert workspace.empty.errors.isVisible()
    assert not workspace.empty.train.isVisible()

    workspace.document.undo.undo()

    assert workspace.empty.title.text() == "Nothing is trained yet"
    assert workspace.empty.train.isVisible()


def test_a_network_that_cannot_run_is_explained(qtbot, iris):
    iris.document.set_weights({("dense_1", "weight"): np.zeros((2, 2), np.float32)})
    with qtbot.waitSignal(iris.evaluator.failed, timeout=20_000) as failed:
        iris.show()

    assert failed.args[0].startswith("The weight of dense_1 needs an array of shape (8, 4)")
    assert iris.message.isVisible()
    assert not iris.tiles.isVisible()


def matrix(qtbot) -> ConfusionMatrix:
    painted = ConfusionMatrix()
    qtbot.addWidget(painted)
    painted.show_counts(np.array([[8, 2], [0, 0]]), ("cat", "dog"))
    painted.resize(400, painted.heightForWidth(400))
    return painted


def test_a_cell_says_what_was_taken_for_what(qtbot):
    painted = matrix(qtbot)

    assert painted.sentence((0, 1)) == "cat taken for dog: 2 of 10 (20.0 %)"
    assert painted.sentence((0, 0)) == "cat recognised: 8 of 10 (80.0 %)"
    assert painted.sentence((1, 0)) == "dog taken for cat: 0 of 0 (–)"


def test_the_matrix_is_walked_with_the_arrow_keys(qtbot):
    painted = matrix(qtbot)
    cells = []
    painted.chosen.connect(cells.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Escape):
        qtbot.keyClick(painted, key)

    assert cells == [(0, 0), (0, 1), None]


def test_a_second_click_lets_a_cell_go(qtbot):
    painted = matrix(qtbot)
    middle = painted._rect((0, 1)).center().toPoint()
    qtbot.mouseClick(painted, Qt.MouseButton.LeftButton, pos=middle)
    chosen = painted.cell
    qtbot.mouseClick(painted, Qt.MouseButton.LeftButton, pos=middle)

    assert (chosen, painted.cell) == ((0, 1), None)


def test_many_classes_are_painted_without_numbers(qtbot):
    painted = ConfusionMatrix()
    qtbot.addWidget(painted)
    painted.show_counts(np.eye(100, dtype=int), [f"class {i}" for i in range(100)])
    painted.resize(500, painted.heightForWidth(500))

    assert not painted.grab().isNull()
    assert painted.cell_at(QPoint(499, 200)) is not None


def test_a_grey_example_is_ink_on_the_paper_of_the_theme():
    values = np.array([0.0, 0.5, 1.0, 0.25])
    dark, light = (picture(values, (1, 2, 2), tokens) for tokens in (DARK, LIGHT))
    places = [(x, y) for y in (0, 1) for x in (0, 1)]

    assert [dark.pixelColor(*place).red() for place in places] == [0, 128, 255, 64]
    assert [light.pixelColor(*place).red() for place in places] == [255, 127, 0, 191]


def test_a_grey_photograph_is_no_negative_in_any_theme():
    values = np.array([0.0, 1.0])
    for tokens in (DARK, LIGHT):
        shown = picture(values, (1, 1, 2), tokens, photograph=True)
        assert [shown.pixelColor(x, 0).red() for x in (0, 1)] == [0, 255]


def test_the_mistakes_of_photographs_are_shown_as_they_were_taken(qtbot):
    digits = prepare(open_template("digits").data)
    mistake = Mistake(row=3, actual=1.0, predicted=2.0, confidence=0.9, size=0.9)
    gallery = MistakeGallery()
    qtbot.addWidget(gallery)
    theme.use(LIGHT)
    gallery.show_mistakes([mistake], digits, tuple("0123456789"))
    (drawn,) = gallery._pictures
    gallery.show_mistakes([mistake], replace(digits, photographs=True), tuple("0123456789"))
    (taken,) = gallery._pictures
    theme.use(DARK)
    drawn.invertPixels()

    assert taken == drawn


def test_a_coloured_example_keeps_its_colours():
    image = picture(np.array([1.0, 0.0, 0.0]), (3, 1, 1), LIGHT)

    assert image.pixelColor(0, 0).name() == "#ff0000"


def test_mistakes_of_a_table_stand_in_rows_with_their_features(qtbot):
    dataset = prepare(iris_project().data)
    gallery = MistakeGallery()
    qtbot.addWidget(gallery)
    gallery.resize(900, 200)
    gallery.show_mistakes([Mistake(3, 0, 2, 0.75, 0.75)], dataset, dataset.signature.classes)
    heads, cells = gallery._columns()

    assert heads[:4] == ["Row", "True", "Predicted", "Confidence"]
    assert cells[0][:4] == ["3", "setosa", "virginica", "75 %"]
    assert gallery.mistake_at(QPoint(5, 30)).row == 3
    assert not gallery.grab().isNull()


def test_the_scatter_leaves_out_what_is_not_finite(qtbot):
    scatter = PredictionScatter()
    qtbot.addWidget(scatter)
    scatter.show_values(np.array([1.0, np.nan, 2.0]), np.array([1.0, 1.0, np.inf]))

    assert scatter._true.tolist() == [1.0]
    assert not scatter.grab().isNull()


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-30.0, 280.0, [0.0, 100.0, 200.0]),
        (5.0, 5.0, [5.0]),
    ],
)
def test_ticks_are_round_numbers(low, high, expected):
    assert ticks(low, high) == pytest.approx(expected)


def test_the_first_weights_of_a_training_are_judged_while_it_goes_on(qtbot):
    project = iris_project()
    project.training = project.training.replaced(epochs=100_000)
    workspace = workspace_of(qtbot, project, trained=False)
    workspace.show()

    with qtbot.waitSignal(workspace.evaluator.finished, timeout=20_000):
        workspace.empty.train.click()

    assert workspace.page.isVisible()
    assert workspace.status.text() == "Training goes on; evaluate again for newer weights"
    workspace.controller.shut_down()
    workspace.evaluator.shut_down()


def test_a_training_that_ends_is_judged_once(qtbot):
    project = iris_project()
    project.training = project.training.replaced(epochs=3)
    workspace = workspace_of(qtbot, project)
    opened(qtbot, workspace)
    judged = []
    workspace.evaluator.finished.connect(judged.append)
    workspace.controller.train()
    qtbot.waitUntil(lambda: workspace.controller.state is State.FINISHED, timeout=20_000)
    qtbot.waitUntil(lambda: not workspace.evaluator.busy, timeout=20_000)

    assert len(judged) == 1
    assert workspace.status.text() == ""
    workspace.evaluator.shut_down()
    workspace.controller.shut_down()
