"""Several names in one field, all of them in full: the field grows with them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from gui.widgets.text_field import mark_wrong

MOST_LINES = 6
"""More scroll."""
AROUND_TEXT = 10
"""Above and below the lines, so that one line makes a field as high as others."""


class NamesField(QPlainTextEdit):
    """Names with commas between them. Escape brings the last committed text back.

    Emits
        committed(str): on Enter or when the focus leaves, if the text has changed.
    """

    committed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kept = ""
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._grow)

    @property
    def value(self) -> str:
        return self._kept

    def text(self) -> str:
        return self.toPlainText()

    def set_value(self, text: str) -> None:
        """Show `text` without announcing it."""
        self._kept = text
        if text != self.text():
            self.setPlainText(text)
        self.set_wrong("")

    def set_wrong(self, message: str) -> None:
        """Mark what stands here as refused, with the reason as tooltip; "" takes the mark away."""
        mark_wrong(self, message)

    def sizeHint(self) -> QSize:
        lines = min(self._lines(), MOST_LINES)
        return QSize(160, lines * self.fontMetrics().lineSpacing() + AROUND_TEXT)

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._kept:
            self.set_value(self._kept)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._commit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._grow()

    def _lines(self) -> int:
        return max(round(self.document().size().height()), 1)

    def _grow(self) -> None:
        bars = Qt.ScrollBarPolicy
        fits = self._lines() <= MOST_LINES
        self.setVerticalScrollBarPolicy(bars.ScrollBarAlwaysOff if fits else bars.ScrollBarAsNeeded)
        self.updateGeometry()

    def _commit(self) -> None:
        if self.text() != self._kept:
            self._kept = self.text()
            self.committed.emit(self._kept)
