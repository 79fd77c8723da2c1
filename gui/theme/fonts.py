"""The two type families: the interface font, and a monospaced one for numbers and shapes."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

INTERFACE = "Inter"
MONOSPACED = (
    "JetBrains Mono",
    "SF Mono",
    "Cascadia Mono",
    "Menlo",
    "Consolas",
    "Liberation Mono",
    "DejaVu Sans Mono",
)


@cache
def _installed() -> frozenset[str]:
    return frozenset(QFontDatabase.families())


@cache
def _ui_family() -> str:
    if INTERFACE in _installed():
        return INTERFACE
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


@cache
def _mono_family() -> str:
    for family in MONOSPACED:
        if family in _installed():
            return family
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def ui_font(px: float = 13, weight: int = 400) -> QFont:
    """The interface font at a size in pixels, figures of equal width. Weight 400 to 700."""
    return _font(_ui_family(), px, weight)


def mono_font(px: float = 12, weight: int = 400) -> QFont:
    """The monospaced font at a size in pixels."""
    return _font(_mono_family(), px, weight)


def label_font() -> QFont:
    """Small capitals with letter spacing, over a group of things. The text is upper-cased."""
    font = _font(_ui_family(), 10.5, 500)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.8)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    return font


def drawing_font(px: float = 13, weight: int = 400) -> QFont:
    """The interface font for drawings, which are written to PDF too.

    Each character has its own glyph: figures of equal width, and signs that differ by what
    stands beside them, could not be copied from a PDF.
    """
    font = _font(_ui_family(), px, weight)
    font.unsetFeature(QFont.Tag("tnum"))
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def _font(family: str, px: float, weight: int) -> QFont:
    font = QFont(family)
    font.setPixelSize(max(1, int(px + 0.5)))
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
