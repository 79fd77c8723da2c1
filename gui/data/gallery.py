"""Rows that are pictures, as pictures, with the class of each under it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from gui.data.draft import Study
from gui.theme import Tokens, class_color, mono_font, theme

TILE, CAPTION, GAP, MARGIN = 64, 20, 12, 16


class Gallery(QAbstractScrollArea):
    """Paints only the pictures that are on screen, so that a million cost as little as ten."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study: Study | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().setSingleStep(TILE // 2)
        self.setAccessibleName(self.tr("Pictures of the data"))

    def show_study(self, study: Study | None) -> None:
        if study is not None and self._study is not None and study.table is not self._study.table:
            self.verticalScrollBar().setValue(0)
        self._study = study
        self._measure()
        self.viewport().update()

    @property
    def per_line(self) -> int:
        return max(1, (self.viewport().width() - 2 * MARGIN + GAP) // (TILE + GAP))

    @property
    def _left(self) -> int:
        """Where the first picture of a line stands, for the lines to be in the middle."""
        used = self.per_line * (TILE + GAP) - GAP
        return max(MARGIN, (self.viewport().width() - used) // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        count = len(self._pictures)
        lines = -(-count // self.per_line)
        height = lines * (TILE + CAPTION + GAP) + 2 * MARGIN - GAP
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, height - self.viewport().height()))
        bar.setPageStep(self.viewport().height())

    @property
    def _pictures(self) -> NDArray[Any]:
        study = self._study
        return study.pictures if study and study.pictures is not None else np.empty((0, 1, 1, 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        top = self.verticalScrollBar().value()
        line_height = TILE + CAPTION + GAP
        first = max(0, (top - MARGIN) // line_height) * self.per_line
        last = (1 + (top + self.viewport().height()) // line_height) * self.per_line
        for place in range(first, min(last, len(self._pictures))):
            line, number = divmod(place, self.per_line)
            x = self._left + number * (TILE + GAP)
            self._paint_tile(painter, place, x, MARGIN + line * line_height - top)

    def _paint_tile(self, painter: QPainter, place: int, x: int, y: int) -> None:
        tokens = theme.tokens
        study = self._study
        assert study is not None
        pixels = self._pictures[place]
        if len(pixels) == 1 and study.table.photographs:
            pixels = np.repeat(pixels, 3, axis=0)  # a grey photo must not become a negative
        image = picture(pixels, tokens)
        painter.drawImage(_framed(image, QRect(x, y, TILE, TILE)), image)
        column = study.table.column(study.target)
        if column.values.ndim > 1:
            return  # many values, which would be cut off after the first
        label = column.text(place)
        line = QRect(x, y + TILE, TILE, CAPTION)
        painter.setFont(mono_font(11))
        painter.setPen(QColor(tokens.second))
        center = Qt.AlignmentFlag.AlignCenter
        shown = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, TILE - 12)
        box = painter.boundingRect(line, center, shown)
        painter.drawText(line.adjusted(8, 0, 8, 0), center, shown)
        is_class = column.kind == "category" and column.values.ndim == 1
        if is_class and column.values[place] >= 0:
            color = class_color(int(column.values[place]), len(column.levels), tokens)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(QRectF(box.left() - 4, line.center().y() - 3, 7, 7))
            painter.restore()


def _framed(image: QImage, tile: QRect) -> QRect:
    """The largest place in the middle of a tile in which an image keeps its ratio."""
    size = image.size().scaled(tile.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(tile.topLeft(), size.expandedTo(QSize(1, 1)))
    place.moveCenter(tile.center())
    return place


def picture(pixels: NDArray[Any], tokens: Tokens) -> QImage:
    """An image of pixels (C, H, W) from 0 to 1: ink on paper for one channel, colours for three."""
    channels, height, width = pixels.shape
    if channels == 3:
        colors = np.ascontiguousarray(pixels.transpose(1, 2, 0) * 255, dtype=np.uint8)
        return QImage(colors.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
    paper, ink = (_rgb(color) for color in (tokens.field, tokens.text))
    mixed = paper + pixels[0][:, :, None] * (ink - paper)
    colors = np.ascontiguousarray(np.rint(mixed), dtype=np.uint8)
    return QImage(colors.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _rgb(color: str) -> NDArray[Any]:
    parsed = QColor(color)
    return np.array([parsed.red(), parsed.green(), parsed.blue()], dtype=np.float32)
