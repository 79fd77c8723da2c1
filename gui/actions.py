"""The actions of a window, made from the table, with the user's own keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.action_spec import ActionSpec
from gui.action_table import ACTIONS
from gui.theme import icon


class Actions(QObject):
    """The actions of one window, by id, with the user's own shortcuts.

    conflicts: sentences about shortcuts that two actions claim; the later one goes without.

    Emits
        keys_changed: other keys lead to the actions.
    """

    keys_changed = Signal()

    def __init__(
        self,
        shortcuts: Mapping[str, Sequence[str]] | None = None,
        parent: QObject | None = None,
        specs: Sequence[ActionSpec] = ACTIONS,
    ) -> None:
        super().__init__(parent)
        self.conflicts: list[str] = []
        self.specs = tuple(specs)
        self._actions = {spec.id: self._made(spec) for spec in specs}
        self._sentences: dict[str, str] = {}
        self._used: dict[str, list[str]] = {}
        self._assign(shortcuts or {})

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __iter__(self) -> Iterator[tuple[ActionSpec, QAction]]:
        return ((spec, self._actions[spec.id]) for spec in self.specs)

    def bind(self, action_id: str, handler: Callable[..., object]) -> QAction:
        """Let the action call `handler`, with its new state if it is checkable."""
        action = self._actions[action_id]
        if action.isCheckable():
            # Not `handler` itself: Qt gives a built-in function no argument.
            action.triggered.connect(lambda on=False: handler(on))
        else:
            action.triggered.connect(lambda _checked=False: handler())
        return action

    def enable(self, **enabled: bool) -> None:
        """Set whether actions can be used; names with `__` for the dot: edit__undo=False."""
        for name, on in enabled.items():
            self._actions[name.replace("__", ".")].setEnabled(on)

    def describe(self, action_id: str, sentence: str) -> None:
        """Give an action another tooltip, such as what would be undone; its key stays in it."""
        self._sentences[action_id] = sentence
        self._show_keys(self._actions[action_id])

    def _show_keys(self, action: QAction) -> None:
        sentence = self._sentences.get(action.objectName(), action.statusTip())
        keys = shortcut_text(action)
        action.setToolTip(f"{sentence}  {keys}" if keys else sentence)

    def use(self, shortcuts: Mapping[str, Sequence[str]]) -> None:
        """Let the user's keys lead to the actions, and the built-in ones to all others."""
        if self._used != {key: list(keys) for key, keys in shortcuts.items()}:
            self._assign(shortcuts)
            self.keys_changed.emit()

    def _assign(self, shortcuts: Mapping[str, Sequence[str]]) -> None:
        self._used = {key: list(keys) for key, keys in shortcuts.items()}
        self.conflicts.clear()
        taken: dict[str, str] = {}
        for spec, action in self:
            keys = []
            for key in shortcuts.get(spec.id, spec.keys):
                sequence = QKeySequence(key)
                name = sequence.toString()
                if other := taken.get(name):
                    self.conflicts.append(
                        self.tr(
                            "{key} stands for {first} and for {second}; it keeps to {first}."
                        ).format(key=name, first=other, second=plain_text(action.text()))
                    )
                elif not sequence.isEmpty():
                    taken[name] = plain_text(action.text())
                    keys.append(sequence)
            action.setShortcuts(keys)
            self._show_keys(action)

    def install(self, window: QWidget, canvas: QWidget) -> None:
        """Let the keys work: in the whole window, or on the canvas alone."""
        for spec, action in self:
            (canvas if spec.canvas else window).addAction(action)

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(
            QCoreApplication.translate("Actions", spec.text), self, checkable=spec.checkable
        )
        action.setObjectName(spec.id)
        if spec.icon:
            action.setIcon(icon(spec.icon, "second"))
        if spec.canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setStatusTip(QCoreApplication.translate("Actions", spec.tooltip))
        return action


def plain_text(text: str) -> str:
    """An action's text without the mark of its menu letter and without dots."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def shortcut_text(action: QAction) -> str:
    """The action's first key as the desktop writes it, or nothing."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def menu_titles() -> dict[str, str]:
    """The menus by category, with `&` before the letter that opens them with Alt."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("Menus", text)

    return {
        "file": tr("&File"),
        "edit": tr("&Edit"),
        "view": tr("&View"),
        "network": tr("&Network"),
        "train": tr("&Train"),
        "help": tr("&Help"),
    }


def category_titles() -> dict[str, str]:
    """What the categories of actions are called."""
    return {category: title.replace("&", "") for category, title in menu_titles().items()}
