"""Type to add: a few letters, Enter, and the node is there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gui.canvas.offer_row import ASIDE, STARRED, OfferRow
from gui.document.blocks import BlockOffer
from gui.document.catalog import Offer, catalog, other_name, search
from gui.document.habits import Habits
from gui.theme import category_color, theme, ui_font
from gui.widgets import HintLabel, SearchField, soft_shadow
from gui.widgets.swatch import swatch

WIDTH, ROW, MOST_ROWS = 304, 28, 9


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
        self.field = SearchField(self.tr("Add a node"), "Enter", self)
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.prompt = HintLabel("", self)
        self.list = QListWidget(self)
        self.list.setItemDelegate(OfferRow(self.list))
        self.list.setAccessibleName(self.tr("Nodes to add"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setIconSize(QSize(12, 12))
        self.list.setFont(ui_font(13))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.itemClicked.connect(lambda _item: self._accept())
        self.hint = HintLabel("", self)
        self.hint.setWordWrap(True)
        column.addWidget(self.prompt)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self.hint)
        self.setFixedWidth(WIDTH)
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
        self._fill()
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

    def _fill(self) -> None:
        typed, habits = self.field.text(), self._habits
        found = search(typed, self._offers, habits.recent, habits.uses)
        self.list.clear()
        for offer in found:
            item = QListWidgetItem(swatch(category_color(offer.category)), offer.label)
            item.setSizeHint(QSize(WIDTH - 24, ROW))
            item.setData(Qt.ItemDataRole.UserRole, offer)
            item.setData(STARRED, offer.key in habits.favourites)
            lately = not typed and offer.key in habits.recent
            item.setData(ASIDE, self.tr("recent") if lately else other_name(typed, offer))
            self.list.addItem(item)
        self.list.setVisible(bool(found))
        self.list.setFixedHeight(min(len(found), MOST_ROWS) * ROW + 2)
        self.list.setCurrentRow(0)
        self.list.currentRowChanged.connect(self._describe, Qt.ConnectionType.UniqueConnection)
        self._describe(0)

    def _describe(self, row: int) -> None:
        item = self.list.item(row)
        if item is None:
            self.hint.setText(self.tr("No node has such a name."))
        else:
            self.hint.setText(item.data(Qt.ItemDataRole.UserRole).entry.summary)
        self.hint.setFixedHeight(self.hint.heightForWidth(WIDTH - 16))
        self.adjustSize()

    def _accept(self) -> None:
        item, chosen = self.list.currentItem(), self._chosen
        if item is None or chosen is None:
            return
        offer: Offer = item.data(Qt.ItemDataRole.UserRole)
        self._habits.note_use(offer.key)
        self.leave()
        chosen(offer)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # letters are letters here, whatever the window would do at them
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(Qt.Key(event.key()))
        if isinstance(event, QFocusEvent) and event.lostFocus():
            self._focus_lost(event.reason())
        return False

    def _focus_lost(self, reason: Qt.FocusReason) -> None:
        # While another window is in front the list waits.
        if reason != Qt.FocusReason.ActiveWindowFocusReason:
            self.leave()

    def _key(self, key: Qt.Key) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Backtab: -1,
            Qt.Key.Key_PageDown: MOST_ROWS - 1,
            Qt.Key.Key_PageUp: 1 - MOST_ROWS,
        }
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._accept()
        elif key in steps and self.list.count():
            row = self.list.currentRow() + steps[key]
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
        else:
            return False
        return True

    def _style(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(
            f"#addPopup {{ background: {tokens.node}; border: 1px solid {tokens.border};"
            " border-radius: 8px; }"
            "QListWidget { background: transparent; }"
            f"QListWidget::item {{ color: {tokens.text}; border-radius: 5px; padding-left: 4px; }}"
            f"QListWidget::item:selected {{ background: {tokens.tint}; color: {tokens.text}; }}"
        )
