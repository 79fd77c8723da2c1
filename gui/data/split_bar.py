"""How many rows train, validate and test, as a bar whose borders can be dragged."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import theme

HEIGHT, REACH = 10, 6


class SplitBar(QWidget):
    """Training, validation and test as shares of one bar.

    Emits
        changed (float, float): shares for validation and test, while a border is dragged.
        committed (float, float): once it is let go.
    """

    changed = Signal(float, float)
    committed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._validation, self._test = 0.1, 0.1
        self._dragged = -1
        self.setFixedHeight(HEIGHT + 8)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @staticmethod
    def colors() -> tuple[str, str, str]:
        """Of training, validation and test: as in the curves."""
        tokens = theme.tokens
        return tokens.series[0], tokens.series[1], tokens.series[2]

    def set_shares(self, validation: float, test: float) -> None:
        """Show shares without announcing them."""
        self._validation, self._test = validation, test
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT + 8)

    def _borders(self) -> tuple[float, float]:
        train = 1 - self._validation - self._test
        return train * self.width(), (train + self._validation) * self.width()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0, 4, self.width(), HEIGHT)
        shape = QPainterPath()
        shape.addRoundedRect(bar, 4, 4)
        painter.setClipPath(shape)
        first, second = self._borders()
        edges = (0.0, first, second, float(self.width()))
        for number, color in enumerate(self.colors()):
            left, right = edges[number], edges[number + 1]
            gap = 2 if number < 2 and right < self.width() else 0
            painter.fillRect(QRectF(left, 4, max(0.0, right - left - gap), HEIGHT), QColor(color))

    def _border_at(self, position: QPointF) -> int:
        distances = [abs(position.x() - border) for border in self._borders()]
        nearest = min((0, 1), key=lambda number: distances[number])
        # At the right end both may lie on each other: the one that can still move is meant.
        if distances[0] == distances[1]:
            nearest = 0 if position.x() >= self.width() - REACH else 1
        return nearest if distances[nearest] <= REACH else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._dragged = self._border_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged < 0:
            over = self._border_at(event.position()) >= 0
            shape = Qt.CursorShape.SplitHCursor if over else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            return
        share = min(1.0, max(0.0, event.position().x() / max(1, self.width())))
        share = round(share * 100) / 100
        if self._dragged == 0:
            train = max(0.05, min(share, 1 - self._test))
            self._validation = round(1 - self._test - train, 2)
        else:
            train = 1 - self._validation - self._test
            border = max(train, share)
            self._test = round(1 - border, 2)
            self._validation = round(border - train, 2)
        self.update()
        self.changed.emit(self._validation, self._test)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragged >= 0:
            self._dragged = -1
            self.committed.emit(self._validation, self._test)


class Swatch(QWidget):
    """A small square of a part's colour, beside its number."""

    def __init__(self, part: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part = part
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(SplitBar.colors()[self._part]))
        painter.drawRoundedRect(QRect(0, 0, 10, 10), 3, 3)
