"""The rows of the palette: sections, and under each what it offers."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from gui.document.catalog import MIME, Offer

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Section:
    """A label in the list, under which offers stand; folded, it hides them."""

    title: str
    folded: bool = False


class PaletteModel(QAbstractListModel):
    """Offers and the labels of their sections, in one list. Labels cannot be added."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Offer | Section] = []
        self._starred: frozenset[str] = frozenset()

    def show_sections(
        self, sections: Mapping[str, Sequence[Offer]], folded: Container[str] = ()
    ) -> None:
        """Show offers by section; of the folded ones the labels alone."""
        rows: list[Offer | Section] = []
        for title, offers in sections.items():
            if offers:
                rows.append(Section(title, title in folded))
                rows += () if title in folded else offers
        self._show(rows)

    def show_found(self, offers: Sequence[Offer]) -> None:
        """Show the result of a search, best first."""
        self._show(list(offers))

    def _show(self, rows: list[Offer | Section]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def show_starred(self, keys: Iterable[str]) -> None:
        """Which offers bear a star."""
        self._starred = frozenset(keys)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def offer(self, index: Index) -> Offer | None:
        row = self._row(index)
        return row if isinstance(row, Offer) else None

    def section(self, index: Index) -> Section | None:
        row = self._row(index)
        return row if isinstance(row, Section) else None

    def _row(self, index: Index) -> Offer | Section | None:
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def is_starred(self, index: Index) -> bool:
        offer = self.offer(index)
        return offer is not None and offer.key in self._starred

    def first_offer(self) -> QModelIndex:
        number = next((i for i, row in enumerate(self._rows) if isinstance(row, Offer)), -1)
        return self.index(number, 0) if number >= 0 else QModelIndex()

    def place_of(self, row: Offer | Section) -> QModelIndex:
        """Where a row is now: an offer that stands in two sections, at the first of them."""
        number = next((i for i, other in enumerate(self._rows) if _same(row, other)), -1)
        return self.index(number, 0) if number >= 0 else QModelIndex()

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.label if isinstance(row, Offer) else row.title
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, Offer):
            return row.entry.summary
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag
        if self.offer(index) is None:
            return flags.ItemIsEnabled | flags.ItemIsSelectable
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        offer = self.offer(indexes[0]) if indexes else None
        return offer.mime() if offer else QMimeData()

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction


def _same(one: Offer | Section, other: Offer | Section) -> bool:
    if isinstance(one, Offer) and isinstance(other, Offer):
        return one.key == other.key
    return isinstance(one, Section) and isinstance(other, Section) and one.title == other.title
