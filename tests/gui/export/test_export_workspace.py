"""The Export workspace as a user goes through it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from engine.data.dataset import prepare
from engine.interop.verify import OnnxModel
from engine.project.templates import open_template
from engine.training.trainer import Trainer
from gui.document.document import Document
from gui.export import ExportWorkspace
from gui.theme import theme
from gui.training.controller import TrainingController


@pytest.fixture
def document(qapp, tmp_path):
    """A trained iris network, saved in a folder."""
    project = open_template("iris")
    dataset = prepare(project.data)
    trainer = Trainer(project.graph, dataset, project.training.replaced(epochs=2))
    trainer.run()
    project.weights = trainer.checkpoint().weights
    project.encoding = dataset.encoding
    document = Document(project)
    document.set_dataset(dataset)
    document.mark_saved(tmp_path / "iris.glassbox")
    return document


@pytest.fixture
def open_page(qtbot):
    """Show the workspace of a document."""
    pages = []

    def call(document, **arguments):
        controller = TrainingController(document)
        page = ExportWorkspace(document, controller, **arguments)
        pages.append((page, controller))
        qtbot.addWidget(page)
        page.resize(1000, 800)
        page.show()
        return page

    yield call
    for page, controller in pages:
        page.exporter.shut_down()
        controller.shut_down()


def export(page, qtbot):
    with qtbot.waitSignal(page.exporter.busy_changed, check_params_cb=lambda busy: not busy):
        qtbot.mouseClick(page.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.result.isVisible)


def test_nothing_can_be_exported_before_something_is_trained(open_page):
    page = open_page(Document(open_template("iris")))

    assert page.empty.isVisible()
    assert page.empty.title.text() == "Nothing is trained yet"


def offered(page):
    empty = page.empty
    buttons = (empty.network, empty.errors, empty.data, empty.train)
    return [button.text() for button in buttons if button.isVisible()]


def test_an_empty_drawing_leads_to_the_canvas_since_there_is_nothing_to_train(open_page, qtbot):
    page = open_page(Document(open_template("empty")))

    assert page.empty.title.text() == "There is no network yet"
    assert offered(page) == ["Draw a network"]
    with qtbot.waitSignal(page.empty.network_wanted):
        qtbot.mouseClick(page.empty.network, Qt.MouseButton.LeftButton)


def test_a_network_with_errors_says_the_first_and_leads_to_all(open_page, qtbot):
    document = Document(open_template("iris"))
    document.remove(["dense_1"])
    page = open_page(document)

    assert page.empty.title.text() == "This network cannot be trained yet"
    assert page.empty.text.text() == (
        "Dense needs a wire into it and has none.\nWire the node before it to that port."
    )
    assert offered(page) == ["Show the errors"]
    with qtbot.waitSignal(page.empty.errors_wanted):
        qtbot.mouseClick(page.empty.errors, Qt.MouseButton.LeftButton)


def test_what_is_offered_follows_the_network_and_the_data(open_page):
    document = Document(open_template("iris"))
    data = document.data
    page = open_page(document)
    seen = [offered(page)]
    for change in (
        lambda: document.remove(["dense_1"]),
        document.undo.undo,
        lambda: document.set_data(None),
        lambda: document.set_data(data),
    ):
        change()
        seen.append(offered(page))

    assert seen == [
        ["Train now"],
        ["Show the errors"],
        ["Train now"],
        ["Choose data"],
        ["Train now"],
    ]


def test_the_file_is_proposed_beside_the_project(open_page, document, tmp_path):
    page = open_page(document)

    assert page.path.text() == str(tmp_path / "iris.onnx")
    assert not page.replaces.isVisible()


def test_what_goes_into_the_file_is_told_before(open_page, document):
    page = open_page(document)

    facts = {row.label.text(): row.value.text() for row in page.contents.rows}

    assert facts == {
        "Input input_1": "batch×4",
        "Output dense_2": "batch×3",
        "Parameters": "67",
        "Data preparation": "4 columns",
        "Classes": "3",
    }


def test_an_export_is_verified_on_the_data_set_and_vouched_for(
    open_page, document, qtbot, tmp_path
):
    page = open_page(document)
    export(page, qtbot)
    found = page.result.exported.verification

    assert OnnxModel(tmp_path / "iris.onnx").inputs == ("input_1",)
    assert found.ok
    assert page.result.exported.from_data
    assert page.result.title.text() == "Vouched for: the file computes what the network computes"
    assert page.result.difference.text() == f"{found.max_abs_difference:.1e}"
    assert color_of(page.result.difference) == theme.tokens.ok
    assert page.replaces.isVisible()


def color_of(label):
    return label.palette().color(label.foregroundRole()).name()


def test_a_file_that_computes_something_else_is_red_and_says_so(
    open_page, document, qtbot, monkeypatch
):
    import gui.export.exporter as exporter

    honest = exporter.verify_onnx

    def verify(path, graph, weights, batch):
        return honest(path, graph, {key: 2 * array for key, array in weights.items()}, batch)

    monkeypatch.setattr(exporter, "verify_onnx", verify)
    page = open_page(document)
    export(page, qtbot)

    assert page.result.title.text() == "Wrong: the file computes something else"
    assert page.result.text.text().endswith("do not rely on the file.")
    assert color_of(page.result.difference) == theme.tokens.bad
    assert color_of(page.result.title) == theme.tokens.bad


def test_where_nobody_can_vouch_it_is_red_without_a_number(open_page, document, qtbot):
    document.set_weights(
        {key: np.full_like(array, np.inf) for key, array in document.weights.items()}
    )
    page = open_page(document)
    export(page, qtbot)

    assert page.result.title.text().startswith("Not vouched for")
    assert not page.result.difference.isVisible()
    assert color_of(page.result.title) == theme.tokens.bad


def test_a_place_that_cannot_be_written_is_told(open_page, document, qtbot, tmp_path):
    page = open_page(document)
    page.path.setText(str(tmp_path / "nowhere" / "iris.onnx"))
    export(page, qtbot)

    assert page.result.title.text() == "Nothing was written"
    assert page.result.text.text().startswith("'iris.onnx' could not be saved: there is no folder")
    assert not page.result.folder.isVisible()


def test_details_can_be_copied(open_page, document, qtbot, tmp_path):
    page = open_page(document)
    export(page, qtbot)
    page.result.copy_details()
    lines = QGuiApplication.clipboard().text().splitlines()

    assert lines[0].startswith(f"file: {tmp_path / 'iris.onnx'} (")
    assert lines[1].startswith("verified with: onnxruntime ")
    assert lines[2] == "batch: 150 examples of the data set"


def test_without_data_random_numbers_are_verified_and_that_is_said(open_page, document, qtbot):
    document.set_dataset(None)
    page = open_page(document)
    export(page, qtbot)
    page.result.copy_details()

    assert page.result.exported.verification.ok
    assert "256 examples of random numbers" in QGuiApplication.clipboard().text()


def test_another_place_can_be_chosen_and_stays(open_page, document, tmp_path):
    other = tmp_path / "elsewhere" / "model.onnx"
    page = open_page(document, choose=lambda parent, start: other)
    page.browse.click()
    document.mark_saved(tmp_path / "renamed.glassbox")

    assert Path(page.path.text()) == other


def test_giving_up_the_choice_changes_nothing(open_page, document, tmp_path):
    page = open_page(document, choose=lambda parent, start: None)
    page.browse.click()

    assert page.path.text() == str(tmp_path / "iris.onnx")


def test_a_name_without_an_ending_gets_one(open_page, document, qtbot, tmp_path):
    page = open_page(document)
    page.path.setText(str(tmp_path / "model"))
    export(page, qtbot)

    assert (tmp_path / "model.onnx").is_file()
    assert page.path.text() == str(tmp_path / "model.onnx")


def test_an_edit_after_the_export_is_noted(open_page, document, qtbot):
    page = open_page(document)
    export(page, qtbot)

    assert not page.result.stale.isVisible()
    document.set_weights(document.weights)
    assert page.result.stale.isVisible()
