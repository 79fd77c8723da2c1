import json
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QIcon, QPainter, QPixmap

from gui.action_table import ACTIONS
from gui.theme import DARK, LIGHT, apply_theme, icon, paint_icon
from gui.widgets.message import SIGNS


def _colors(icon_: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> set[str]:
    image = icon_.pixmap(QSize(32, 32), mode).toImage()
    opaque = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    ]
    return {color.name() for color in opaque}


def test_an_icon_has_the_colour_of_its_token_in_each_theme(qapp):
    play = icon("play-fill", "accent")

    apply_theme(qapp, LIGHT)
    assert _colors(play) == {LIGHT.accent}
    apply_theme(qapp, DARK)
    assert _colors(play) == {DARK.accent}


def test_a_disabled_icon_is_muted(qapp):
    apply_theme(qapp, DARK)

    assert _colors(icon("play-fill"), QIcon.Mode.Disabled) == {DARK.muted}


def test_an_icon_that_the_set_does_not_have_is_refused(qapp):
    with pytest.raises(KeyError):
        icon("no-such-icon")


def test_painting_an_icon_leaves_the_painter_as_it_was(qapp):
    pixmap = QPixmap(32, 32)
    painter = QPainter(pixmap)
    font, pen = painter.font(), painter.pen()
    paint_icon(painter, QRect(0, 0, 32, 32), "trash", "#ffffff")

    assert (painter.font(), painter.pen()) == (font, pen)
    painter.end()


def test_every_icon_of_the_actions_and_messages_is_in_the_set():
    fonts = Path(find_spec("qtawesome").submodule_search_locations[0], "fonts")
    names = json.loads(next(fonts.glob("phosphor-charmap-*.json")).read_text())

    used = {spec.icon for spec in ACTIONS if spec.icon} | set(SIGNS.values())
    assert used - names.keys() == set()
