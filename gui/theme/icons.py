"""Icons from the Phosphor set that QtAwesome carries, coloured by the theme as they are painted.

QtAwesome itself takes 0.3 s to import and loads eleven fonts; its font file
and its table of names are all that is needed, and cost a few milliseconds.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgspec
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from gui.theme.appearance import theme


@cache
def _folder() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("Icons need the package QtAwesome. Install it with pip.")
    return Path(spec.submodule_search_locations[0]) / "fonts"


@cache
def _family() -> str:
    file = next(_folder().glob("phosphor-[0-9]*.ttf"))
    return QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFont(str(file)))[0]


@cache
def _codes() -> dict[str, str]:
    """Name of an icon to its place in the font, in hexadecimal."""
    file = next(_folder().glob("phosphor-charmap-*.json"))
    return msgspec.json.decode(file.read_bytes(), type=dict[str, str])


def paint_icon(painter: QPainter, rect: QRect, name: str, color: str | QColor) -> None:
    """Paint an icon as large as fits in the middle of `rect`. Raises KeyError for no such icon."""
    font = QFont(_family())
    font.setPixelSize(max(1, min(rect.width(), rect.height())))
    painter.save()
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, chr(int(_codes()[name], 16)))
    painter.restore()


class _GlyphEngine(QIconEngine):
    """Paints one glyph in the colour that `token` has now, so that icons follow the theme."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        tokens = theme.tokens
        color = tokens.muted if mode == QIcon.Mode.Disabled else getattr(tokens, self._token)
        paint_icon(painter, rect, self._name, color)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap


def icon(name: str, token: str = "text") -> QIcon:
    """The Phosphor icon `name` (`play-fill`, `arrow-u-up-left`) in a colour of the theme.

    Raises KeyError if the set has no such icon.
    """
    _codes()[name]
    return QIcon(_GlyphEngine(name, token))
