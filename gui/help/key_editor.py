"""The dialog in which every action gets the keys that the user wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui.action_spec import CATEGORIES, ActionSpec
from gui.actions import plain_text
from gui.help.gestures import clashes
from gui.help.key_field import KeyField
from gui.help.keymap import KeyMap
from gui.theme import mono_font, theme, ui_font
from gui.widgets import HintLabel, PlainButton, QuietButton, SearchField, TintButton, TitleLabel
from gui.widgets.fuzzy import fuzzy_score

SPEC = Qt.ItemDataRole.UserRole


class KeyEditor(QDialog):
    """Search, choose an action, press its new keys; a conflict names the action that loses them.

    Emits
        changed: other keys are wanted, which the settings hold already.
    """

    changed = Signal()

    def __init__(self, parent: QWidget, keymap: KeyMap, titles: dict[str, str]) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Change keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._keymap, self._titles = keymap, titles
        self._wanted = ""
        self._heads: list[QTreeWidgetItem] = []
        self._items: list[QTreeWidgetItem] = []
        self._search = SearchField(self.tr("Find an action, or a key such as Ctrl+D"))
        self._tree = _tree(self.tr("Actions and their keys"))
        self._field = KeyField()
        self._field.setFixedWidth(220)
        self._said = HintLabel()
        self._said.setWordWrap(True)
        self._take = TintButton(self.tr("Take it"))
        self._change = PlainButton(self.tr("Add keys"))
        self._clear = QuietButton(self.tr("Without keys"))
        self._reset = QuietButton(self.tr("Built-in keys"))
        self._reset_all = QuietButton(self.tr("Reset all"))
        close = PlainButton(self.tr("Close"))
        self._lay_out(close)
        self._fill()
        self._show_chosen()
        self._search.textChanged.connect(self._narrow)
        self._tree.currentItemChanged.connect(lambda *_: self._show_chosen())
        self._tree.itemActivated.connect(lambda *_: self.ask())
        self._field.pressed.connect(self._pressed)
        self._field.left.connect(self._stop_asking)
        self._take.clicked.connect(lambda: self._give(self._wanted))
        self._change.clicked.connect(self.ask)
        self._clear.clicked.connect(lambda: self._do(self._keymap.clear))
        self._reset.clicked.connect(lambda: self._do(self._keymap.reset))
        self._reset_all.clicked.connect(self._reset_every)
        close.clicked.connect(self.accept)
        self.resize(720, 640)
        self._search.setFocus()

    def _lay_out(self, close: QWidget) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(TitleLabel(self.tr("Change keys")))
        column.addWidget(self._search)
        column.addWidget(self._tree, 1)
        asking = QHBoxLayout()
        asking.setSpacing(8)
        asking.addWidget(self._field)
        asking.addWidget(self._said, 1)
        asking.addWidget(self._take)
        column.addLayout(asking)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._change, self._clear, self._reset):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._reset_all)
        buttons.addWidget(close)
        column.addLayout(buttons)

    # What is listed

    def _fill(self) -> None:
        for category in CATEGORIES:
            head = self._head(self._titles[category])
            for spec in self._keymap.specs:
                if spec.category == category:
                    item = self._item(head, _title(spec), "")
                    item.setData(0, SPEC, spec)
                    item.setToolTip(0, QCoreApplication.translate("Actions", spec.tooltip))
                    item.setFont(1, mono_font(11))
        head = self._head(self.tr("Where programs differ"))
        for keys, choice in clashes(self):
            item = self._item(head, choice, keys)
            item.setToolTip(0, choice)
            item.setForeground(1, QBrush(QColor(theme.tokens.second)))
        self._tree.expandAll()
        self._show_keys()

    def _head(self, title: str) -> QTreeWidgetItem:
        head = QTreeWidgetItem(self._tree, [title])
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        head.setFont(0, ui_font(11, 600))
        head.setForeground(0, QBrush(QColor(theme.tokens.muted)))
        self._heads.append(head)
        return head

    def _item(self, head: QTreeWidgetItem, title: str, keys: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(head, [title, keys])
        self._items.append(item)
        return item

    def _rows(self) -> Iterator[tuple[QTreeWidgetItem, ActionSpec | None]]:
        for item in self._items:
            yield item, item.data(0, SPEC)

    def _show_keys(self) -> None:
        tokens = theme.tokens
        for item, spec in self._rows():
            if spec is not None:
                changed = self._keymap.is_changed(spec)
                item.setText(1, "  ".join(map(_native, self._keymap.keys(spec))))
                item.setForeground(1, QBrush(QColor(tokens.accent if changed else tokens.second)))
                item.setText(2, self.tr("changed") if changed else "")
        self._reset_all.setEnabled(
            any(spec is not None and self._keymap.is_changed(spec) for _, spec in self._rows())
        )

    def _narrow(self, query: str) -> None:
        for item, _ in self._rows():
            texts = (item.text(0), item.text(1))
            item.setHidden(all(fuzzy_score(query, text) is None for text in texts))
        for head in self._heads:
            head.setHidden(all(i.isHidden() for i in self._items if i.parent() is head))
        shown = (item for item, spec in self._rows() if spec and not item.isHidden())
        if query and (first := next(shown, None)) is not None:
            self._tree.setCurrentItem(first)

    # Changing

    @property
    def chosen(self) -> ActionSpec | None:
        """The action that would get new keys."""
        item = self._tree.currentItem()
        return item.data(0, SPEC) if item is not None else None

    def _show_chosen(self) -> None:
        spec = self.chosen
        for button in (self._change, self._clear):
            button.setEnabled(spec is not None)
        self._reset.setEnabled(spec is not None and self._keymap.is_changed(spec))
        self._stop_asking()

    def ask(self) -> None:
        """Wait for the keys that the chosen action is to get."""
        if self.chosen is not None:
            self._say(self.tr("for {}; Escape leaves it as it is").format(_title(self.chosen)))
            self._field.clear()
            self._field.show()
            self._field.setFocus()

    def _stop_asking(self) -> None:
        if self._field.hasFocus():
            self._tree.setFocus()
        self._field.hide()
        self._say("")

    def _say(self, sentence: str, wanted: str = "") -> None:
        self._wanted = wanted
        self._said.setText(sentence)
        self._take.setVisible(bool(wanted))

    def _pressed(self, key: str) -> None:
        owner = self._keymap.owner(key)
        if owner is not None and owner is not self.chosen:
            self._field.setText(_native(key))
            self._say(
                self.tr("{key} stands for {action}, which would lose it.").format(
                    key=_native(key), action=_title(owner)
                ),
                key,
            )
            return
        self._give(key)

    def _give(self, key: str) -> None:
        self._do(lambda spec: self._keymap.give(spec, key))

    def _do(self, change: Callable[[ActionSpec], None]) -> None:
        if self.chosen is not None:
            change(self.chosen)
            self._changed()

    def _reset_every(self) -> None:
        self._keymap.reset_all()
        self._changed()

    def _changed(self) -> None:
        self._show_keys()
        self._show_chosen()
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._search.hasFocus():
            self.ask()
        elif event.key() == Qt.Key.Key_Down and self._search.hasFocus():
            self._tree.setFocus()
        else:
            super().keyPressEvent(event)


def _tree(name: str) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setAccessibleName(name)
    tree.setColumnCount(3)
    tree.setHeaderHidden(True)
    tree.setIndentation(12)
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    # The cells of a row are one bar.
    tree.setStyleSheet("QTreeView::item { border-radius: 0; }")
    tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    tree.header().setStretchLastSection(False)
    tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in (1, 2):
        tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    return tree


def _title(spec: ActionSpec) -> str:
    return plain_text(QCoreApplication.translate("Actions", spec.text))


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
