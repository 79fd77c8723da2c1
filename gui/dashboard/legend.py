"""Where the names of a chart's lines stand: beside its title, or in rows of their own under it.

First names take more rows, then they are shortened. Where even that lets not all of them in,
some are left out and the others stay whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from gui.theme import ui_font

SWATCH = 14
GAP = 6
BETWEEN = 16
LONGEST = 140
SHORTEST = 44
"""Pixels of a name: at most, and at least where it is shortened to let others in."""
ROW = 17
ROWS = 3
"""The height of a row under the title, and how many of them there are at most."""
MOST = 60
"""Names beyond these are not even measured: they would never fit."""


@dataclass(frozen=True)
class Entry:
    """One name with the colour of its line; dashed for a run that is over."""

    name: str
    color: str
    dashed: bool = False


@dataclass(frozen=True)
class Place:
    """A name as far as there is room for it, and where its swatch and text stand."""

    entry: Entry
    text: str
    area: QRectF


@dataclass(frozen=True)
class Legend:
    """rows: how many there are under the title. more: where the number of the others stands."""

    font: QFont
    places: tuple[Place, ...] = ()
    others: tuple[Entry, ...] = ()
    more: QRectF | None = None
    rows: int = 0


_Name = tuple[Entry, str, float]  # with its text and width


def laid_out(entries: Sequence[Entry], beside: QRectF, under: QRectF) -> Legend:
    """The names of lines, each in its place.

    beside: the room at the right of the title, for names that fit into it all.
    under: the first row below.
    """
    shown = entries[:MOST]
    font = ui_font(12)
    names = _measured(shown, font, LONGEST)
    if len(shown) == len(entries) and _length(names) <= beside.width():
        row = beside.adjusted(beside.width() - _length(names), 0, 0, 0)
        return Legend(font, _placed([names], row))
    font = ui_font(11)
    for longest in range(LONGEST, SHORTEST - 1, -8):
        names = _measured(shown, font, longest)
        rows = _filled(names, under.width())
        if len(shown) == len(entries) and len(rows) <= ROWS:
            return Legend(font, _placed(rows, under), rows=len(rows))
    names = _measured(shown, font, LONGEST)
    number = QFontMetricsF(font).horizontalAdvance(f"+{len(entries)}")
    rows = _filled(names, under.width() - BETWEEN - number)[:ROWS]
    places = _placed(rows, under)
    last = places[-1].area
    more = QRectF(last.right() + BETWEEN, last.top(), number, last.height())
    return Legend(font, places, tuple(entries[len(places) :]), more, len(rows))


def _measured(entries: Sequence[Entry], font: QFont, longest: float) -> list[_Name]:
    metrics, middle = QFontMetricsF(font), Qt.TextElideMode.ElideMiddle
    texts = [metrics.elidedText(entry.name, middle, longest) for entry in entries]
    return [
        (entry, text, SWATCH + GAP + metrics.horizontalAdvance(text))
        for entry, text in zip(entries, texts, strict=True)
    ]


def _length(names: Sequence[_Name]) -> float:
    return sum(width for *_, width in names) + BETWEEN * (len(names) - 1)


def _filled(names: Sequence[_Name], room: float) -> list[list[_Name]]:
    """Rows, each with at least one name and else no longer than the room."""
    rows: list[list[_Name]] = []
    for name in names:
        if not rows or _length([*rows[-1], name]) > room:
            rows.append([])
        rows[-1].append(name)
    return rows


def _placed(rows: Sequence[Sequence[_Name]], first: QRectF) -> tuple[Place, ...]:
    places = []
    for number, row in enumerate(rows):
        x = first.left()
        for entry, text, width in row:
            top = first.top() + number * first.height()
            places.append(Place(entry, text, QRectF(x, top, width, first.height())))
            x += width + BETWEEN
    return tuple(places)
