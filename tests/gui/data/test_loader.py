"""The loader: the document's data set follows its data settings."""

from __future__ import annotations

import pytest

from engine.data import DataSettings
from engine.data.dataset import prepare
from gui.data.loader import DatasetLoader
from gui.document.document import Document


@pytest.fixture
def document(qapp):
    return Document()


@pytest.fixture
def loader(document):
    loader = DatasetLoader(document)
    yield loader
    loader.shut_down()


def test_choosing_data_loads_its_data_set(document, loader, qtbot):
    with qtbot.waitSignal(document.dataset_changed):
        document.set_data(DataSettings(source="iris"))

    assert document.dataset_signature.classes == ("setosa", "versicolor", "virginica")
    assert not loader.busy


def test_the_last_of_several_choices_in_a_row_counts(document, loader, qtbot):
    for kind in ("digits", "iris", "wine"):
        document.set_data(DataSettings(source=kind))
        loader.load()
    qtbot.waitUntil(lambda: document.dataset is not None)

    assert document.dataset_signature.counts == (142, 18, 18)


def test_undo_brings_the_data_set_of_before_back_without_loading(document, loader, qtbot):
    document.set_data(DataSettings(source="iris"))
    qtbot.waitUntil(lambda: document.dataset is not None)
    first = document.dataset
    document.set_data(DataSettings(source="wine"))
    qtbot.waitUntil(lambda: document.dataset is not None)
    document.undo.undo()
    qtbot.waitUntil(lambda: document.dataset is not None)

    assert document.dataset is first


def test_what_was_prepared_elsewhere_is_taken(document, loader, qtbot):
    settings = DataSettings(source="moons")
    dataset = prepare(settings)
    loader.keep(settings, dataset)
    document.set_data(settings)
    qtbot.waitUntil(lambda: document.dataset is not None)

    assert document.dataset is dataset


def test_data_that_cannot_be_loaded_is_reported_in_one_sentence(document, loader, qtbot):
    source = {"kind": "csv", "path": "/nowhere/data.csv"}
    with qtbot.waitSignal(loader.failed) as failed:
        document.set_data(DataSettings(source=source))

    assert failed.args == [
        "There is no file /nowhere/data.csv. Check the path, or choose the file again."
    ]
    assert document.dataset is None
    assert loader.failure == failed.args[0]


def test_a_fault_of_the_program_is_a_sentence_too(document, loader, qtbot, monkeypatch):
    def broken(settings, report):
        raise RuntimeError("out of ink")

    monkeypatch.setattr("gui.data.loader.prepare", broken)
    with qtbot.waitSignal(loader.failed) as failed:
        document.set_data(DataSettings(source="iris"))

    assert failed.args == [
        "The data cannot be loaded because of a fault in the program "
        "(RuntimeError('out of ink')). Choose other data, and please report this."
    ]


def test_cancelled_loading_leaves_the_data_set_unknown(document, loader, qtbot):
    document.set_data(DataSettings())
    loader.load()
    loader.cancel()
    loader.shut_down()
    qtbot.wait(20)

    assert document.dataset is None
    assert not loader.busy
