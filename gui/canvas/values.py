"""Kinds of value that travel along wires, each with a colour, a shape and a word of its own."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QT_TRANSLATE_NOOP as translate  # noqa: N811 - a function, whatever its case
from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPolygonF

from engine.shapes import Shape
from gui.theme import category_color, theme

KINDS = ("vector", "image", "sequence", "scalar")
"""In the order of the legend. A value of no known shape is of no kind: ""."""

WORDS = {
    "vector": translate("Values", "vector"),
    "image": translate("Values", "image"),
    "sequence": translate("Values", "sequence"),
    "scalar": translate("Values", "single number"),
}

LIKE = {"vector": "core", "image": "convolution", "sequence": "recurrent", "scalar": "neuron"}
"""Each kind has the colour of the layers that mostly make it."""

OF_COLOR = 0.55
"""How much of that colour is in a wire; the rest is the grey of wires, so that cards stand out."""


@lru_cache(maxsize=4096)
def value_kind(shape: Shape | None) -> str:
    """(1,) is a scalar, (D,) a vector, (T, D) a sequence, (C, H, W) and more an image."""
    if shape is None:
        return ""
    if shape in ((), (1,)):
        return "scalar"
    return {1: "vector", 2: "sequence"}.get(len(shape), "image")


def value_color(kind: str) -> str:
    """The colour of wires that carry this kind, in the theme of now."""
    return _mixed(LIKE[kind], theme.tokens.muted) if kind else theme.tokens.muted


@lru_cache(maxsize=16)
def _mixed(category: str, grey: str) -> str:
    color, base = QColor(category_color(category)), QColor(grey)
    red, green, blue = (
        round(OF_COLOR * of_color + (1 - OF_COLOR) * of_base)
        for of_color, of_base in (
            (color.red(), base.red()),
            (color.green(), base.green()),
            (color.blue(), base.blue()),
        )
    )
    return QColor(red, green, blue).name()


def value_word(kind: str) -> str:
    return QCoreApplication.translate("Values", str(WORDS[kind])) if kind else ""


def draw_port(painter: QPainter, kind: str, at: QPointF, radius: float) -> None:
    """The outline of a port, by what goes through it: the shape says what the colour says.

    image: a square. sequence: a triangle that points on. scalar: a diamond. Others: a circle.
    """
    x, y = at.x(), at.y()
    if kind == "image":
        side = radius * 0.9
        painter.drawRect(QRectF(x - side, y - side, 2 * side, 2 * side))
    elif kind == "sequence":
        r = radius * 1.15
        painter.drawPolygon(
            QPolygonF([QPointF(x - r * 0.8, y - r), QPointF(x + r, y), QPointF(x - r * 0.8, y + r)])
        )
    elif kind == "scalar":
        r = radius * 1.2
        painter.drawPolygon(
            QPolygonF([QPointF(x, y - r), QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)])
        )
    else:
        painter.drawEllipse(at, radius, radius)
