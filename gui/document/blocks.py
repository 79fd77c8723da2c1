"""The user's own blocks: pieces of networks, each a file in a folder of the user's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from engine.errors import FragmentError
from engine.graph.fragment import Fragment, from_json, to_json
from engine.layers.base import Layer, PaletteEntry
from gui.document.catalog import Offer

translate = QCoreApplication.translate

KIND = "own_block"
SUFFIX = ".block.json"
FORBIDDEN = '<>:"/\\|?*'


@dataclass(frozen=True)
class BlockOffer(Offer):
    """A block of the user's, among what can be added."""

    @property
    def name(self) -> str:
        return self.entry.label

    @property
    def section(self) -> str:
        return translate("Sections", "Own blocks")

    def layer(self) -> Layer:
        """Raises FragmentError: a block is no layer; it is inserted as what it holds."""
        raise FragmentError(f"{self.name} is a block of several nodes. Insert it as a whole.")


class Blocks(QObject):
    """The blocks in a folder, by their names; without a folder there are none.

    Emits
        changed: a block was saved, renamed or deleted.
    """

    changed = Signal()

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder

    @property
    def names(self) -> list[str]:
        """In the order of the alphabet."""
        if self._folder is None or not self._folder.is_dir():
            return []
        found = [path.name.removesuffix(SUFFIX) for path in self._folder.glob(f"*{SUFFIX}")]
        return sorted(found, key=str.casefold)

    def offers(self) -> list[Offer]:
        """What the palette offers of them."""
        summary = translate("Sections", "A block of your own.")
        return [
            BlockOffer(PaletteEntry(KIND, name, summary, (), {"name": name}), "group")
            for name in self.names
        ]

    def load(self, name: str) -> Fragment:
        """Raises FragmentError if the file is gone or cannot be read."""
        try:
            return from_json(self._path(name).read_text(encoding="utf-8"))
        except (OSError, UnicodeError) as error:
            raise FragmentError(
                f"The block {name!r} cannot be read: {error}. Save it again under this name."
            ) from error

    def save(self, name: str, fragment: Fragment) -> None:
        """Keep a fragment under a name, in place of what had it. Raises FragmentError."""
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            part.write_text(to_json(fragment), encoding="utf-8")
            os.replace(part, path)
        except OSError as error:
            raise FragmentError(
                f"The block {name!r} cannot be written: {error.strerror}. "
                "Free some room, or choose another name."
            ) from error
        self.changed.emit()

    def rename(self, name: str, other: str) -> None:
        """Raises FragmentError if another block has that name."""
        before, after = self._path(name), self._path(other)
        if before == after:
            return
        if after.exists():
            raise FragmentError(
                f"There is a block {other!r} already, so {name!r} cannot be called so. "
                "Choose another name."
            )
        try:
            os.replace(before, after)
        except OSError as error:
            raise FragmentError(
                f"The block {name!r} cannot be renamed: {error.strerror}. Save it again."
            ) from error
        self.changed.emit()

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)
        self.changed.emit()

    def _path(self, name: str) -> Path:
        """Raises FragmentError for a name that no file can have."""
        name = name.strip()
        unfit = not name or name.startswith(".") or any(c in FORBIDDEN or c < " " for c in name)
        if self._folder is None or unfit or len(name) > 80:
            raise FragmentError(
                f"A block cannot be called {name!r}. Choose a name of letters, digits and spaces."
            )
        return self._folder / f"{name}{SUFFIX}"
