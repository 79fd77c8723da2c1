"""A row of words of which one is chosen: all of them one click away."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui.widgets.buttons import QuietButton


class SegmentButton(QuietButton):
    """One word: shows whether its action is checked, and triggers it."""

    def __init__(self, action: QAction, parent: QWidget) -> None:
        super().__init__(action.text().replace("&", ""), parent=parent)
        self.setCheckable(True)
        self.setChecked(action.isChecked())
        self.setToolTip(action.toolTip())
        self._action = action
        self.clicked.connect(self._choose)
        action.toggled.connect(self.setChecked)

    def _choose(self) -> None:
        self._action.trigger()
        # A click must not uncheck the word that is chosen.
        self.setChecked(self._action.isChecked())


class Segments(QFrame):
    """Chooses one of some checkable actions, which belong to one group."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self.buttons = [SegmentButton(action, self) for action in actions]
        for button in self.buttons:
            row.addWidget(button)
