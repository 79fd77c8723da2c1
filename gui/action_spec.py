"""What an action of the window is: its name, sentence, keys and icon."""

from __future__ import annotations

from dataclasses import dataclass

CATEGORIES = ("file", "edit", "view", "network", "train", "help")
"""The menus, in order."""


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    id: `category.name`; stable, since shortcuts in the settings go by it.
    text: as in a menu, with `&` before the letter that picks it there.
    tooltip: one sentence of what it does.
    keys: shortcuts, the first of which is shown.
    canvas: its keys work on the canvas only, where a bare letter may be a key.
    submenu: the name of a menu inside the menu, for actions that belong together.
    """

    id: str
    text: str
    tooltip: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    canvas: bool = False
    submenu: str = ""

    @property
    def category(self) -> str:
        return self.id.partition(".")[0]


def translate(context: str, text: str) -> str:
    """Mark a text for lupdate, which finds it by this name; `Actions` translates it."""
    return text
