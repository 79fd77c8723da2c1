"""What an empty canvas says: how to begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.theme import theme, ui_font
from gui.widgets import HintLabel, LinkButton, PlainButton, TitleLabel

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
        more_wanted: the user wants to see all templates.
    """

    chosen = Signal(str)
    more_wanted = Signal()

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
        self._lines: list[QWidget] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        column.addSpacing(4)
        column.addLayout(self._rows)
        self.more = LinkButton(self.tr("All templates…"), self)
        self.more.clicked.connect(self.more_wanted)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignHCenter)
        theme.changed.connect(self._write)
        self._write()
        self.set_templates(templates)

    def set_templates(self, templates: Sequence[TemplateCard]) -> None:
        """Offer these, in this order."""
        for line in self._lines:
            for button in line.findChildren(PlainButton):
                button.deleteLater()
            self._rows.removeWidget(line)
            line.deleteLater()
        self._lines = []
        for number, template in enumerate(templates):
            if number % IN_A_ROW == 0:
                line = QWidget(self)
                self._lines.append(line)
                row = QHBoxLayout(line)
                row.setContentsMargins(0, 0, 0, 0)
                row.setSpacing(8)
                self._rows.addWidget(line, 0, Qt.AlignmentFlag.AlignHCenter)
            button = PlainButton(template.title, parent=line)
            button.setToolTip(template.summary)
            button.clicked.connect(lambda _=False, chosen=template.id: self.chosen.emit(chosen))
            row.addWidget(button)
        self._hint.setVisible(bool(templates))
        self.place()

    def place(self) -> None:
        """Stand in the middle of the canvas, where it is shown."""
        if self.isHidden():
            return
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
