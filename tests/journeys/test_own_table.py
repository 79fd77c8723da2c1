"""A table of one's own: look at it, choose what to predict, prepare, split, and learn from it."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from engine.evaluation.evaluate import evaluate
from gui.training.controller import State

ROWS = 300


@pytest.fixture
def flowers(tmp_path):
    """Sizes in large and in small numbers, a word, and the sort to be guessed from them."""
    random = np.random.default_rng(0)
    path = tmp_path / "flowers.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["height", "width", "colour", "sort"])
        for number in range(ROWS):
            sort = number % 3
            writer.writerow(
                [
                    f"{1000 + 100 * sort + random.normal(0, 20):.1f}",
                    f"{0.01 * sort + random.normal(0, 0.002):.5f}",
                    random.choice(["red", "blue"]),
                    ["oxlip", "daisy", "poppy"][sort],
                ]
            )
    return path


def page_of(person):
    page = person.window.workspaces.page("data")
    person.wait(lambda: not page.draft.busy and page.draft.study is not None)
    return page


def test_a_table_dropped_on_the_window_is_looked_at_prepared_and_learnt(sit_down, flowers):
    person = sit_down("digits")
    person.wait_for_data()
    person.drop_file(flowers)
    person.wait(lambda: person.window.workspaces.current == "data")
    page = page_of(person)

    assert page.stage.title.text() == "flowers.csv"
    assert page.stage.facts.text().startswith("300 rows")
    assert page.settings.target.value == "sort"
    shown = page.stage.table.model()
    assert shown.rowCount() > 10
    assert person.document.data.source.kind == "digits", "nothing is used before the user says so"

    person.choose(page.settings.scaling, "Standardise")
    person.wait(lambda: page.draft.dataset is not None)
    person.fill(page.settings.split.numbers["validation"], "20")
    person.wait(lambda: page.draft.dataset is not None)

    assert page.draft.dataset.signature.counts == (210, 60, 30)
    features = page.draft.dataset.features[page.draft.dataset.train]
    np.testing.assert_allclose(features[:, :2].mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(features[:, :2].std(axis=0), 1, atol=1e-2)
    assert not person.window.bar._train.property("filled")

    person.press("Use this data")
    person.wait_for_data()
    graph = person.document.graph

    assert graph.node("input_1").layer.shape == (4,)
    assert (graph.node("dense_2").layer.units) == 3
    assert graph.node("loss_1").layer.loss.kind == "categorical_cross_entropy"
    assert person.document.problems == []
    assert person.window.workspaces.current == "build"

    person.press("Train", person.window.bar)
    person.wait_for(State.FINISHED)
    document = person.document
    found = evaluate(document.graph, document.weights, document.dataset, "test")

    assert found["accuracy"] >= 0.95
    assert person.toasts == []


def test_another_target_brings_the_fitting_loss(sit_down, flowers):
    person = sit_down("digits")
    person.wait_for_data()
    person.drop_file(flowers)
    person.wait(lambda: person.window.workspaces.current == "data")
    page = page_of(person)
    person.choose(page.settings.target, "height")
    person.wait(lambda: page.draft.dataset is not None)

    assert page.draft.dataset.signature.target == "values"

    person.press("Use this data")
    person.wait_for_data()
    graph = person.document.graph

    assert graph.node("dense_2").layer.units == 1
    assert graph.node("dense_2").layer.activation.kind == "linear"
    assert graph.node("loss_1").layer.loss.kind == "squared_error"
    assert person.document.problems == []

    person.press("Train", person.window.bar)
    person.wait_for(State.FINISHED)
    document = person.document
    found = evaluate(document.graph, document.weights, document.dataset, "test")

    assert found["mae"] < 60, "in the units of the column, which spans hundreds"

    person.keys("Ctrl+Z")
    person.window.canvas.setFocus()

    assert person.document.data.source.kind == "digits"
    assert person.document.graph.node("dense_2").layer.units == 10


def test_a_table_is_chosen_from_a_list_of_files(sit_down, flowers, monkeypatch):
    from PySide6.QtWidgets import QFileDialog

    person = sit_down("empty")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(flowers), ""))
    person.press("Data", person.window.top)
    person.press("Open file…", person.window.workspaces.page("data").sources)
    page = page_of(person)

    assert page.stage.title.text() == "flowers.csv"
