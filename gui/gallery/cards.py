"""How a card of the gallery is painted: picture, title, two lines about it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.gallery.entries import Entry
from gui.theme import theme, ui_font

CARD = QSize(240, 190)
GAP = 12
PICTURE = QSize(216, 96)
LINES = 2
ENTRY, PIXMAP = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class Cards(QStyledItemDelegate):
    """Paints entries as cards."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return CARD + QSize(GAP, GAP)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        tokens, entry = theme.tokens, index.data(ENTRY)
        assert isinstance(entry, Entry)
        rect: QRect = option.rect
        card = QRectF(rect.x() + 1.5, rect.y() + 1.5, CARD.width() - 3, CARD.height() - 3)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = tokens.accent if chosen else tokens.muted if over else tokens.border
        painter.setPen(QPen(QColor(edge), 2 if chosen else 1))
        painter.setBrush(QColor(tokens.node))
        painter.drawRoundedRect(card, 8, 8)
        ground = QRectF(card.x() + 6, card.y() + 6, card.width() - 12, PICTURE.height() + 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.canvas))
        painter.drawRoundedRect(ground, 5, 5)
        pixmap = index.data(PIXMAP)
        if isinstance(pixmap, QPixmap):
            size = pixmap.deviceIndependentSize()
            left = ground.center().x() - size.width() / 2
            painter.drawPixmap(
                QRectF(left, ground.y() + 6, size.width(), size.height()),
                pixmap,
                QRectF(pixmap.rect()),
            )
        below = QRect(rect.x() + 14, int(ground.bottom()) + 8, CARD.width() - 28, 20)
        painter.setFont(ui_font(13, 600))
        painter.setPen(QColor(tokens.text))
        metrics = painter.fontMetrics()
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(ui_font(12))
        painter.setPen(QColor(tokens.second))
        for number, line in enumerate(_wrapped(entry.summary, below.width())):
            place = below.translated(0, 22 + 17 * number)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, line)
        painter.restore()


def _wrapped(text: str, width: int) -> list[str]:
    """A text in so many lines as a card has, the last one cut short."""
    layout = QTextLayout(text, ui_font(12))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    starts = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        starts.append(line.textStart())
    layout.endLayout()
    ends = [*starts[1:], len(text)]
    lines = [text[a:b].strip() for a, b in zip(starts, ends, strict=True)]
    if len(lines) > LINES:
        rest = text[starts[LINES - 1] :]
        cut = QFontMetrics(ui_font(12)).elidedText(rest, Qt.TextElideMode.ElideRight, width)
        lines = [*lines[: LINES - 1], cut]
    return lines
