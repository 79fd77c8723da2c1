"""The actions of a window, made from the table, with the user's own keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.action_spec import ActionSpec
from gui.action_table import ACTIONS
from gui.theme import icon


class Actions(QObject):
    """The actions of one window, by id, with the user's own shortcuts.

    conflicts: sentences about shortcuts that two actions claim; the later one goes without.
    """

    def __init__(
        self,
        shortcuts: Mapping[str, Sequence[str]] | None = None,
        parent: QObject | None = None,
        specs: Sequence[ActionSpec] = ACTIONS,
    ) -> None:
        super().__init__(parent)
        self.conflicts: list[str] = []
        self.specs = tuple(specs)
        self._actions: dict[str, QAction] = {}
        taken: dict[str, str] = {}
        for spec in specs:
            self._actions[spec.id] = self._made(spec, dict(shortcuts or {}), taken)

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
        action = self._actions[action_id]
        keys = shortcut_text(action)
        action.setToolTip(f"{sentence}  {keys}" if keys else sentence)

    def install(self, window: QWidget, canvas: QWidget) -> None:
        """Let the keys work: in the whole window, or on the canvas alone."""
        for spec, action in self:
            (canvas if spec.canvas else window).addAction(action)

    def _made(
        self, spec: ActionSpec, shortcuts: dict[str, Sequence[str]], taken: dict[str, str]
    ) -> QAction:
        text = QCoreApplication.translate("Actions", spec.text)
        tooltip = QCoreApplication.translate("Actions", spec.tooltip)
        action = QAction(text, self, checkable=spec.checkable)
        action.setObjectName(spec.id)
        if spec.icon:
            action.setIcon(icon(spec.icon, "second"))
        keys = []
        for key in shortcuts.get(spec.id, spec.keys):
            sequence = QKeySequence(key)
            name = sequence.toString()
            if other := taken.get(name):
                self.conflicts.append(
                    self.tr(
                        "{key} stands for {first} and for {second}; it keeps to {first}."
                    ).format(key=name, first=other, second=plain_text(text))
                )
            elif not sequence.isEmpty():
                taken[name] = plain_text(text)
                keys.append(sequence)
        action.setShortcuts(keys)
        if spec.canvas:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shown = f"  {shortcut_text(action)}" if keys else ""
        action.setToolTip(tooltip + shown)
        action.setStatusTip(tooltip)
        return action


def plain_text(text: str) -> str:
    """An action's text without the mark of its menu letter and without dots."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def shortcut_text(action: QAction) -> str:
    """The action's first key as the desktop writes it, or nothing."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
