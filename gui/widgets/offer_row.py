"""A row of the list that one types into: the name, and at the right what there is to say of it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from gui.theme import paint_icon, theme, ui_font

ASIDE = Qt.ItemDataRole.UserRole + 1
"""The word at the right: "recent", or the synonym that was typed."""
STARRED = Qt.ItemDataRole.UserRole + 2

STAR, EDGE = 12, 10


class OfferRow(QStyledItemDelegate):
    """Paints what the style paints, then a star and a quiet word at the right."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        right = QRect(option.rect).adjusted(0, 0, -EDGE, 0)
        if index.data(STARRED):
            place = QRect(right.right() - STAR + 1, right.center().y() - STAR // 2, STAR, STAR)
            paint_icon(painter, place, "star-fill", theme.tokens.warning)
            right.adjust(0, 0, -STAR - 6, 0)
        if words := index.data(ASIDE):
            painter.save()
            painter.setFont(ui_font(12))
            painter.setPen(QColor(theme.tokens.muted))
            ends = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(right), ends, words)
            painter.restore()
