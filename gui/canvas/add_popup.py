"""Type to add: a few letters, Enter, and the node is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gui.document.blocks import BlockOffer
from gui.document.catalog import Offer, catalog, other_name, search
from gui.document.habits import Habits
from gui.theme import category_color, theme
from gui.widgets import HintLabel, soft_shadow
from gui.widgets.search_list import Line, SearchList
from gui.widgets.swatch import swatch

WIDTH = 288


class AddPopup(QFrame):
    """A list of nodes that shortens while one types. Arrows choose, Enter adds, Escape closes."""

    def __init__(self, parent: QWidget, focus_back: QWidget, habits: Habits) -> None:
        super().__init__(parent)
        self._host = parent
        self._habits = habits
        self._focus_back = focus_back
        self.setObjectName("addPopup")
        self._offers: list[Offer] = []
        self._chosen: Callable[[Offer], None] | None = None
        self._closed: Callable[[], None] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        self.prompt = HintLabel("", self)
        self.search = SearchList(
            self._found, WIDTH, self.tr("Add a node"), self.tr("No node has such a name."), self
        )
        self.field, self.list = self.search.field, self.search.list
        self.list.setAccessibleName(self.tr("Nodes to add"))
        self.search.accepted.connect(self._accept)
        self.search.left.connect(self.leave)
        self.search.resized.connect(self.adjustSize)
        column.addWidget(self.prompt)
        column.addWidget(self.search)
        soft_shadow(self)
        theme.changed.connect(self._style)
        self._style()
        self.hide()

    def open(
        self,
        place: QPoint,
        chosen: Callable[[Offer], None],
        fits: Callable[[Offer], bool] = lambda offer: True,
        prompt: str = "",
        closed: Callable[[], None] | None = None,
        *,
        blocks: bool = False,
        beside: QRect | None = None,
    ) -> None:
        """Show what fits, with the field at a place on the canvas.

        chosen: called with the choice. prompt: where it will go, above the field.
        closed: called when the popup goes, either way. blocks: the user's own ones too.
        beside: what it leaves in sight, if there is room.
        """
        self.leave()
        self.prompt.setText(prompt)
        self.prompt.setVisible(bool(prompt))
        self._offers = [o for o in self._offered(blocks) if isinstance(o, BlockOffer) or fits(o)]
        self._chosen, self._closed = chosen, closed
        self.field.clear()
        self.search.refill()
        self.move(self._free(place, beside))
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _free(self, place: QPoint, beside: QRect | None) -> QPoint:
        """The place wanted, moved into the canvas, and off what it would lie on."""
        room = self._host.rect().adjusted(8, 8, -8, -8)
        wide, tall = self.width(), self.height()
        x, y = min(place.x(), room.right() - wide), min(place.y(), room.bottom() - tall)
        at = QPoint(max(room.left(), x), max(room.top(), y))
        if beside is None or not beside.intersects(QRect(at, self.size())):
            return at
        below, above = (
            QPoint(at.x(), beside.bottom() + 12),
            QPoint(at.x(), beside.top() - tall - 12),
        )
        left = QPoint(beside.left() - wide - 12, at.y())
        others = (QRect(corner, self.size()) for corner in (below, above, left))
        return next((other.topLeft() for other in others if room.contains(other)), at)

    def _offered(self, blocks: bool) -> list[Offer]:
        return self._habits.offers() if blocks else catalog()

    def leave(self) -> None:
        """Close without adding anything."""
        if self.isHidden():
            return
        closed, self._closed, self._chosen = self._closed, None, None
        focused = self.field.hasFocus()
        self.hide()
        if focused:
            self._focus_back.setFocus(Qt.FocusReason.PopupFocusReason)
        if closed is not None:
            closed()

    def _found(self, typed: str) -> list[Line]:
        habits = self._habits
        lines = []
        for offer in search(typed, self._offers, habits.recent, habits.uses):
            lately = not typed and offer.key in habits.recent
            lines.append(
                Line(
                    offer,
                    offer.label,
                    offer.entry.summary,
                    self.tr("recent") if lately else other_name(typed, offer),
                    swatch(category_color(offer.category)),
                    offer.key in habits.favourites,
                )
            )
        return lines

    def _accept(self, offer: Offer) -> None:
        chosen = self._chosen
        if chosen is None:
            return
        self._habits.note_use(offer.key)
        self.leave()
        chosen(offer)

    def _style(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(
            f"#addPopup {{ background: {tokens.node}; border: 1px solid {tokens.border};"
            " border-radius: 8px; }"
        )
