"""The table as Qt's views see it; nothing is copied, whatever its length."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from engine.data import Column, Table
from gui.data.draft import Study
from gui.data.summary import Summary
from gui.theme import class_color, theme

Index = QModelIndex | QPersistentModelIndex
COLOR_ROLE = Qt.ItemDataRole.UserRole
"""The colour of a class, for the dot before a value of the target."""


class TableModel(QAbstractTableModel):
    """Shows a study: its table, which column is the target, and which are left out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._study: Study | None = None
        self._table = Table(())

    @property
    def study(self) -> Study | None:
        return self._study

    def show_study(self, study: Study | None) -> None:
        """Show another study; the view keeps its place if the table is the same."""
        table = study.table if study else Table(())
        if table is self._table:
            self._study = study
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(table.columns) - 1)
            last = self.index(len(table) - 1, len(table.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._study, self._table = study, table
        self.endResetModel()

    def column(self, section: int) -> Column:
        return self._table.columns[section]

    def summary(self, section: int) -> Summary:
        assert self._study is not None
        return self._study.summaries[section]

    def is_target(self, section: int) -> bool:
        return self._study is not None and self.column(section).name == self._study.target

    def is_excluded(self, section: int) -> bool:
        """Whether the network does not see this column."""
        if self._study is None or self.is_target(section):
            return False
        column = self.column(section)
        unusable = column.kind == "text" or self.summary(section).missing == len(column)
        return unusable or column.name in self._study.settings.excluded

    # What Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._table)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt has it
        return 0 if parent.isValid() else len(self._table.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(index.row()) or "–"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft
            if column.kind == "number" and not column.levels:  # tokens are read as text
                side = Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            gap = not column.text(index.row())
            tokens = theme.tokens
            dim = gap or self.is_excluded(index.column())
            return QColor(tokens.muted if dim else tokens.text)
        is_class = column.kind == "category" and column.values.ndim == 1
        if role == COLOR_ROLE and self.is_target(index.column()) and is_class:
            code = int(column.values[index.row()])
            return class_color(code, len(column.levels), theme.tokens) if code >= 0 else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return f"{section + 1:,}" if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.column(section).name
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(section)
        return None

    def _tip(self, section: int) -> str:
        summary = self.summary(section)
        kinds = {
            "number": self.tr("numbers"),
            "category": self.tr("categories"),
            "text": self.tr("free text"),
        }
        lines = [self.column(section).name, kinds[summary.kind]]
        if summary.counts and summary.kind == "number":
            lines.append(
                self.tr("from {low:g} to {high:g}, mean {mean:.4g}").format(
                    low=summary.low, high=summary.high, mean=summary.mean
                )
            )
        if summary.distinct:
            lines.append(self.tr("{n:,} different values").format(n=summary.distinct))
        if summary.missing:
            lines.append(self.tr("{n:,} missing").format(n=summary.missing))
        if self.is_target(section):
            lines.append(self.tr("the network learns to predict it"))
        elif self.is_excluded(section):
            lines.append(self.tr("the network does not see it"))
        return "\n".join(lines)
