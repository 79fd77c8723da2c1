"""One of many kinds, found by typing its name or another name for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from gui.widgets import naming
from gui.widgets.card import CardPopup
from gui.widgets.choice_field import ChoiceField
from gui.widgets.search_list import Line, SearchList

FEW = 8
"""So many are seen at a glance, without searching."""

WIDTH, MARGIN = 288, 8


@dataclass(frozen=True)
class Kind:
    """What can be chosen, and what people call it."""

    key: str
    label: str
    synonyms: tuple[str, ...] = ()
    summary: str = ""


class KindField(ChoiceField):
    """A choice field whose list, if it is long, is searched by typing.

    Typing opens it too; Enter takes the first that fits, Escape leaves all as it was.
    """

    def __init__(self, kinds: Sequence[Kind], parent: QWidget | None = None) -> None:
        super().__init__({kind.key: kind.label for kind in kinds}, parent=parent)
        self._kinds = kinds

    def showPopup(self) -> None:
        if len(self._kinds) > FEW:
            self.search("")
        else:
            super().showPopup()

    def search(self, typed: str) -> None:
        """Open the list with what fits what is typed."""
        kinds = KindList(self._kinds, self.currentData(), self.window())
        kinds.list.setAccessibleName(self.accessibleName())
        kinds.chosen.connect(self._choose)
        kinds.open_under(self, typed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        typed = event.text() if event.text().isprintable() and not held else ""
        if typed.strip() and len(self._kinds) > FEW:
            self.search(typed)
        else:
            super().keyPressEvent(event)

    def _choose(self, key: str) -> None:
        self.set_value(key)
        self.committed.emit(key)


class KindList(CardPopup):
    """All kinds, or those that fit what is typed.

    chosen_now: the key of the kind that stands in the field.

    Emits
        chosen (str): the key of the kind that was taken.
    """

    chosen = Signal(str)

    def __init__(
        self, kinds: Sequence[Kind], chosen_now: str | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._kinds, self._chosen_now = kinds, chosen_now
        prompt, nothing = self.tr("Type to find"), self.tr("Nothing has such a name.")
        self.search = SearchList(self._found, WIDTH, prompt, nothing, self.card)
        self.field, self.list = self.search.field, self.search.list
        self.search.accepted.connect(self._accept)
        self.search.left.connect(self.close)
        self.search.resized.connect(self._fit)
        self.content.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self.content.addWidget(self.search)

    def open_under(self, field: QWidget, typed: str = "") -> None:
        """Show the list under a field, with its right edge at that of the field."""
        self.field.setText(typed)
        self.search.refill(None if typed else self._chosen_now)
        self.open_at(
            field.mapToGlobal(QPoint(field.width() - self.card.width(), field.height() + 4))
        )
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.list.scrollToItem(self.list.currentItem())

    def _found(self, typed: str) -> list[Line]:
        scored = []
        for place, kind in enumerate(self._kinds):
            score = naming.score(typed, kind.label, (*kind.synonyms, kind.key))
            if score is not None:
                scored.append((score, place, kind))
        return [
            Line(
                kind.key,
                kind.label,
                kind.summary,
                naming.other_name(typed, kind.label, kind.synonyms),
            )
            for _, _, kind in sorted(scored, key=lambda each: each[:2])
        ]

    def _accept(self, key: str) -> None:
        self.close()
        self.chosen.emit(key)

    def _fit(self) -> None:
        """Be as tall as the list, at once."""
        self.content.activate()
        self.card.updateGeometry()
        self.adjustSize()
