"""One colour per class, the same in bars, plots, tables and pictures."""

from __future__ import annotations

from PySide6.QtGui import QColor

from gui.theme.tokens import Tokens

FURTHER = ("#7fb2ff", "#b9cf5a", "#e39ac3", "#c98b5f", "#5fb5d9")
"""After the colours of curves; from there on they repeat, and the text tells apart."""


def class_color(number: int, count: int, tokens: Tokens) -> QColor:
    """The colour of class `number` of `count`; two classes are the two ends of a heat map."""
    if count == 2:
        return QColor((tokens.negative, tokens.positive)[number % 2])
    colors = (*tokens.series[:-1], *FURTHER)
    return QColor(colors[number % len(colors)])
