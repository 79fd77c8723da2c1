"""Folders of images are dropped or opened, shown as they are, and used as any other data."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QFileDialog

from gui.theme import LIGHT, apply_theme
from tests.gui.data.conftest import drop, settle


@pytest.fixture
def folder(tmp_path):
    """Wide grey images, all of them white at the left and black at the right."""
    pixels = np.zeros((8, 16), np.uint8)
    pixels[:, :8] = 255
    for name in ("a", "b"):
        (tmp_path / "stripes" / name).mkdir(parents=True)
        for place in range(10):
            Image.fromarray(pixels).save(tmp_path / "stripes" / name / f"{place}.png")
    return tmp_path / "stripes"


def test_a_dropped_folder_is_shown_as_pictures(page, qtbot, folder):
    drop(page, folder)
    settle(page, qtbot)

    assert page.draft.settings.source.kind == "images"
    assert page.stage.pictures.isVisible()
    assert page.stage.title.text() == "stripes"
    assert page.stage.facts.text().startswith("20 rows  ·  128 features  ·  2 classes")
    page.use_card.use()
    assert page.document.data.source.path == str(folder)


@pytest.mark.parametrize("place", ["sources", "empty"])
def test_a_folder_is_chosen_where_a_file_is(page, qtbot, folder, monkeypatch, place):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    wanting = page.sources if place == "sources" else page.stage.empty
    wanting.folder_button.click()
    settle(page, qtbot)

    assert page.stage.title.text() == "stripes"


def test_choosing_no_folder_leaves_everything(page, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    page.sources.folder_button.click()

    assert page.draft.settings is None


def test_another_size_is_set_beside_the_pictures(page, qtbot, folder):
    page.open_file(folder)
    settle(page, qtbot)
    page.draft.edit("source", page.draft.settings.source.replaced(width=4))
    settle(page, qtbot)

    assert page.draft.dataset.signature.image_shape == (1, 4, 4)


def test_a_folder_without_images_is_refused_in_a_sentence(page, qtbot, tmp_path):
    page.open_file(tmp_path)
    settle(page, qtbot)

    assert "must hold images" in page.stage.message.text


def test_grey_images_keep_their_ratio_and_their_light(page, qtbot, qapp, folder):
    apply_theme(qapp, LIGHT)
    page.open_file(folder)
    settle(page, qtbot)
    gallery = page.stage.pictures
    shown = gallery.grab().toImage()
    left, top = gallery._left, 16

    assert shown.pixelColor(left + 10, top + 32).lightness() == 255
    assert shown.pixelColor(left + 54, top + 32).lightness() == 0
    assert shown.pixelColor(left + 54, top + 8).name() == shown.pixelColor(2, 2).name()
