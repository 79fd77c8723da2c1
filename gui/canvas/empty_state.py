"""What an empty canvas says: how to begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from gui.theme import theme, ui_font
from gui.widgets import HintLabel, PlainButton, TitleLabel

IN_A_ROW = 4


@dataclass(frozen=True)
class TemplateCard:
    """A project to begin with: its id, its title, and a sentence about it."""

    id: str
    title: str
    summary: str = ""


class EmptyState(QWidget):
    """Shown in the middle of an empty canvas.

    Emits
        chosen(str): the id of the template that was clicked.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget, templates: Sequence[TemplateCard] = ()) -> None:
        super().__init__(parent)
        self._host = parent
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._title = TitleLabel(self.tr("Draw a network"), self)
        self._keys = QLabel(self)
        self._keys.setFont(ui_font(13))
        self._hint = HintLabel(self.tr("Or start from a template:"), self)
        for label in (self._title, self._keys, self._hint):
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        self._buttons = QGridLayout()
        self._buttons.setSpacing(8)
        column.addSpacing(4)
        column.addLayout(self._buttons)
        theme.changed.connect(self._write)
        self._write()
        self.set_templates(templates)

    def set_templates(self, templates: Sequence[TemplateCard]) -> None:
        """Offer these, in this order."""
        while item := self._buttons.takeAt(0):
            button = item.widget()
            if button is not None:
                button.deleteLater()
        for number, template in enumerate(templates):
            button = PlainButton(template.title, parent=self)
            button.setToolTip(template.summary)
            button.clicked.connect(lambda _=False, chosen=template.id: self.chosen.emit(chosen))
            self._buttons.addWidget(button, number // IN_A_ROW, number % IN_A_ROW)
        self._hint.setVisible(bool(templates))
        self.place()

    def place(self) -> None:
        """Stand in the middle of the canvas."""
        self.resize(self.sizeHint())
        self.move(self._host.rect().center() - self.rect().center())

    def event(self, event: QEvent) -> bool:
        # Buttons count for the layout only once they are shown, which is later.
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self.place()
        return bool(super().event(event))

    def _write(self) -> None:
        tokens = theme.tokens
        key = f'<span style="color:{tokens.text}; font-weight:600">Tab</span>'
        words = self.tr("Press {} to add a node, drag one from the list, or drop a CSV here.")
        self._keys.setText(f'<span style="color:{tokens.second}">{words.format(key)}</span>')
