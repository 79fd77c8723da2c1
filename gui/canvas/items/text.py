"""Prepared text. Laying text out anew in every paint costs twice as much as painting it."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF, QStaticText

from gui.canvas.metrics import CLEAR, LARGEST_TEXT, LEGIBLE, NEAR
from gui.theme import drawing_font, mono_font

STYLES: dict[str, tuple[str, float, int]] = {
    "name": ("ui", 13, 600),
    "line": ("ui", 11.5, 400),
    "caption": ("ui", 12.5, 600),
    "shape": ("mono", 11, 400),
    "label": ("ui", 11, 400),
    "value": ("mono", 10.5, 400),
    "badge": ("ui", 11, 700),
    "far": ("ui", 10, 500),
    "far group": ("ui", 11, 600),
}


@lru_cache(maxsize=16)
def font(style: str) -> QFont:
    family, px, weight = STYLES[style]
    return drawing_font(px, weight) if family == "ui" else mono_font(px, weight)


@lru_cache(maxsize=16)
def metrics(style: str) -> QFontMetricsF:
    return QFontMetricsF(font(style))


def growth(style: str, zoom: float) -> float:
    """How much larger than life a text is to be painted so that it can be read at a zoom.

    In steps of a tenth, so that few texts are prepared on the way from one zoom to another.
    """
    wanted = LEGIBLE / (STYLES[style][1] * zoom)
    return min(LARGEST_TEXT, max(1.0, math.ceil(wanted * 10) / 10))


def clearness(zoom: float) -> int:
    """How strong the small print is at a zoom, up to 255."""
    return round(255 * min(1.0, max(0.0, (zoom - NEAR) / (CLEAR - NEAR))))


@lru_cache(maxsize=4096)
def width(style: str, text: str) -> float:
    return metrics(style).horizontalAdvance(text)


@lru_cache(maxsize=4096)
def prepared(style: str, text: str, room: int = 0) -> QStaticText:
    """Text ready to paint with `font(style)`; with `room`, shortened to that many pixels."""
    if room:
        text = metrics(style).elidedText(text, Qt.TextElideMode.ElideRight, room)
    static = QStaticText(text)
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    static.prepare(font=font(style))
    return static
