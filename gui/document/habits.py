"""What a user adds often, added lately and has starred; the settings remember it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject, Signal

from gui.document.blocks import Blocks
from gui.document.catalog import Offer, catalog
from gui.settings import Average, Settings

REMEMBERED = 6
"""How many nodes count as recently used."""


class Habits(QObject):
    """Nodes by the key of their offer, which sections of the palette are folded, own blocks.

    Emits
        changed: something was used, starred, or is no longer starred.
    """

    changed = Signal()

    def __init__(
        self,
        settings: Settings | None = None,
        parent: QObject | None = None,
        blocks: Blocks | None = None,
    ) -> None:
        super().__init__(parent)
        self.blocks = blocks or Blocks(parent=self)
        self.blocks.changed.connect(self.changed)
        self._kept = settings if settings is not None else Settings()

    def offers(self) -> list[Offer]:
        """All that can be added: what the program brings, and the user's own blocks."""
        return [*catalog(), *self.blocks.offers()]

    @property
    def recent(self) -> Sequence[str]:
        """The latest first."""
        return self._kept.recent_nodes

    @property
    def uses(self) -> Mapping[str, int]:
        """How often each was added."""
        return self._kept.uses

    @property
    def favourites(self) -> Sequence[str]:
        """In the order in which they were starred."""
        return self._kept.favourites

    @property
    def folded(self) -> Sequence[str]:
        """The sections that show nothing but their name."""
        return self._kept.folded_sections

    @property
    def legend(self) -> bool:
        """Whether the canvas says what the colours of wires mean."""
        return self._kept.legend

    @legend.setter
    def legend(self, shown: bool) -> None:
        self._kept.legend = shown

    @property
    def shake(self) -> bool:
        """Whether shaking a node takes it out of its wires."""
        return self._kept.shake

    @shake.setter
    def shake(self, on: bool) -> None:
        self._kept.shake = on

    @property
    def average(self) -> Average:
        """How the scores of classes become one number."""
        return self._kept.average

    @average.setter
    def average(self, average: Average) -> None:
        self._kept.average = average

    @property
    def top(self) -> int:
        """Among how many guesses a class counts as found; 0 leaves it to the number of classes."""
        return self._kept.top

    @top.setter
    def top(self, top: int) -> None:
        self._kept.top = top

    def note_use(self, key: str) -> None:
        kept = self._kept
        kept.recent_nodes = [key, *(k for k in kept.recent_nodes if k != key)][:REMEMBERED]
        kept.uses = {**kept.uses, key: kept.uses.get(key, 0) + 1}
        self.changed.emit()

    def star(self, key: str, starred: bool) -> None:
        """Make it a favourite, or no longer one."""
        others = [k for k in self._kept.favourites if k != key]
        self._kept.favourites = [*others, key] if starred else others
        self.changed.emit()

    def fold(self, section: str, folded: bool) -> None:
        others = [s for s in self._kept.folded_sections if s != section]
        self._kept.folded_sections = [*others, section] if folded else others
