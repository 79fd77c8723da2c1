"""How a loop comes to rest: the largest change of any of its numbers, step by step."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.workspace import Array
from gui.theme import mono_font, theme, ui_font

HEIGHT, TITLE, NUMBERS, FOOT = 108, 20, 46, 16
LEAST = 1e-9
"""What counts as no change at all on the scale of powers of ten."""


class SettlingCurve(QWidget):
    """Paints the changes on a scale of powers of ten: a straight fall is a steady approach."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Change at each step until the loop has settled"))
        self.setToolTip(
            self.tr(
                "The largest change of any number that comes round, over all examples that are "
                "looked at. The loop has settled once it is below the tolerance."
            )
        )
        self.changes: Array = np.zeros(0)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def show_changes(self, changes: Array) -> None:
        if np.array_equal(changes, self.changes):
            return
        self.changes = changes
        if len(changes):
            words = self.tr("from {0} to {1} in {2} steps")
            first, last = (f"{value:.1e}" for value in (changes[0], changes[-1]))
            self.setAccessibleDescription(words.format(first, last, len(changes)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if len(self.changes) < 2:
            return
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(ui_font(12))
        painter.setPen(QColor(tokens.second))
        title = QRectF(0, 0, self.width(), TITLE)
        painter.drawText(title, Qt.AlignmentFlag.AlignVCenter, self.tr("change at each step"))
        plot = QRectF(self.rect()).adjusted(NUMBERS, TITLE + 6, -4, -FOOT - 2)
        powers = np.log10(np.maximum(self.changes, LEAST))
        low, high = float(np.floor(powers.min())), float(np.ceil(powers.max()))
        high = max(high, low + 1)
        painter.setFont(mono_font(10.5))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for power, y in ((high, plot.top()), (low, plot.bottom())):
            painter.setPen(QColor(tokens.hairline))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(tokens.muted))
            label = f"1e{power:.0f}" if power else "1"
            painter.drawText(QRectF(0, y - 8, NUMBERS - 6, 16), right, label)
        below = QRectF(plot.left(), plot.bottom() + 2, plot.width(), FOOT)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "1")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{len(self.changes):,}")
        across = np.linspace(plot.left(), plot.right(), len(powers))
        down = plot.bottom() - (powers - low) / (high - low) * plot.height()
        painter.setPen(QPen(QColor(tokens.accent), 2))
        points = zip(across.tolist(), down.tolist(), strict=True)
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in points]))
