"""Fields to type text into."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.theme import mono_font, paint_icon, theme


class TextField(QLineEdit):
    """One line of text. Escape brings the last committed text back.

    Emits
        committed(str): on Enter or when the focus leaves, if the text has changed.
    """

    committed = Signal(str)

    def __init__(
        self,
        text: str = "",
        placeholder: str = "",
        parent: QWidget | None = None,
        *,
        monospaced: bool = False,
    ) -> None:
        super().__init__(text, parent)
        self._kept = text
        self.setPlaceholderText(placeholder)
        if monospaced:
            self.setFont(mono_font(12))
        self.editingFinished.connect(self._commit)

    @property
    def value(self) -> str:
        return self._kept

    def set_value(self, text: str) -> None:
        """Show `text` without announcing it."""
        self._kept = text
        if text != self.text():
            self.setText(text)
        self.set_wrong("")

    def set_wrong(self, message: str) -> None:
        """Mark what stands here as refused, with the reason as tooltip; "" takes the mark away."""
        mark_wrong(self, message)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self.set_value(self._kept)
            return
        super().keyPressEvent(event)

    def _commit(self) -> None:
        if self.text() != self._kept:
            self._kept = self.text()
            self.committed.emit(self._kept)


class SearchField(TextField):
    """A text field with a magnifying glass, and the key that leads here at its right."""

    def __init__(self, placeholder: str, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", placeholder, parent)
        self._key = key
        self.setAccessibleName(placeholder)
        self.setTextMargins(20, 0, 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        middle = self.height() // 2
        paint_icon(painter, QRect(8, middle - 7, 14, 14), "magnifying-glass", theme.tokens.muted)
        if self._key and not self.text():
            painter.setFont(mono_font(11))
            painter.setPen(theme.tokens.muted)
            painter.drawText(
                self.rect().adjusted(0, 0, -10, 0),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                self._key,
            )


def mark_wrong(field: QWidget, message: str) -> None:
    """Give a field the red border and the reason, or take both away."""
    wrong = bool(message)
    if field.property("wrong") != wrong:
        field.setProperty("wrong", wrong)
        field.style().unpolish(field)
        field.style().polish(field)
    field.setToolTip(message)
