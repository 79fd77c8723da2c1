"""How the rows of the palette are painted."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.palette.model import PaletteModel, Section
from gui.theme import category_color, label_font, paint_icon, theme, ui_font

ROW, SECTION = 26, 34
SQUARE = 12
LEFT = 10
STAR, CARET = 14, 12


def star_rect(row: QRect) -> QRect:
    """Where the star of a row is clicked."""
    return QRect(row.right() - STAR - 5, row.center().y() - STAR // 2 + 1, STAR, STAR)


class PaletteDelegate(QStyledItemDelegate):
    """A coloured square, a name and a star to click; section labels in small capitals.

    The star of a row that has none shows only under the pointer.
    """

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
        section = model.section(index)
        if section is not None:
            self._paint_section(painter, rect, section, option)
        elif offer is not None:
            self._paint_ground(painter, rect, option)
            under = bool(option.state & QStyle.StateFlag.State_MouseOver)
            if model.is_starred(index):
                paint_icon(painter, star_rect(option.rect), "star-fill", tokens.warning)
            elif under:
                paint_icon(painter, star_rect(option.rect), "star", tokens.muted)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(category_color(offer.category)))
            top = rect.center().y() - SQUARE / 2
            painter.drawRoundedRect(QRectF(rect.x() + LEFT, top, SQUARE, SQUARE), 3, 3)
            painter.setFont(ui_font(13))
            painter.setPen(QColor(tokens.text))
            place = rect.adjusted(LEFT + SQUARE + 10, 0, -STAR - 10, 0)
            words = painter.fontMetrics().elidedText(
                offer.label, Qt.TextElideMode.ElideRight, int(place.width())
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        painter.restore()

    @staticmethod
    def _paint_section(
        painter: QPainter, rect: QRectF, section: Section, option: QStyleOptionViewItem
    ) -> None:
        tokens = theme.tokens
        lit = QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected
        color = tokens.second if option.state & lit else tokens.muted
        painter.setFont(label_font())
        painter.setPen(QColor(color))
        place = rect.adjusted(LEFT - 2, 0, -CARET - 8, -5)
        bottom = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(place, bottom, section.title)
        if section.folded or option.state & lit:
            name = "caret-right" if section.folded else "caret-down"
            spot = QRectF(rect.right() - CARET - 6, rect.bottom() - CARET - 6, CARET, CARET)
            paint_icon(painter, spot.toRect(), name, color)

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
