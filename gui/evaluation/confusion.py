"""What the network takes for what: a matrix of actual against predicted classes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.workspace import Array
from gui.theme import diverging, label_font, mono_font, theme, ui_font

LARGEST_CELL = 44
LARGEST_OF_FEW = 64
LARGEST_OF_ALL = 72
FEW = 6
SMALLEST_CELL_WITH_NUMBER = 18
GAP = 2
LABELS = 92
"""Most pixels for the names of classes at the left."""

Cell = tuple[int, int]
"""Actual class, predicted class."""


def mixed(low: str, high: str, share: float) -> QColor:
    """A colour between two."""
    a, b = QColor(low), QColor(high)
    parts = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(x + (y - x) * share) for x, y in parts))


class ConfusionMatrix(QWidget):
    """Rows are actual classes, columns predicted ones; right ones blue, wrong ones orange.

    The share of its row sets the strength of a cell. A click or the arrow keys choose
    a cell; Escape or a second click lets it go.

    Emits
        chosen(object): (actual, predicted), or None.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Confusion matrix"))
        self._counts: Array = np.zeros((0, 0), np.intp)
        self._classes: tuple[str, ...] = ()
        self.cell: Cell | None = None
        self._names_width = 0
        theme.changed.connect(self.update)

    def show_counts(self, counts: Array, classes: Sequence[str]) -> None:
        """counts: (K, K), rows are actual classes."""
        self._counts, self._classes = counts, tuple(classes)
        self.cell = None
        metrics = QFontMetrics(ui_font(12))
        widest = max((metrics.horizontalAdvance(name) for name in self._classes), default=0)
        self._names_width = min(LABELS, widest + 10)
        self.updateGeometry()
        self.update()

    def choose(self, cell: Cell | None) -> None:
        if cell != self.cell:
            self.cell = cell
            self.setAccessibleDescription(self.sentence(cell) if cell else "")
            self.chosen.emit(cell)
            self.update()

    def sentence(self, cell: Cell) -> str:
        """What a cell says: `3 taken for 8: 2 of 36 (5.6 %)`."""
        actual, predicted = (self._classes[i] for i in cell)
        count, total = int(self._counts[cell]), int(self._counts[cell[0]].sum())
        share = f"{100 * count / total:.1f} %" if total else "–"
        pattern = (
            self.tr("{0} recognised: {2} of {3} ({4})")
            if cell[0] == cell[1]
            else self.tr("{0} taken for {1}: {2} of {3} ({4})")
        )
        return pattern.format(actual, predicted, count, total, share)

    # Layout

    def _left(self) -> int:
        return self._names_width + 18

    def _cell_size(self, width: int) -> float:
        room = max(40, width - self._left())
        largest = LARGEST_OF_FEW if len(self._classes) <= FEW else LARGEST_CELL
        # A column is as wide as its name, as long as all have room.
        largest = min(LARGEST_OF_ALL, max(largest, self._names_width - 2))
        return min(largest, room / max(1, len(self._classes)))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._cell_size(width) * len(self._classes)) + 44

    def sizeHint(self) -> QSize:
        width = self._left() + LARGEST_OF_FEW * max(2, len(self._classes))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    def _rect(self, cell: Cell) -> QRectF:
        size = self._cell_size(self.width())
        corner = QPointF(self._left() + cell[1] * size, 40 + cell[0] * size)
        return QRectF(corner.x(), corner.y(), size - GAP, size - GAP)

    def cell_at(self, point: QPoint) -> Cell | None:
        size = self._cell_size(self.width())
        row, column = int((point.y() - 40) // size), int((point.x() - self._left()) // size)
        count = len(self._classes)
        return (row, column) if 0 <= row < count and 0 <= column < count else None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._classes:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_labels(painter)
        totals = np.maximum(self._counts.sum(axis=1, keepdims=True), 1)
        shares = self._counts / totals
        if self._cell_size(self.width()) < SMALLEST_CELL_WITH_NUMBER:
            self._paint_as_picture(painter, shares)
        else:
            for cell in np.ndindex(*shares.shape):
                self._paint_cell(painter, (cell[0], cell[1]), float(shares[cell]))
        if self.cell is not None:
            painter.setPen(QPen(QColor(theme.tokens.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self._rect(self.cell), 4, 4)

    def _paint_as_picture(self, painter: QPainter, shares: Array) -> None:
        """Many classes: one pixel a cell, enlarged."""
        # Blue for the diagonal, orange for the rest, as positive and negative numbers.
        strengths = np.sqrt(shares)
        signed = np.where(np.eye(len(shares), dtype=bool), strengths, -strengths)
        side = self._cell_size(self.width()) * len(shares)
        painter.drawImage(
            QRectF(self._left(), 40, side, side), diverging(signed, theme.tokens, limit=1.0)
        )

    def _paint_cell(self, painter: QPainter, cell: Cell, share: float) -> None:
        tokens = theme.tokens
        count, right = int(self._counts[cell]), cell[0] == cell[1]
        hue = tokens.positive if right else tokens.negative
        # A single mistake among hundreds must still be seen: the root lifts small shares.
        strength = share**0.5 if count else 0.0
        ground = mixed(tokens.field, hue, strength)
        rect = self._rect(cell)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(rect, 4, 4)
        if count and rect.width() >= SMALLEST_CELL_WITH_NUMBER:
            painter.setFont(mono_font(12 if rect.width() > 28 else 9.5))
            light = ground.lightnessF() < 0.55
            painter.setPen(QColor("#ffffff" if light else "#14161a"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(count))

    def _paint_labels(self, painter: QPainter) -> None:
        tokens = theme.tokens
        center = Qt.AlignmentFlag.AlignCenter
        size, left, count = self._cell_size(self.width()), self._left(), len(self._classes)
        painter.setFont(label_font())
        painter.setPen(QColor(tokens.muted))
        painter.drawText(QRectF(left, 0, size * count, 18), center, self.tr("Predicted"))
        painter.save()
        painter.translate(0, 40 + size * count)
        painter.rotate(-90)
        painter.drawText(QRectF(0, 0, size * count, 14), center, self.tr("Actual"))
        painter.restore()
        painter.setFont(ui_font(12))
        metrics = painter.fontMetrics()
        every = max(1, math.ceil(14 / size))  # a line of text needs 14 pixels
        step = every * size
        for number, name in list(enumerate(self._classes))[::every]:
            chosen = self.cell or (-1, -1)
            for place, rect, room, align in (
                (
                    1,
                    QRectF(left + number * size, 18, every * size - GAP, 20),
                    every * size - 4,
                    center,
                ),
                (
                    0,
                    QRectF(16, 40 + number * size, left - 24, step - GAP),
                    left - 24,
                    Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                ),
            ):
                if place and every > 1 and metrics.horizontalAdvance(name) > room:
                    continue
                painter.setPen(QColor(tokens.text if chosen[place] == number else tokens.second))
                shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, round(room))
                painter.drawText(rect, align, shown)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        self.choose(None if cell == self.cell else cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        step, last = steps.get(Qt.Key(event.key())), len(self._classes) - 1
        if step is not None and last >= 0:
            row, column = self.cell or (0, 0)
            if self.cell is not None:
                row = min(max(row + step[0], 0), last)
                column = min(max(column + step[1], 0), last)
            self.choose((row, column))
        elif event.key() == Qt.Key.Key_Escape and self.cell is not None:
            self.choose(None)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            cell = self.cell_at(event.pos())
            if cell is None:
                QToolTip.hideText()
            else:
                QToolTip.showText(event.globalPos(), self.sentence(cell), self)
            return True
        return super().event(event)
