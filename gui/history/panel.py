"""The undo stack as a list: a click, or the arrow keys, go to any state."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QUndoView,
    QVBoxLayout,
)

from gui.document.document import Document
from gui.theme import mono_font, theme, ui_font
from gui.widgets import HintLabel, Panel

ROW = 26
TEXT_LEFT = 44


class HistoryPanel(Panel):
    """What was done, the latest at the bottom. What is undone stays until the next edit."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self.document = document
        self.list = QUndoView(document.undo)
        self.list.setAccessibleName(self.tr("History"))
        self.list.setEmptyLabel(self.tr("As it was opened"))
        self.list.setItemDelegate(_States(document, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self._hint = HintLabel()
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 16, 4)
        head.addWidget(self._hint, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.list)
        document.undo.indexChanged.connect(self._tell)
        document.undo.cleanChanged.connect(self._tell)
        document.modified_changed.connect(self._tell)
        theme.changed.connect(self._repaint)
        self._tell()

    def titles(self) -> list[str]:
        """What the list shows, from the state that was opened."""
        model = self.list.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def _tell(self) -> None:
        undo = self.document.undo
        done, undone = undo.index(), undo.count() - undo.index()
        edits = self.tr("1 edit") if done == 1 else self.tr("{} edits").format(done)
        self._hint.setText(
            self.tr("{edits}, {count} undone").format(edits=edits, count=undone)
            if undone
            else edits
        )
        self.list.viewport().update()

    def _repaint(self) -> None:
        self.list.viewport().update()


class _States(QStyledItemDelegate):
    """A dot on a line for each state: filled where one is, ringed where the file was saved."""

    def __init__(self, document: Document, parent: QUndoView) -> None:
        super().__init__(parent)
        self._document = document

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        tokens, undo, row = theme.tokens, self._document.undo, index.row()
        rect: QRect = option.rect
        here, undone = row == undo.index(), row > undo.index()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = rect.adjusted(8, 0, -8, 0)
        if here:
            painter.setBrush(QColor(tokens.tint))
            painter.drawRoundedRect(ground, 6, 6)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(ground, 6, 6)
        middle = QPointF(27, rect.center().y() + 0.5)
        painter.setPen(QColor(tokens.border))
        if row:
            painter.drawLine(QPointF(27, rect.top()), middle)
        if row < undo.count():
            painter.drawLine(middle, QPointF(27, rect.bottom() + 1))
        color = QColor(tokens.accent if here else tokens.muted if undone else tokens.second)
        painter.setPen(color)
        painter.setBrush(color if not undone else QColor(tokens.surface))
        painter.drawEllipse(middle, 4, 4)
        aligned = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(ui_font(13, 600 if here else 400))
        painter.setPen(QColor(tokens.muted if undone else tokens.text))
        room = rect.adjusted(TEXT_LEFT, 0, -120, 0)
        text = painter.fontMetrics().elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, aligned, text)
        if row == undo.cleanIndex() and self._document.path is not None:
            painter.setFont(mono_font(11))
            painter.setPen(QColor(tokens.ok))
            saved = self.tr("✓ saved")
            painter.drawText(
                rect.adjusted(0, 0, -20, 0), aligned | Qt.AlignmentFlag.AlignRight, saved
            )
        painter.restore()
