"""The legend at the bottom left of the canvas: what the signs of the X-ray mean."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.canvas.items.marks import paint_health
from gui.theme import theme, ui_font

MARGIN = 16
HEIGHT = 24
SPACE = 16
"""Between one entry and the next."""
SIGN = 16
"""The room of a sign before its word."""


class Legend(QWidget):
    """One line over the canvas, which the pointer never runs into."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._bold, self._plain = ui_font(12, 600), ui_font(12)
        self.entries = (
            ("ok", self.tr("healthy")),
            ("warning", self.tr("small")),
            ("bad", self.tr("dead or exploding")),
        )
        self._titles = (self.tr("X-ray"), self.tr("gradient norm"))
        words = [(self._bold, title) for title in self._titles]
        words += [(self._plain, word) for _, word in self.entries]
        wide = sum(_width(font, word) + SPACE for font, word in words) + SIGN * len(self.entries)
        self.setFixedSize(wide, HEIGHT)
        host.installEventFilter(self)
        theme.changed.connect(self._repaint)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def place(self) -> None:
        self.move(MARGIN, self._host.height() - HEIGHT - MARGIN)

    def set_shown(self, shown: bool) -> None:
        if shown != (not self.isHidden()):
            self.place()
            self.setVisible(shown)

    def _repaint(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0
        for title, color in zip(self._titles, (tokens.second, tokens.accent), strict=True):
            left = self._write(painter, self._bold, title, left, color)
        for level, word in self.entries:
            paint_health(painter, QPointF(left + 5, HEIGHT / 2), level)
            left = self._write(painter, self._plain, word, left + SIGN, tokens.second)
        painter.end()

    def _write(self, painter: QPainter, font: QFont, word: str, left: int, color: str) -> int:
        wide = _width(font, word)
        painter.setFont(font)
        painter.setPen(QColor(color))
        painter.drawText(QRect(left, 0, wide + 2, HEIGHT), Qt.AlignmentFlag.AlignVCenter, word)
        return left + wide + SPACE


def _width(font: QFont, word: str) -> int:
    return QFontMetrics(font).horizontalAdvance(word)
