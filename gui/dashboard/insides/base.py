"""How an inside is drawn: a line that says what it is, and under it rows of pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from engine.layers.base import Array
from gui.theme import diverging, mono_font, theme, ui_font

SMALL = 7.5
"""The size of text: an inside is seen from a zoom of 140 % on, where it can be read."""

CAPTION = 12.0
GAP = 6.0


class Inside(ABC):
    """Something to paint into a rectangle of the scene.

    caption: what it is, in one line. height: how tall it wants to be, caption included.
    """

    caption: str = ""
    height: float = 120.0

    def paint(self, painter: QPainter, room: QRectF) -> None:
        """Paint it. Nothing is remembered: whoever shows it keeps the picture."""
        tokens = theme.tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        write(painter, QRectF(room.left(), room.top(), room.width(), CAPTION), self.caption)
        painter.setPen(QColor(tokens.text))
        self.paint_body(painter, room.adjusted(0, CAPTION + 4, 0, 0))

    @abstractmethod
    def paint_body(self, painter: QPainter, room: QRectF) -> None:
        """What stands under the caption."""


def write(
    painter: QPainter,
    room: QRectF,
    words: str,
    token: str = "second",
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    mono: bool = False,
) -> None:
    """One line of text in the middle of a room, shortened to fit."""
    font = mono_font(SMALL) if mono else ui_font(SMALL)
    shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.setFont(font)
    painter.setPen(QColor(getattr(theme.tokens, token)))
    painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, shown)


def number(value: float) -> str:
    """Two decimals, or one digit and an exponent for what would be nothing or too long."""
    if value and (abs(value) < 0.005 or abs(value) >= 1000):
        return f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")
    return f"{value:.2f}".replace("-", "−")


def draw_cells(painter: QPainter, place: QRectF, values: Array, limit: float | None = None) -> None:
    """A heat map (rows, columns) over a place, with a hairline around it."""
    image = diverging(values, theme.tokens, limit)
    draw_image(painter, place, image)


def draw_image(painter: QPainter, place: QRectF, image: QImage) -> None:
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(place, image)
    painter.setPen(QColor(theme.tokens.hairline))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(place)


class HeatRows(Inside):
    """Heat maps over the same steps, one under the other, each with its name and its range."""

    ROW = 15.0
    NAMES = 44.0

    def __init__(
        self,
        caption: str,
        rows: Sequence[tuple[str, Array, float | None]],
        foot: str = "",
        row: float = ROW,
    ) -> None:
        """rows: name, values (cells down, steps), and the size at which colour is full."""
        self.caption, self._rows, self._foot, self._row = caption, rows, foot, row
        self._names = self.NAMES if any(name for name, _, _ in rows) else 0.0
        self.height = CAPTION + 4 + len(rows) * (row + 3) + (CAPTION if foot else 0)

    def paint_body(self, painter: QPainter, room: QRectF) -> None:
        top = room.top()
        for name, values, limit in self._rows:
            if name:
                label = QRectF(room.left(), top, self._names - 4, self._row)
                write(painter, label, name, "muted")
            place = QRectF(room.left() + self._names, top, room.width() - self._names, self._row)
            draw_cells(painter, place, values, limit)
            top += self._row + 3
        if self._foot:
            line = QRectF(room.left() + self._names, top, room.width() - self._names, CAPTION)
            write(painter, line, self._foot, "muted")


class Tiles(Inside):
    """Images side by side, each under its name, in as many columns as make them large."""

    LABEL = 10.0

    def __init__(self, caption: str, tiles: Sequence[tuple[str, Sequence[Array]]]) -> None:
        """tiles: name, and one image (H, W) or two that belong together."""
        self.caption, self._tiles = caption, tiles
        self._columns = min(len(tiles), 3 if len(tiles[0][1]) > 1 else 4) or 1
        rows = -(-len(tiles) // self._columns)
        self.height = CAPTION + 4 + rows * (40.0 if rows > 1 else 64.0)

    def paint_body(self, painter: QPainter, room: QRectF) -> None:
        rows = -(-len(self._tiles) // self._columns)
        wide, tall = room.width() / self._columns, room.height() / rows
        for index, (name, images) in enumerate(self._tiles):
            left = room.left() + index % self._columns * wide
            top = room.top() + index // self._columns * tall
            cell = QRectF(left, top, wide - GAP, tall - 3)
            write(painter, QRectF(left, top, cell.width(), self.LABEL), name, "muted", mono=True)
            self._paint_images(painter, cell.adjusted(0, self.LABEL, 0, 0), images)

    @staticmethod
    def _paint_images(painter: QPainter, cell: QRectF, images: Sequence[Array]) -> None:
        room = (cell.width() - 3 * (len(images) - 1)) / len(images)
        left = cell.left()
        for image in images:
            height, width = image.shape
            scale = min(room / width, cell.height() / height)
            place = QRectF(left, cell.top(), width * scale, height * scale)
            draw_cells(painter, place, image)
            left += place.width() + 3


class Line(Inside):
    """One number at each step as a curve, between its smallest and its largest value."""

    NUMBERS = 30.0

    def __init__(self, caption: str, values: Array) -> None:
        self.caption, self._values = caption, np.nan_to_num(values)
        self.height = CAPTION + 4 + 56.0

    def paint_body(self, painter: QPainter, room: QRectF) -> None:
        tokens, values = theme.tokens, self._values
        low, high = float(values.min()), float(values.max())
        for value, top in ((high, room.top()), (low, room.bottom() - CAPTION)):
            line = QRectF(room.left(), top, self.NUMBERS - 4, CAPTION)
            write(painter, line, number(value), "muted", Qt.AlignmentFlag.AlignRight, mono=True)
        place = room.adjusted(self.NUMBERS, 6, -4, -6)
        scale = place.height() / (high - low or 1.0)
        if low < 0 < high:
            painter.setPen(QPen(QColor(tokens.border), 1))
            zero = place.top() + high * scale
            painter.drawLine(QPointF(place.left(), zero), QPointF(place.right(), zero))
        step = place.width() / max(1, len(values) - 1)
        points = [
            QPointF(place.left() + i * step, place.top() + (high - value) * scale)
            for i, value in enumerate(values.tolist())
        ]
        painter.setPen(QPen(QColor(tokens.positive), 1.2))
        painter.drawPolyline(points)
