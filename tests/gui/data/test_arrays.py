"""NumPy files are dropped or opened, and used as any other data."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog

from tests.gui.data.conftest import drop, settle


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "x.npy", rng.normal(size=(40, 6)).astype(np.float32))
    np.save(tmp_path / "y.npy", np.array(["cat", "dog"])[rng.integers(0, 2, 40)])
    return tmp_path


@pytest.fixture
def answers(monkeypatch):
    """What the file dialog is answered, in turn."""
    given, titles = [], []

    def answer(_parent, title, folder, kinds):
        titles.append((title, kinds))
        return given.pop(0), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    return given, titles


@pytest.mark.parametrize("name", ["x.npy", "y.npy"])
def test_dropping_either_file_opens_both(page, qtbot, folder, name):
    drop(page, folder / name)
    settle(page, qtbot)

    assert page.draft.dataset is not None, page.draft.failure
    assert page.stage.title.text() == "x.npy"
    assert page.stage.facts.text().startswith("40 rows  ·  6 features  ·  2 classes  ·  ")
    assert page.draft.dataset.signature.classes == ("cat", "dog")


def test_where_the_targets_are_elsewhere_they_are_asked_for(page, qtbot, folder, answers):
    given, titles = answers
    (folder / "away").mkdir()
    (folder / "y.npy").rename(folder / "away" / "y.npy")
    given += [str(folder / "x.npy"), str(folder / "away" / "y.npy")]
    page.sources.open_button.click()
    settle(page, qtbot)

    assert titles[0][0] == "Open a table"
    assert "*.npy" in titles[0][1]
    assert titles[1][0] == "Open the targets of x.npy"
    assert page.draft.dataset is not None


def test_without_targets_nothing_is_opened(page, folder, answers):
    given, _ = answers
    (folder / "y.npy").unlink()
    given += [""]
    page.open_file(folder / "x.npy")

    assert page.draft.settings is None


def test_a_file_that_is_no_array_is_explained(page, qtbot, folder):
    (folder / "z.npy").write_text("no array")
    page.open_file(folder / "z.npy")
    settle(page, qtbot)

    assert page.draft.failure.startswith("z.npy cannot be read as a .npy file")


def test_other_targets_are_chosen_in_the_form(page, qtbot, folder):
    np.save(folder / "z.npy", np.arange(40.0))
    page.open_file(folder / "y.npy")
    settle(page, qtbot)
    page.settings.source.editors["targets"].commit(str(folder / "z.npy"))
    settle(page, qtbot)

    assert page.draft.dataset.signature.target == "values"
