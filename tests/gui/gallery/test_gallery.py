"""Templates and recent files, chosen by their pictures."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engine.project.file import save_project
from engine.project.templates import FAMILIES, TEMPLATES, open_template
from gui.gallery import Gallery
from gui.gallery.cards import ENTRY, PIXMAP
from gui.gallery.entries import RECENT, entries, picture
from gui.theme import DARK, LIGHT, apply_theme

ROOM = QSize(216, 96)


@pytest.fixture
def recent(tmp_path):
    path = tmp_path / "mine.glassbox"
    save_project(open_template("xor"), path)
    return [str(path), str(tmp_path / "gone.glassbox")]


@pytest.fixture
def gallery(qtbot, qapp, recent):
    apply_theme(qapp, DARK)
    window = QWidget()
    qtbot.addWidget(window)
    gallery = Gallery(window, entries(recent), {})
    gallery.host = window
    gallery.show()
    gallery.activateWindow()
    return gallery


def test_every_template_is_offered_and_every_family_has_some(gallery):
    assert gallery.titles()[: len(TEMPLATES)] == [template.title for template in TEMPLATES]
    assert {template.family for template in TEMPLATES} == set(FAMILIES)


def test_files_that_are_there_stand_among_the_recent_ones(gallery, recent):
    gallery.filters[RECENT].click()

    assert gallery.titles() == ["mine"]
    assert str(gallery.list.item(gallery.list.count() - 1).data(ENTRY).path) == recent[0]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_is_shown_alone(gallery, family):
    QTest.mouseClick(gallery.filters[family], Qt.MouseButton.LeftButton)

    assert gallery.titles() == [t.title for t in TEMPLATES if t.family == family]


def test_typing_narrows_by_title_and_by_what_it_is_about(gallery):
    QTest.keyClicks(gallery.search, "handwriting")

    assert gallery.titles() == ["Autoencoder"]


def test_what_is_not_found_is_said_and_nothing_can_be_opened(gallery):
    QTest.keyClicks(gallery.search, "xyzzy")

    assert gallery.titles() == []
    assert gallery._nothing.isVisible()
    assert not gallery.open_button.isEnabled()


def test_enter_opens_the_first_that_is_found(qtbot, gallery):
    QTest.keyClicks(gallery.search, "xor")
    with qtbot.waitSignal(gallery.chosen) as chosen:
        QTest.keyClick(gallery.search, Qt.Key.Key_Return)

    entry, apart = chosen.args
    assert (entry.key, entry.path, apart) == ("xor", None, False)


def test_the_arrows_walk_through_the_cards(qtbot, gallery):
    QTest.keyClick(gallery.search, Qt.Key.Key_Down)
    QTest.keyClick(gallery.list, Qt.Key.Key_Right)
    with qtbot.waitSignal(gallery.chosen) as chosen:
        QTest.keyClick(gallery.list, Qt.Key.Key_Return)

    assert chosen.args[0].key == TEMPLATES[1].id


def test_a_network_can_be_opened_in_a_window_of_its_own(qtbot, gallery):
    with qtbot.waitSignal(gallery.chosen) as chosen:
        QTest.mouseClick(gallery.apart, Qt.MouseButton.LeftButton)

    assert chosen.args[1] is True


def test_pictures_come_by_and_by_and_are_kept(qtbot, gallery):
    qtbot.waitUntil(lambda: gallery.list.item(1).data(PIXMAP) is not None, timeout=20_000)

    assert any(key[0] == TEMPLATES[1].id for key in gallery._pictures)


def test_each_network_has_a_picture_of_its_own_in_the_colours_in_use(qapp):
    by_id = {entry.key: entry for entry in entries([])}
    apply_theme(qapp, DARK)
    dark = {key: picture(by_id[key], ROOM, 2.0) for key in ("digits", "xor", "feedback")}
    apply_theme(qapp, LIGHT)
    light = picture(by_id["xor"], ROOM, 2.0)
    apply_theme(qapp, DARK)

    assert {image.size() for image in dark.values()} == {ROOM * 2}
    assert dark["digits"] != dark["xor"] != dark["feedback"]
    assert light != dark["xor"]


def test_a_file_that_cannot_be_read_has_a_blank_picture(qapp, tmp_path):
    (tmp_path / "bad.glassbox").write_bytes(b"nothing")
    entry = entries([str(tmp_path / "bad.glassbox")])[-1]
    blank = picture(entry, ROOM, 1.0)

    assert all(
        blank.pixelColor(x, y).alpha() == 0 for x in range(0, 216, 8) for y in range(0, 96, 8)
    )
