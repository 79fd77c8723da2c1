"""A field to type into over a list that shortens while one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gui.theme import theme, ui_font
from gui.widgets.labels import HintLabel
from gui.widgets.offer_row import ASIDE, STARRED, OfferRow
from gui.widgets.text_field import SearchField

ROW, MOST_ROWS = 28, 9


@dataclass(frozen=True)
class Line:
    """One line of the list.

    value: what is handed on where it is chosen. sentence: what stands under the list about it.
    aside: a quiet word at the right.
    """

    value: Any
    label: str
    sentence: str = ""
    aside: str = ""
    icon: QIcon | None = None
    starred: bool = False


Find = Callable[[str], Sequence[Line]]
"""What fits what is typed, best first."""


class SearchList(QWidget):
    """Arrows choose, Enter takes what is chosen, Escape leaves; the keyboard stays in the field.

    find: what to list. nothing: what to say where nothing fits.

    Emits
        accepted (object): the value of the line that was taken.
        left: the user wants none, or goes on elsewhere.
        resized: the list has become shorter or longer.
    """

    accepted = Signal(object)
    left = Signal()
    resized = Signal()

    def __init__(
        self, find: Find, width: int, prompt: str, nothing: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._find, self._nothing = find, nothing
        self.setFixedWidth(width)
        self.field = SearchField(prompt, "Enter", self)
        self.field.textChanged.connect(lambda _text: self.refill())
        self.field.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setItemDelegate(OfferRow(self.list))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setIconSize(QSize(12, 12))
        self.list.setFont(ui_font(13))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.itemClicked.connect(lambda _item: self.accept())
        self.list.currentRowChanged.connect(self._describe)
        self.hint = HintLabel("", self)
        self.hint.setWordWrap(True)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.field, self.list, self.hint):
            column.addWidget(part)
        theme.changed.connect(self._style)
        self._style()

    def refill(self, chosen: object = None) -> None:
        """List what fits what is typed. chosen: the value of the line that is chosen at first."""
        lines = self._find(self.field.text())
        self.list.clear()
        for line in lines:
            item = QListWidgetItem(line.icon or QIcon(), line.label)
            item.setSizeHint(QSize(self.width() - 8, ROW))
            item.setData(Qt.ItemDataRole.UserRole, line)
            item.setData(STARRED, line.starred)
            item.setData(ASIDE, line.aside)
            self.list.addItem(item)
        self.list.setVisible(bool(lines))
        self.list.setFixedHeight(min(len(lines), MOST_ROWS) * ROW + 2)
        values = [line.value for line in lines]
        row = values.index(chosen) if chosen in values else 0
        self.list.setCurrentRow(row)
        self._describe(row)

    def _describe(self, row: int) -> None:
        item = self.list.item(row)
        line: Line | None = item.data(Qt.ItemDataRole.UserRole) if item else None
        self.hint.setText(line.sentence if line else self._nothing)
        self.hint.setVisible(bool(self.hint.text()))
        self.hint.setFixedHeight(self.hint.heightForWidth(self.width()))
        self._column.activate()
        self.updateGeometry()
        self.resized.emit()

    def accept(self) -> None:
        """Take the line that is chosen."""
        item = self.list.currentItem()
        if item is not None:
            self.accepted.emit(item.data(Qt.ItemDataRole.UserRole).value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # letters are letters here, whatever the window would do at them
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(Qt.Key(event.key()))
        # While another window is in front the list waits.
        if (
            isinstance(event, QFocusEvent)
            and event.lostFocus()
            and event.reason() != Qt.FocusReason.ActiveWindowFocusReason
        ):
            self.left.emit()
        return False

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
            self.left.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        elif key in steps and self.list.count():
            row = self.list.currentRow() + steps[key]
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
        else:
            return False
        return True

    def _style(self) -> None:
        tokens = theme.tokens
        self.setStyleSheet(
            "QListWidget { background: transparent; }"
            f"QListWidget::item {{ color: {tokens.text}; border-radius: 5px; padding-left: 4px; }}"
            f"QListWidget::item:selected {{ background: {tokens.tint}; color: {tokens.text}; }}"
        )
