"""How fast training goes: three actions of which one holds, remembered from window to window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QActionGroup

from gui.actions import Actions
from gui.settings import Settings
from gui.window.training_bar import SPEEDS


class SpeedChoice(QObject):
    """Keeps the actions, the settings and the training alike."""

    def __init__(self, actions: Actions, settings: Settings) -> None:
        super().__init__(actions)
        self._settings = settings
        self._tell: Callable[[str], object] | None = None
        group = QActionGroup(self)
        for speed in SPEEDS:
            action = actions.bind(f"train.{speed}", partial(self._choose, speed))
            action.setChecked(speed == settings.speed)
            group.addAction(action)

    def drive(self, tell: Callable[[str], object]) -> None:
        """Tell whoever trains the speed, now and after every change."""
        self._tell = tell
        tell(self._settings.speed)

    def _choose(self, speed: str, _checked: bool = True) -> None:
        self._settings.speed = speed  # type: ignore[assignment]  # a button's, so one of the three
        if self._tell is not None:
            self._tell(speed)
