"""Colours and pens, made once: to read a colour from its name takes longer than to use it."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor, QPen


@lru_cache(maxsize=256)
def ink(name: str, alpha: int = 255) -> QColor:
    """A colour of the theme, by its value (`#4c8dff`)."""
    color = QColor(name)
    color.setAlpha(alpha)
    return color


@lru_cache(maxsize=256)
def blended(over: str, ground: str, share: float) -> QColor:
    """A colour that covers this share of the ground: painted at once, not over it."""
    top, base = QColor(over), QColor(ground)
    parts = zip(
        (top.red(), top.green(), top.blue()), (base.red(), base.green(), base.blue()), strict=True
    )
    return QColor(*(round(share * a + (1 - share) * b) for a, b in parts))


@lru_cache(maxsize=512)
def pen(name: str, width: float = 1.0, cosmetic: bool = False, alpha: int = 255) -> QPen:
    """A solid pen; a cosmetic one is as wide at any zoom."""
    made = QPen(ink(name, alpha), width)
    made.setCosmetic(cosmetic)
    return made
