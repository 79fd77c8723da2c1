"""The draft: data is tried out before the document has it."""

from __future__ import annotations

import pytest

from engine.data import DataSettings
from engine.data.builtin import Digits, Iris
from engine.data.csv_file import CsvFile
from engine.errors import FieldError
from gui.data.draft import Draft
from gui.document.document import Document


@pytest.fixture
def draft(qapp):
    draft = Draft(Document())
    yield draft
    draft.shut_down()


def settle(draft, qtbot):
    qtbot.waitUntil(lambda: not draft.busy)


def test_looking_at_a_source_leaves_the_document_alone(draft, qtbot):
    draft.choose(Iris())
    settle(draft, qtbot)

    assert draft.study.target == "species"
    assert draft.dataset.signature.feature_shape == (4,)
    assert draft.document.data is None
    assert not draft.in_use


def test_pictures_are_made_of_rows_that_are_some(draft, qtbot):
    draft.choose(Digits(ink="raw"))
    settle(draft, qtbot)

    assert draft.study.pictures.shape == (1797, 1, 8, 8)
    assert draft.study.pictures.max() == 1


def test_an_edit_shows_what_it_gives_without_loading_again(draft, qtbot):
    draft.choose(Iris())
    settle(draft, qtbot)
    table = draft.study.table
    draft.edit("validation", 0.2)
    settle(draft, qtbot)

    assert draft.study.table is table
    assert draft.dataset.signature.counts == (105, 30, 15)


def test_settings_that_do_not_work_out_say_why_and_keep_the_table(draft, qtbot):
    draft.choose(Iris())
    settle(draft, qtbot)
    draft.edit_all({"validation": 0.6, "test": 0.5})
    settle(draft, qtbot)

    assert draft.dataset is None
    assert len(draft.study.table) == 150
    assert draft.failure == (
        "Validation takes 60% and test 50% of the rows, which leaves none for training. "
        "Make one of them smaller."
    )


def test_a_source_that_cannot_be_loaded_leaves_the_last_one_on_show(draft, qtbot):
    draft.choose(Iris())
    settle(draft, qtbot)
    draft.choose(CsvFile(path="/nowhere/data.csv"))
    settle(draft, qtbot)

    assert draft.study.settings.source == Iris()
    assert draft.settings.source == Iris()
    assert draft.dataset is not None
    assert draft.failure.startswith("There is no file")


def test_a_first_file_that_cannot_be_loaded_shows_why_over_the_document_s_data(draft, qtbot):
    draft.document.set_data(DataSettings(source="iris"))
    draft.follow()
    draft.choose(CsvFile(path="/nowhere/data.csv"))
    qtbot.waitUntil(lambda: draft.study is not None)

    assert draft.in_use
    assert draft.dataset is not None
    assert draft.failure.startswith("There is no file")


def test_cancelling_shows_the_settings_of_before(draft, qtbot):
    draft.choose(Iris())
    settle(draft, qtbot)
    before = draft.settings
    draft.choose(Digits())
    draft.cancel()

    assert draft.settings == before
    assert draft.dataset is not None


def test_a_target_that_a_new_source_does_not_have_is_guessed_anew(draft, qtbot, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("a;b\n1;x\n2;y\n3;x\n4;y\n")
    draft.choose(CsvFile(path=str(path)))
    settle(draft, qtbot)
    draft.edit("source", CsvFile(path=str(path), delimiter="semicolon", header="no"))
    settle(draft, qtbot)

    assert draft.study.target == "column 2"


def test_reading_a_file_again_sees_what_has_changed(draft, qtbot, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    draft.choose(CsvFile(path=str(path)))
    settle(draft, qtbot)
    path.write_text("a,b\n1,x\n2,y\n3,x\n")
    with qtbot.waitSignal(draft.read_again):
        draft.reload()

    assert len(draft.study.table) == 3


def test_the_document_s_own_data_is_shown_and_marked(draft, qtbot):
    draft.document.set_data(DataSettings(source="wine"))
    draft.adopt()
    settle(draft, qtbot)

    assert draft.in_use
    assert draft.dataset.signature.counts == (142, 18, 18)


def test_editing_nothing_is_refused(draft):
    with pytest.raises(FieldError) as caught:
        draft.edit("validation", 0.2)

    assert str(caught.value) == "There is no data to set up yet. Choose a data set first."
