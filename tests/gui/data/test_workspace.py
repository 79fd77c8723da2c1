"""The Data workspace as a user goes through it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from engine.data import DataSettings
from engine.graph.model import Wire
from engine.layers import LAYERS
from gui.data import DatasetLoader, DataWorkspace
from gui.document.document import Document
from tests.gui.data.conftest import settle


@pytest.fixture
def document(qapp):
    """Input 64, Dense 10 with softmax, categorical cross-entropy."""
    document = Document()
    source = document.add_node(LAYERS.get("input")(shape=(64,)), (0, 0))
    dense = document.add_node(LAYERS.get("dense")(units=10, activation="softmax"), (200, 0))
    loss = document.add_node(LAYERS.get("loss")(), (400, 0))
    document.connect(Wire(source, dense))
    document.connect(Wire(dense, loss, target_port="prediction"))
    return document


@pytest.fixture
def page(document, qtbot):
    loader = DatasetLoader(document)
    page = DataWorkspace(document, loader)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    yield page
    page.shut_down()
    loader.shut_down()


def look_at(page, qtbot, kind):
    page.sources.row(kind).click()
    settle(page, qtbot)


def test_an_empty_page_teaches(page):
    assert page.stage.empty.isVisible()
    assert not page.settings.isVisible()


def test_choosing_a_data_set_shows_its_table_and_settings(page, qtbot):
    look_at(page, qtbot, "iris")

    assert page.stage.table.isVisible()
    assert page.stage.title.text() == "Iris"
    assert page.stage.facts.text() == "150 rows  ·  4 features  ·  3 classes"
    assert page.settings.target.value == "species"
    assert page.sources.row("iris").isChecked()


def test_digits_are_shown_as_pictures(page, qtbot):
    look_at(page, qtbot, "digits")

    assert page.stage.pictures.isVisible()


def test_points_of_the_plane_are_shown_as_points(page, qtbot):
    look_at(page, qtbot, "spirals")

    assert page.stage.points.isVisible()
    assert (page.stage.points.across.value, page.stage.points.up.value) == ("x1", "x2")


def test_using_data_fits_the_network_and_is_one_edit(page, document, qtbot):
    look_at(page, qtbot, "iris")
    steps = document.undo.count()
    qtbot.mouseClick(page.use_card.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: document.dataset is not None)

    assert document.data.source.kind == "iris"
    assert document.graph.node("input_1").layer.shape == (4,)
    assert document.graph.node("dense_1").layer.units == 3
    assert document.undo.count() == steps + 1
    assert page.use_card.button.text() == "In use"
    assert not page.use_card.button.isEnabled()

    document.undo.undo()

    assert document.data is None
    assert document.graph.node("input_1").layer.shape == (64,)


def test_what_fitting_would_change_is_shown_before(page, qtbot):
    look_at(page, qtbot, "iris")
    shown = [label.text() for label in page.use_card._labels]

    assert shown == ["Input", "64 → 4", "Dense", "10 → 3"]


def test_using_data_without_fitting_leaves_the_network_alone(page, document, qtbot):
    look_at(page, qtbot, "iris")
    page.use_card.fit.click()
    page.use_card.button.click()

    assert document.data.source.kind == "iris"
    assert document.graph.node("input_1").layer.shape == (64,)


def test_the_data_set_tried_out_is_the_one_used(page, document, qtbot):
    look_at(page, qtbot, "iris")
    tried = page.draft.dataset
    page.use_card.button.click()
    qtbot.waitUntil(lambda: document.dataset is not None)

    assert document.dataset is tried


def test_undoing_a_choice_of_data_shows_the_data_of_before(page, document, qtbot):
    document.set_data(DataSettings(source="wine"))
    settle(page, qtbot)
    look_at(page, qtbot, "iris")
    page.use_card.button.click()
    document.undo.undo()
    settle(page, qtbot)

    assert page.draft.settings.source.kind == "wine"
    assert page.sources.row("wine").isChecked()


def test_scaling_is_a_choice_of_transforms(page, qtbot):
    look_at(page, qtbot, "iris")
    page.settings.scaling.committed.emit("normalise")
    settle(page, qtbot)

    kinds = [transform.kind for transform in page.draft.settings.transforms]
    assert kinds == ["fill_missing", "one_hot", "normalise"]
    assert page.draft.dataset.features[page.draft.dataset.train].max() == 1


def test_rows_taken_in_one_piece_leave_nothing_to_chance(page, qtbot):
    look_at(page, qtbot, "iris")
    split = page.settings.split
    assert split.parts.value == "random"
    assert split.seed.isVisibleTo(page)
    assert split.stratify.isVisibleTo(page)

    split.parts.committed.emit("in_order")
    split.numbers["validation"].committed.emit(30)
    settle(page, qtbot)

    assert page.draft.settings.parts == "in_order"
    assert not split.seed.isVisibleTo(page)
    assert not split.stratify.isVisibleTo(page)
    assert "No training row has the target 'virginica'" in page.stage.notes.text


def test_a_text_is_taken_in_one_piece_where_its_windows_overlap(page, qtbot):
    look_at(page, qtbot, "next_character")

    assert page.settings.split.parts.value == "in_order"
    assert "rows that overlap two parts of the split were left out" in page.stage.notes.text
    page.settings.split.parts.committed.emit("random")
    settle(page, qtbot)
    assert "take them in one piece instead" in page.stage.notes.text


def test_a_refused_edit_says_why(page, qtbot):
    look_at(page, qtbot, "iris")
    page.settings.split.numbers["validation"].committed.emit(120)

    assert page.settings._refused.isVisible()
    assert page.draft.settings.validation == 0.1


def test_what_the_reader_found_out_is_shown_and_can_be_overridden(page, qtbot, tmp_path):
    path = tmp_path / "prices.csv"
    path.write_bytes("größe;preis\n50,5;100\n60,5;120\n70,5;150\n".encode("latin-1"))
    page.open_file(path)
    settle(page, qtbot)
    decimal = page.settings.source.editors["decimal"].control

    assert page.settings.source.editors["encoding"].control.currentText() == "Latin-1 · auto"
    assert decimal.currentText() == "Comma 1,5 · auto"

    decimal.committed.emit("point")
    settle(page, qtbot)

    assert page.draft.study.table.column("größe").kind == "category"
    assert decimal.currentText() == "Point 1.5"


def test_a_file_that_cannot_be_read_gives_one_sentence_and_loses_nothing(page, qtbot, tmp_path):
    look_at(page, qtbot, "iris")
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n3\n")
    page.open_file(path)
    settle(page, qtbot)

    assert page.stage.message.isVisible()
    assert page.draft.failure.startswith("Line 3 of bad.csv has 1 value and the first has 2.")
    assert page.stage.title.text() == "Iris"
    assert page.sources.row("iris").isChecked()


def drop(page, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    page.dropEvent(event)
    return event


def test_a_dropped_file_is_looked_at(page, qtbot, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,x\n2,y\n3,x\n")
    event = drop(page, path)
    settle(page, qtbot)

    assert event.isAccepted()
    assert page.stage.title.text() == "data.csv"


def test_a_dropped_project_is_left_to_the_window(page, tmp_path):
    assert not drop(page, tmp_path / "mine.glassbox").isAccepted()
    assert not page.draft.busy


def test_a_column_can_become_the_target_or_be_left_out_from_its_header(page, qtbot):
    look_at(page, qtbot, "iris")
    menu = page.stage.table.menu(0)
    menu.actions()[1].trigger()
    settle(page, qtbot)

    assert page.draft.settings.excluded == ("sepal length (cm)",)
    assert page.draft.dataset.signature.feature_shape == (3,)

    page.stage.table.menu(1).actions()[0].trigger()
    settle(page, qtbot)

    assert page.draft.study.target == "sepal width (cm)"
    assert page.draft.dataset.signature.target == "values"
    assert page.stage.table.horizontalHeader().visualIndex(1) == 0


def test_every_view_paints_in_dark_and_light(page, qtbot, qapp):
    from gui.theme import DARK, LIGHT, apply_theme

    for tokens in (DARK, LIGHT):
        apply_theme(qapp, tokens)
        for kind in ("digits", "diabetes", "gaussians"):
            look_at(page, qtbot, kind)
            for view in ("pictures", "points", "table"):
                page.stage.show_view(view)

                assert not page.grab().isNull()


def test_what_is_tried_out_is_still_there_after_a_look_elsewhere(page, document, qtbot):
    document.set_data(DataSettings(source="wine"))
    settle(page, qtbot)
    look_at(page, qtbot, "iris")
    page.hide()
    page.show()

    assert page.draft.settings.source.kind == "iris"

    page.hide()
    document.set_data(DataSettings(source="moons"))
    page.show()
    settle(page, qtbot)

    assert page.draft.settings.source.kind == "moons"


def test_a_hidden_page_loads_nothing(page, document):
    page.hide()
    document.set_data(DataSettings(source="wine"))

    assert page.draft.settings is None


def test_what_counts_how_much_is_folded_away_and_can_be_set(page, qtbot):
    look_at(page, qtbot, "iris")
    editors = page.settings.counting.editors
    editors["weights"].commit("petal width (cm)")
    settle(page, qtbot)

    assert set(editors) == {"weights", "ignored", "unlabelled"}
    assert page.draft.settings.weights == "petal width (cm)"
    assert page.stage.facts.text() == "150 rows  ·  3 features  ·  3 classes"


def test_sequences_say_how_many_steps_they_have(page, qtbot):
    look_at(page, qtbot, "pendulum")

    assert page.stage.facts.text() == "800 rows  ·  3 features  ·  predicts “way”  ·  24 steps each"
    assert page.settings.scaling.value == "standardise"


def test_targets_of_pictures_are_values_and_no_steps(page, qtbot):
    look_at(page, qtbot, "memories")

    assert "64 values each" in page.stage.facts.text()


def test_pictures_below_zero_use_all_of_ink_and_paper(page, qtbot):
    look_at(page, qtbot, "memories")
    pictures = page.draft.study.pictures

    assert (float(pictures.min()), float(pictures.max())) == (0.0, 1.0)


def test_what_counts_nothing_says_none(page, qtbot):
    look_at(page, qtbot, "iris")
    editors = page.settings.counting.editors

    assert editors["weights"].text.placeholderText() == "none"
    assert editors["ignored"].text.placeholderText() == "none"
