"""The rows of the palette: sections, and under each what it offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QPersistentModelIndex, Qt

from gui.document.catalog import MIME, Offer

Index = QModelIndex | QPersistentModelIndex


class PaletteModel(QAbstractListModel):
    """Offers and the labels of their sections, in one list. Labels cannot be selected."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Offer | str] = []

    def show_sections(self, offers: Sequence[Offer]) -> None:
        """Show offers under the labels of their sections."""
        rows: list[Offer | str] = []
        section = ""
        for offer in offers:
            if offer.section != section:
                section = offer.section
                rows.append(section)
            rows.append(offer)
        self._show(rows)

    def show_found(self, offers: Sequence[Offer]) -> None:
        """Show the result of a search, best first."""
        self._show(list(offers))

    def _show(self, rows: list[Offer | str]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def offer(self, index: Index) -> Offer | None:
        row = self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None
        return row if isinstance(row, Offer) else None

    def first_offer(self) -> QModelIndex:
        number = next((i for i, row in enumerate(self._rows) if isinstance(row, Offer)), -1)
        return self.index(number, 0) if number >= 0 else QModelIndex()

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row if isinstance(row, str) else row.label
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(row, Offer):
            return row.entry.summary
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.offer(index) is None:
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag
        return flags.ItemIsEnabled | flags.ItemIsSelectable | flags.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        offer = self.offer(indexes[0]) if indexes else None
        return offer.mime() if offer else QMimeData()

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction
