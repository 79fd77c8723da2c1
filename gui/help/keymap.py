"""Which keys the user has given to which action."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeySequence

from gui.action_spec import ActionSpec
from gui.settings import Settings


class KeyMap:
    """The keys of every action: the built-in ones, or those in the settings."""

    def __init__(self, settings: Settings, specs: Sequence[ActionSpec]) -> None:
        self._settings = settings
        self.specs = tuple(specs)

    def keys(self, spec: ActionSpec) -> list[str]:
        """The keys of an action, as they are written in the settings."""
        own = self._settings.shortcuts.get(spec.id)
        return [name for key in (spec.keys if own is None else own) if (name := written(key))]

    def is_changed(self, spec: ActionSpec) -> bool:
        """Whether an action has other keys than the built-in ones."""
        return self.keys(spec) != [written(key) for key in spec.keys]

    def owner(self, key: str) -> ActionSpec | None:
        """The action that a key leads to."""
        return next((spec for spec in self.specs if written(key) in self.keys(spec)), None)

    def give(self, spec: ActionSpec, key: str) -> None:
        """Let a key lead to an action beside its others, and no longer to any other action."""
        other = self.owner(key)
        if other is not None and other is not spec:
            self.take(other, key)
        if written(key) not in self.keys(spec):
            self._set(spec, [*self.keys(spec), written(key)])

    def take(self, spec: ActionSpec, key: str) -> None:
        """Let a key no longer lead to an action."""
        self._set(spec, [kept for kept in self.keys(spec) if kept != written(key)])

    def clear(self, spec: ActionSpec) -> None:
        """Leave an action without keys."""
        self._set(spec, [])

    def reset(self, spec: ActionSpec) -> None:
        """Give an action its built-in keys back, those also that have gone to others."""
        for key in spec.keys:
            other = self.owner(key)
            if other is not None and other is not spec:
                self.take(other, key)
        self._set(spec, [written(key) for key in spec.keys])

    def reset_all(self) -> None:
        """Give every action its built-in keys back."""
        self._settings.shortcuts = {}

    def _set(self, spec: ActionSpec, keys: list[str]) -> None:
        others = {i: k for i, k in self._settings.shortcuts.items() if i != spec.id}
        is_built_in = keys == [written(key) for key in spec.keys]
        self._settings.shortcuts = others if is_built_in else {**others, spec.id: keys}


def written(key: str) -> str:
    """A key as the settings write it, whatever the case; empty if it is none."""
    return QKeySequence(key).toString()
