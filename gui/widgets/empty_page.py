"""What stands where there is nothing to show yet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from gui.widgets.card import Panel
from gui.widgets.labels import TextLabel, TitleLabel


class EmptyPage(Panel):
    """A title, what to do first, and in `buttons` what does it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = TitleLabel("", self)
        self.text = TextLabel("", self)
        self.text.setFixedWidth(440)
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        words, self.buttons = QHBoxLayout(), QHBoxLayout()
        words.addWidget(self.text)
        rows = QVBoxLayout(self)
        rows.setSpacing(10)
        rows.addStretch(2)
        rows.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        rows.addLayout(_in_the_middle(words))
        rows.addSpacing(6)
        rows.addLayout(_in_the_middle(self.buttons))
        rows.addStretch(3)

    def say(self, title: str, text: str) -> None:
        self.title.setText(title)
        self.text.setText(text)


def _in_the_middle(layout: QLayout) -> QHBoxLayout:
    """Between stretches: a label that wraps has no height of its own when it is aligned."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addLayout(layout)
    row.addStretch(1)
    return row
