"""Names from afar: beside what they are of, as large at any zoom, and only where there is room."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTransform

from gui.canvas import metrics
from gui.canvas.items import text
from gui.canvas.items.dot_item import DotItem
from gui.canvas.items.ink import ink
from gui.canvas.items.node_item import NodeItem
from gui.canvas.items.tile_item import TileItem
from gui.theme import theme

if TYPE_CHECKING:
    from gui.canvas.nesting import Nesting

AWAY = 2.0
"""Between a name and what it is of."""

BESIDE = 3.0
"""Kept free before and after a name."""

LONGEST = 132
LEAST = 16.0
"""Room for a few letters."""


Card = tuple[float, float, float, float]


class Name(NamedTuple):
    """A name in pixels on screen from where the scene begins."""

    words: str
    style: str
    left: float
    top: float
    width: float
    height: float

    def rect(self) -> QRectF:
        return QRectF(round(self.left), round(self.top), self.width, self.height)

    def meets(self, shown: QRectF) -> bool:
        right, bottom = self.left + self.width + 1, self.top + self.height + 1
        across = self.left - 1 < shown.right() and right > shown.left()
        return across and self.top - 1 < shown.bottom() and bottom > shown.top()


class FarNames:
    """The names of groups, frames and nodes below a zoom of `metrics.FAR`.

    The place of each is found for a part of the scene around what is in sight, so that names
    keep theirs while one scrolls.
    """

    def __init__(self, scene: Nesting) -> None:
        self._scene = scene
        self._zoom = 0.0
        self._region = QRectF()
        self.names: list[Name] = []

    def forget(self) -> None:
        """Something came, went, is called otherwise or stands elsewhere."""
        self._region = QRectF()

    def paint(self, painter: QPainter, exposed: QRectF, sight: QRectF) -> None:
        """exposed: what is painted anew of the part of the scene in sight."""
        to_pixels = painter.worldTransform()
        zoom = to_pixels.m11()
        if zoom >= metrics.FAR:
            self._zoom, self.names = zoom, []
            return
        if zoom != self._zoom or not self._region.contains(sight):
            self._find(zoom, sight)
        begin = QPointF(to_pixels.dx(), to_pixels.dy())
        shown = to_pixels.mapRect(exposed).translated(-begin)
        names = [name for name in self.names if name.meets(shown)]
        if not names:
            return
        tokens = theme.tokens
        painter.setWorldTransform(QTransform.fromTranslate(begin.x(), begin.y()))
        # Items leave it as they like.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink(tokens.canvas, 130))
        painter.drawRects([name.rect() for name in names])
        for style, color in (("far group", tokens.text), ("far", tokens.second)):
            painter.setFont(text.font(style))
            painter.setPen(ink(color))
            for name in names:
                if name.style == style:
                    place = QPointF(round(name.left) + BESIDE, round(name.top))
                    painter.drawStaticText(place, text.prepared(style, name.words))
        painter.setWorldTransform(to_pixels)

    def _find(self, zoom: float, sight: QRectF) -> None:
        same_zoom, before = zoom == self._zoom, set(self.names)
        across, down = sight.width() / 4, sight.height() / 4
        self._zoom, self._region = zoom, sight.adjusted(-across, -down, across, down)
        self.names = list(self._placed(zoom))
        if same_zoom:
            # What is painted just now may be a part of what has changed.
            for name in before ^ set(self.names):
                self._scene.update(scaled(name.rect(), 1 / zoom))

    def _placed(self, zoom: float) -> Iterator[Name]:
        from gui.canvas.free_room import FreeRoom  # only who looks from afar needs it

        items = [item for item in self._scene.nodes.values() if not isinstance(item, DotItem)]
        cards = [(i.x() * zoom, i.y() * zoom, i.width * zoom, i.height * zoom) for i in items]
        room = FreeRoom(scaled(self._region, zoom), cards)
        for words, rect in self._titled():
            if around := title_places(words, scaled(rect, zoom)):
                yield room.take_first(around) or room.take(around[2])
        roomy = room.roomy(LEAST, text.metrics("far").height() + AWAY)
        # Names that somebody gave say most; in the order of reading, so that it is always the same.
        for number in sorted(roomy, key=lambda i: (not items[i].name, *cards[i])):
            if name := room.take_first(name_places(items[number], cards[number])):
                yield name

    def _titled(self) -> Iterator[tuple[str, QRectF]]:
        """The names of open groups and of frames, and where those are."""
        for _, box in sorted(self._scene.boxes.items()):
            yield box.name or box.own_title, box.scene_card()
        for item in self._scene.annotations.values():
            if item.annotation.kind == "frame" and item.annotation.text:
                yield item.annotation.text.split("\n")[0], item.card()


def name_places(item: NodeItem, card: Card) -> Iterator[Name]:
    """Where the name of a node may stand, the best place first; none if it has no name.

    card: left, top, width and height on screen.
    """
    tile = isinstance(item, TileItem)
    words = item.name_of(item.node) if isinstance(item, TileItem) else item.name or item.own_title
    if not words:
        return
    words, wide, tall = measured("far", words, LONGEST)
    left, top, width, height = card
    middle, beside = left + (width - wide) / 2, top + (height - tall) / 2
    first, last = not item.ports(False), not item.ports(True)
    if tile and first:
        yield Name(words, "far", left - AWAY - wide, beside, wide, tall)
    yield Name(words, "far", middle, top - AWAY - tall, wide, tall)
    yield Name(words, "far", middle, top + height + AWAY, wide, tall)
    if first:
        yield Name(words, "far", left - AWAY - wide, beside, wide, tall)
    if last:
        yield Name(words, "far", left + width + AWAY, beside, wide, tall)


def title_places(words: str, box: QRectF) -> list[Name]:
    """The same for a group or a frame, in full or no wider than that; none if it is too small."""
    if box.width() < LEAST:
        return []
    found = []
    for most in (LONGEST, max(LEAST, box.width() - 2 * BESIDE)):
        shown, width, height = measured("far group", words, int(most))
        for top in (box.top() - AWAY - height, box.bottom() + AWAY):
            found.append(Name(shown, "far group", box.left() - BESIDE, top, width, height))
    return found


@lru_cache(maxsize=4096)
def measured(style: str, words: str, most: int) -> tuple[str, float, float]:
    """Words cut down to so many pixels, with the width and height that they take."""
    found = text.metrics(style)
    if text.width(style, words) > most:
        words = found.elidedText(words, Qt.TextElideMode.ElideRight, most)
    return words, math.ceil(text.width(style, words)) + 2 * BESIDE, math.ceil(found.height())


def scaled(rect: QRectF, zoom: float) -> QRectF:
    return QRectF(rect.topLeft() * zoom, rect.size() * zoom)
