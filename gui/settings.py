"""What the program remembers about its user: one typed JSON file in the folder for settings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import msgspec

RECENT = 10
"""How many files the list of recent files holds, and how many commands count as recent."""


Average = Literal["macro", "micro", "weighted"]


class Settings(msgspec.Struct, omit_defaults=True):
    """All settings, with their defaults.

    theme: dark, light, or what the desktop says.
    shortcuts: action id to key sequences, where the user wants others than the built-in ones.
    recent: paths of projects, the newest first.
    geometry: where the window stood, as Qt writes it, in base64.
    panels: sizes of the parts of the window, by the name of their divider.
    hidden: parts of the window that are folded away.
    speed: how fast training goes, so that one can watch it.
    favourites, recent_nodes, uses: what the user starred, added lately, and how often each
        was added, by what tells nodes apart in the palette.
    recent_commands: what was chosen in the command palette, the latest first.
    folded_sections: sections of the palette that show nothing but their name.
    legend: whether the canvas says what the colours of wires mean.
    shake: whether shaking a node takes it out of its wires.
    average: how the scores of classes become one number.
    top: among how many guesses a class counts as found; 0 leaves it to the number of classes.
    """

    theme: Literal["system", "dark", "light"] = "system"
    shortcuts: dict[str, list[str]] = {}
    recent: list[str] = []
    geometry: str = ""
    panels: dict[str, list[int]] = {}
    hidden: list[str] = []
    speed: Literal["slow", "watch", "full"] = "watch"
    favourites: list[str] = []
    recent_nodes: list[str] = []
    uses: dict[str, int] = {}
    recent_commands: list[str] = []
    folded_sections: list[str] = []
    legend: bool = True
    shake: bool = False
    average: Average = "macro"
    top: int = 0

    def add_recent(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        text = str(path)
        self.recent = [text, *(kept for kept in self.recent if kept != text)][:RECENT]

    def add_command(self, key: str) -> None:
        """Put a command at the head of the recent ones."""
        others = (kept for kept in self.recent_commands if kept != key)
        self.recent_commands = [key, *others][:RECENT]


class SettingsFile:
    """The settings and the file they live in.

    note: a sentence for the user if the file could not be read; it is then
        kept beside the new one, with `.broken` at the end of its name.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.note = ""
        self.settings = self._read()

    def _read(self) -> Settings:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Settings)
        except FileNotFoundError:
            return Settings()
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            kept = self.path.with_name(self.path.name + ".broken")
            os.replace(self.path, kept)
            self.note = (
                f"The settings in {self.path.name!r} could not be read ({error}). "
                f"They start afresh; the old file is kept as {kept.name!r}."
            )
        except OSError as error:
            self.note = (
                f"The settings in {self.path.name!r} could not be read: {error.strerror}. "
                "They start afresh."
            )
        return Settings()

    def save(self) -> None:
        """Write the settings, the whole file or nothing. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        part.write_bytes(msgspec.json.format(msgspec.json.encode(self.settings), indent=2))
        os.replace(part, self.path)
