"""The menus, made from the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMenuBar

from gui.action_spec import CATEGORIES, ActionSpec
from gui.actions import Actions, menu_titles

# Where a rule stands: after these actions.
RULES = {
    "file.new_window",
    "file.open",
    "file.save_as",
    "file.picture",
    "edit.redo",
    "edit.duplicate",
    "view.export",
    "view.fit_selection",
    "view.history",
    "view.previous_part",
    "view.theme_light",
    "network.find",
    "train.train",
    "train.reset",
    "help.change_keys",
}

Entries = Callable[[], Iterable[tuple[str, str, Callable[[], object]]]]
"""What a menu that changes holds now: text, sentence, and what it does."""


class Menus(QMenuBar):
    """The menu bar. `fill` gives a menu entries of the moment under one of its actions."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        # The bar is part of the window's own top row, on every desktop.
        self.setNativeMenuBar(False)
        titles = menu_titles()
        self._menus: dict[str, QMenu] = {}
        for category in CATEGORIES:
            title = titles[category]
            menu = self.addMenu(title.replace("&", ""))
            # Qt would underline the letter at all times, not only while Alt is held.
            key = QShortcut(QKeySequence(f"Alt+{title[title.index('&') + 1]}"), self)
            key.activated.connect(lambda menu=menu: self._open(menu))
            menu.setToolTipsVisible(True)
            self._menus[category] = menu
            for spec, action in actions:
                if spec.category == category:
                    self._place(menu, spec).addAction(action)
                    if spec.id in RULES:
                        menu.addSeparator()
        self._actions = actions

    def _place(self, menu: QMenu, spec: ActionSpec) -> QMenu:
        """The menu that an action stands in: the one of its category, or one inside that."""
        if not spec.submenu:
            return menu
        title = QCoreApplication.translate("Actions", spec.submenu)
        for action in menu.actions():
            inner = action.menu()
            if isinstance(inner, QMenu) and inner.title() == title:
                return inner
        inner = menu.addMenu(title)
        inner.setToolTipsVisible(True)
        return inner

    def _open(self, menu: QMenu) -> None:
        self.setFocus(Qt.FocusReason.MenuBarFocusReason)
        self.setActiveAction(menu.menuAction())

    def add_submenu(self, title: str, after: str, entries: Entries) -> QMenu:
        """A menu inside a menu, after the action `after`, asked for its entries when it opens."""
        parent = self._menus[after.partition(".")[0]]
        shown = parent.actions()
        place = shown.index(self._actions[after]) + 1
        menu = QMenu(title, parent)
        menu.setToolTipsVisible(True)
        if place < len(shown):
            parent.insertMenu(shown[place], menu)
        else:
            parent.addMenu(menu)
        menu.aboutToShow.connect(lambda: _fill(menu, entries))
        return menu


def _fill(menu: QMenu, entries: Entries) -> None:
    menu.clear()
    for text, sentence, handler in entries():
        action = menu.addAction(text)
        action.setToolTip(sentence)
        action.triggered.connect(lambda _checked=False, handler=handler: handler())
    if menu.isEmpty():
        nothing = menu.addAction(QCoreApplication.translate("Menus", "Nothing yet"))
        nothing.setEnabled(False)
