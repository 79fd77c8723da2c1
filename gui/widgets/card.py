"""Surfaces: panels that lie in the window, cards that float over it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QVBoxLayout,
    QWidget,
)

from gui.theme import theme


class Panel(QFrame):
    """A quiet surface without an edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)


class Card(QFrame):
    """A rounded surface with an edge, inside a panel. Put the content into `content`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(12, 10, 12, 10)
        self.content.setSpacing(6)


class CardPopup(QWidget):
    """A card that floats with a soft shadow and goes away on Escape or a click elsewhere.

    Put the content into `content`; `open_at` shows it within the screen.
    """

    SHADOW = 16

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(self.SHADOW, self.SHADOW, self.SHADOW, self.SHADOW)
        self.card = Card(self)
        outer.addWidget(self.card)
        self.content = self.card.content
        soft_shadow(self.card)

    def open_at(self, position: QPoint) -> None:
        """Show the card with its top left corner at a global position, moved into the screen."""
        self.adjustSize()
        margin = QPoint(self.SHADOW, self.SHADOW)
        screen = QGuiApplication.screenAt(position) or QGuiApplication.primaryScreen()
        area = screen.availableGeometry().adjusted(8, 8, -8, -8)
        x = min(max(position.x(), area.left()), area.right() - self.width() + 2 * self.SHADOW)
        y = min(max(position.y(), area.top()), area.bottom() - self.height() + 2 * self.SHADOW)
        self.move(QPoint(x, y) - margin)
        self.show()
        self.activateWindow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)


def soft_shadow(widget: QWidget) -> None:
    """The one shadow of the program, under things that float."""
    shadow = QGraphicsDropShadowEffect(widget)
    shadow.setBlurRadius(24)
    shadow.setOffset(0, 6)
    color = QColor(theme.tokens.shadow)
    color.setAlpha(110 if theme.tokens.dark else 46)
    shadow.setColor(color)
    widget.setGraphicsEffect(shadow)


class Follower(QObject):
    """Calls a function whenever a widget is resized, so that what floats on it stays in place."""

    def __init__(self, watched: QWidget, place: Callable[[], object]) -> None:
        super().__init__(watched)
        self._place = place
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False
