"""What floats over a chart: the values under the crosshair, and what an empty one teaches."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from gui.theme import mono_font, theme, ui_font

ROW = 16
PADDING = 9
LONGEST = 180
"""Pixels of a name."""


class Readout(QWidget):
    """A small card with one row per line: its name and its value."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._heading = ""
        self._rows: tuple[tuple[str, str, str], ...] = ()
        self.hide()

    @property
    def text(self) -> str:
        """What the card says, line by line."""
        return "\n".join([self._heading, *(f"{name} {value}" for name, value, _ in self._rows)])

    def show_rows(self, heading: str, rows: Sequence[tuple[str, str, str]], at: QPointF) -> None:
        """Show rows of (name, value, colour) beside a point of the chart."""
        self._heading = heading
        names, values = QFontMetricsF(ui_font(12)), QFontMetricsF(mono_font(12))
        middle = Qt.TextElideMode.ElideMiddle
        self._rows = tuple(
            (names.elidedText(name, middle, LONGEST), value, color)
            for name, value, color in rows[:12]
        )
        name_width = max((names.horizontalAdvance(name) for name, _, _ in self._rows), default=0)
        value_width = max((values.horizontalAdvance(v) for _, v, _ in self._rows), default=0)
        width = max(name_width + value_width + 16, names.horizontalAdvance(heading)) + 2 * PADDING
        self.resize(round(width), ROW * (len(self._rows) + 1) + 2 * PADDING - 4)
        right = at.x() + 12
        if right + self.width() > self._host.width():
            right = at.x() - 12 - self.width()
        down = min(max(0.0, at.y() - self.height() / 2), self._host.height() - self.height())
        self.move(round(max(0.0, right)), round(max(0.0, down)))
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.setBrush(QColor(tokens.node))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        row = QRectF(PADDING, PADDING - 3, self.width() - 2 * PADDING, ROW)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(ui_font(11))
        painter.setPen(QColor(tokens.muted))
        painter.drawText(row, middle, self._heading)
        for name, value, color in self._rows:
            row.translate(0, ROW)
            painter.setFont(ui_font(12))
            painter.setPen(QColor(color))
            painter.drawText(row, middle, name)
            painter.setFont(mono_font(12))
            painter.setPen(QColor(tokens.text))
            painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, value)
        painter.end()


class EmptyState(QLabel):
    """A sentence in the middle of a view that has nothing to show yet."""

    def __init__(self, sentence: str, parent: QWidget) -> None:
        super().__init__(sentence, parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(ui_font(12))
        self._dress()
        theme.changed.connect(self._dress)

    def _dress(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(f"color: {tokens.muted}; background: {tokens.surface};")
