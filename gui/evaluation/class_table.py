"""How well each class is recognised: precision, recall and F1, class by class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.metrics import ClassScores
from engine.workspace import Array
from gui.theme import mono_font, theme, ui_font

ROW = 24
MOST = 12
"""Classes shown; of more those with the lowest F1."""
COLUMN = 84
NAME = 120


class ClassTable(QWidget):
    """A line for each class, with F1 as a bar too. Of many classes the worst, the worst first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Precision, recall and F1 of each class"))
        self.lines: list[tuple[str, float, float, float, int]] = []
        self.hidden_classes = 0
        theme.changed.connect(self.update)

    def show_scores(self, scores: ClassScores, examples: Array, classes: Sequence[str]) -> None:
        """examples: how many there are of each class, (K,). Classes without any are left out."""
        there = np.flatnonzero(examples > 0)
        shown = there
        if len(there) > MOST:
            shown = there[np.argsort(scores.f1[there], kind="stable")][:MOST]
        self.hidden_classes = len(there) - len(shown)
        self.lines = [
            (
                classes[i],
                float(scores.precision[i]),
                float(scores.recall[i]),
                float(scores.f1[i]),
                int(examples[i]),
            )
            for i in shown.tolist()
        ]
        self.setAccessibleDescription("\n".join(self.sentence(n) for n in range(len(self.lines))))
        self.updateGeometry()
        self.update()

    def sentence(self, number: int) -> str:
        name, precision, recall, f1, support = self.lines[number]
        return self.tr("{0}: precision {1}, recall {2}, F1 {3}, of {4} examples").format(
            name, _share(precision), _share(recall), _share(f1), f"{support:,}"
        )

    def sizeHint(self) -> QSize:
        return QSize(NAME + 4 * COLUMN, ROW * (len(self.lines) + 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        column = min(float(COLUMN), (self.width() - 60) / 4)
        name = min(float(NAME), self.width() - 4 * column)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        heads = (
            self.tr("Class"),
            self.tr("Precision"),
            self.tr("Recall"),
            self.tr("F1"),
            self.tr("Examples"),
        )
        rows = [
            (label, _share(precision), _share(recall), _share(f1), f"{support:,}")
            for label, precision, recall, f1, support in self.lines
        ]
        for line, cells in enumerate([heads, *rows]):
            top = line * ROW
            if line:
                self._paint_bar(painter, QRectF(name + 2 * column, top, column, ROW), line - 1)
            for place, words in enumerate(cells):
                plain = line == 0 or place == 0
                painter.setFont(ui_font(12, 500) if plain else mono_font(12))
                painter.setPen(QColor(tokens.second if line == 0 else tokens.text))
                start = 0.0 if place == 0 else name + (place - 1) * column
                room = QRectF(start, top, (name if place == 0 else column) - 8, ROW)
                shown = painter.fontMetrics().elidedText(
                    words, Qt.TextElideMode.ElideRight, round(room.width())
                )
                painter.drawText(room, left if place == 0 else right, shown)
            painter.setPen(QColor(tokens.hairline if line else tokens.border))
            end = round(name + 4 * column)
            painter.drawLine(0, top + ROW - 1, end, top + ROW - 1)

    def _paint_bar(self, painter: QPainter, cell: QRectF, number: int) -> None:
        """F1 as the width of a bar under its figure."""
        tint = QColor(theme.tokens.accent)
        tint.setAlphaF(0.22)
        room = cell.adjusted(12, 3, -2, -4)
        room.setLeft(room.right() - room.width() * self.lines[number][3])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(room, 3, 3)


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"
