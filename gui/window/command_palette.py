"""Every command, found by typing (Ctrl+Shift+P)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.theme import mono_font, theme, ui_font
from gui.widgets import CardPopup, HintLabel, SearchField
from gui.widgets.fuzzy import fuzzy_score

SHOWN = 200
RECENT_BONUS = 3.0
"""How much better a recent command matches than another."""


@dataclass(frozen=True)
class Command:
    """One line of the palette.

    id: by which it is remembered that it was used.
    group: what stands muted before it, such as the menu.
    """

    id: str

    group: str
    title: str
    sentence: str
    run: Callable[[], object]
    key: str = ""
    words: str = ""


class CommandPalette(CardPopup):
    """A search field over a list. Enter runs the chosen command, Escape leaves.

    recent: ids of the commands that were used last, which come first.

    Emits
        ran (str): the id of the command that was chosen.
    """

    ran = Signal(str)
    WIDTH, HEIGHT = 560, 400

    def __init__(
        self, parent: QWidget, commands: Sequence[Command], recent: Sequence[str] = ()
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        known = {command.id: command for command in commands}
        first = {key: known[key] for key in recent if key in known}
        self._recent = frozenset(first)
        self._commands = (*first.values(), *(c for c in commands if c.id not in first))
        self._search = SearchField(self.tr("What do you want to do?"))
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Commands"))
        self._list.setItemDelegate(_CommandLines(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._sentence = HintLabel()
        self.content.setContentsMargins(8, 8, 8, 8)
        self.content.addWidget(self._search)
        self.content.addWidget(self._list, 1)
        self.content.addWidget(self._sentence)
        self._sentence.setContentsMargins(10, 0, 0, 0)
        self.setFixedSize(self.WIDTH + 2 * self.SHADOW, self.HEIGHT + 2 * self.SHADOW)
        self._search.installEventFilter(self)
        self._search.textChanged.connect(self._fill)
        self._list.itemClicked.connect(lambda _item: self._run())
        self._list.itemEntered.connect(self._list.setCurrentItem)
        self._list.currentRowChanged.connect(self._tell)
        self._fill("")

    def open_over(self, window: QWidget) -> None:
        """Show in the upper middle of a window."""
        self.open_at(window.mapToGlobal(QPoint((window.width() - self.WIDTH) // 2, 84)))
        self._search.setFocus()

    def titles(self) -> list[str]:
        """What the list shows, from the best."""
        return [self._command(row).title for row in range(self._list.count())]

    def _fill(self, query: str) -> None:
        scored = []
        for place, command in enumerate(self._commands):
            scores = [
                fuzzy_score(query, f"{command.group} {command.title}"),
                fuzzy_score(query, command.title),
                fuzzy_score(query, command.words) if command.words else None,
            ]
            found = [score for score in scores if score is not None]
            if found:
                bonus = RECENT_BONUS if query.strip() and command.id in self._recent else 0.0
                scored.append((-max(found) - bonus, place, command))
        self._list.clear()
        for _score, _place, command in sorted(scored, key=lambda entry: entry[:2])[:SHOWN]:
            item = QListWidgetItem(f"{command.group}: {command.title}")
            item.setData(Qt.ItemDataRole.UserRole, command)
            self._list.addItem(item)
        if self._list.count():
            self._list.setCurrentRow(0)
        else:
            self._sentence.setText(
                self.tr("No command is called {text!r}.").format(text=query.strip())
            )

    def _command(self, row: int) -> Command:
        command: Command = self._list.item(row).data(Qt.ItemDataRole.UserRole)
        return command

    def _tell(self, row: int) -> None:
        self._sentence.setText(self._command(row).sentence if row >= 0 else "")

    def _run(self) -> None:
        row = self._list.currentRow()
        if row < 0:
            return
        command = self._command(row)
        self.close()
        self.ran.emit(command.id)
        command.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            moves = {
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_PageDown: 10,
                Qt.Key.Key_PageUp: -10,
            }
            if move := moves.get(Qt.Key(event.key())):
                last = self._list.count() - 1
                self._list.setCurrentRow(max(0, min(last, self._list.currentRow() + move)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)


class _CommandLines(QStyledItemDelegate):
    """Paints group, title and key in columns."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, 28)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        tokens = theme.tokens
        command: Command = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.tint))
            painter.drawRoundedRect(rect, 6, 6)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(ui_font(12))
        painter.setPen(QColor(tokens.muted))
        painter.drawText(rect.adjusted(10, 0, 0, 0), middle, command.group)
        painter.setFont(ui_font(13))
        painter.setPen(QColor(tokens.text))
        painter.drawText(rect.adjusted(92, 0, -120, 0), middle, command.title)
        painter.setFont(mono_font(11))
        painter.setPen(QColor(tokens.muted))
        painter.drawText(
            rect.adjusted(0, 0, -10, 0), middle | Qt.AlignmentFlag.AlignRight, command.key
        )
        painter.restore()
