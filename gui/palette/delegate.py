"""How the rows of the palette are painted."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.palette.model import PaletteModel
from gui.theme import category_color, label_font, theme, ui_font

ROW, SECTION = 26, 34
SQUARE = 12
LEFT = 10


class PaletteDelegate(QStyledItemDelegate):
    """A coloured square and a name; section labels in small capitals."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        model = index.model()
        assert isinstance(model, PaletteModel)
        return QSize(0, ROW if model.offer(index) else SECTION)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        model = index.model()
        assert isinstance(model, PaletteModel)
        tokens, offer = theme.tokens, model.offer(index)
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if offer is None:
            painter.setFont(label_font())
            painter.setPen(QColor(tokens.muted))
            place = rect.adjusted(LEFT - 2, 0, 0, -5)
            bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
            painter.drawText(place, bottom, index.data())
        else:
            self._paint_ground(painter, rect, option)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(category_color(offer.category)))
            top = rect.center().y() - SQUARE / 2
            painter.drawRoundedRect(QRectF(rect.x() + LEFT, top, SQUARE, SQUARE), 3, 3)
            painter.setFont(ui_font(13))
            painter.setPen(QColor(tokens.text))
            place = rect.adjusted(LEFT + SQUARE + 10, 0, -4, 0)
            words = painter.fontMetrics().elidedText(
                offer.label, Qt.TextElideMode.ElideRight, int(place.width())
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, rect: QRectF, option: QStyleOptionViewItem) -> None:
        state = option.state
        tokens = theme.tokens
        if state & QStyle.StateFlag.State_Selected:
            ground = tokens.tint
        elif state & QStyle.StateFlag.State_MouseOver:
            ground = tokens.hover
        else:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(rect.adjusted(2, 0, -2, 0), 6, 6)
