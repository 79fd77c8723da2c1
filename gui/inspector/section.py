"""A part of the inspector: small capitals, and rows under them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets import HairLine, SectionLabel, ValueRow

GAP = 12
"""Between parts."""


class Section(QWidget):
    """A titled group. `ruled` puts a hairline over it. Put the content into `rows`."""

    def __init__(
        self, title: str = "", parent: QWidget | None = None, *, ruled: bool = False
    ) -> None:
        super().__init__(parent)
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(0, GAP, 0, 0)
        self.rows.setSpacing(6)
        if ruled:
            self.rows.addWidget(HairLine(self))
            self.rows.addSpacing(GAP - 6)
        self.title = SectionLabel(title, self)
        self.title.setVisible(bool(title))
        self.rows.addWidget(self.title)


class Facts(QWidget):
    """Labels at the left, monospaced values at the right; the rows are kept between updates."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._rows: list[ValueRow] = []

    def show_facts(self, facts: Sequence[tuple[str, str]], accented: int = -1) -> None:
        """Show pairs of label and value; one of them in the accent colour."""
        while len(self._rows) < len(facts):
            row = ValueRow("", "", self)
            self._rows.append(row)
            self._layout.addWidget(row)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(facts))
            if number < len(facts):
                label, value = facts[number]
                if row.label.text() != label:
                    row.label.setText(label)
                row.set_value(value)
                row.value.set_token("accent" if number == accented else "text")

    def texts(self) -> list[tuple[str, str]]:
        """What is on show."""
        return [(r.label.text(), r.value.text()) for r in self._rows if not r.isHidden()]
