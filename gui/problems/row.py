"""How one problem is painted: its sign, the node, the sentence, and the remedy as a link."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.graph.check import Problem
from gui.forms import spoken
from gui.problems.model import PROBLEM, TITLE, Index, ProblemModel
from gui.theme import paint_icon, theme, ui_font

HEIGHT = 28
PAD = 12
TITLE_WIDTH = 104
SIGNS = {
    "error": ("warning-octagon-fill", "bad"),
    "warning": ("warning-fill", "warning"),
    "hint": ("info-fill", "muted"),
}


class ProblemRow(QStyledItemDelegate):
    """Paints a row of the list, and knows where its link is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._pointer = QPoint(-1, -1)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = theme.tokens
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        problem: Problem = index.data(PROBLEM)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, state)
        icon, token = SIGNS[problem.severity]
        sign = QRect(rect.left() + PAD, rect.center().y() - 6, 14, 14)
        paint_icon(painter, sign, icon, getattr(tokens, token))
        title = QRect(sign.right() + 10, rect.top(), TITLE_WIDTH, rect.height())
        self._paint_text(painter, title, index.data(TITLE), ui_font(13, 600), tokens.text)
        link = self.link_rect(rect, problem)
        right = link.left() - 16 if link.isValid() else rect.right() - PAD
        sentence = QRect(title.right() + 12, rect.top(), 0, rect.height())
        sentence.setRight(right)
        text = spoken(problem.message) if problem.fix else ProblemModel.sentence(problem)
        self._paint_text(painter, sentence, text, ui_font(12.5), tokens.second)
        if problem.fix:
            font = self.link_font()
            font.setUnderline(link.contains(self._pointer))
            self._paint_text(painter, link, spoken(problem.fix.label), font, tokens.accent)
        painter.restore()

    @staticmethod
    def _paint_ground(painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        tokens = theme.tokens
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = selected and bool(state & QStyle.StateFlag.State_HasFocus)
        if selected or hovered:
            painter.setPen(QColor(tokens.accent) if focused else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.tint if selected else tokens.hover))
            painter.drawRoundedRect(rect.adjusted(4, 1, -4, -1), 6, 6)

    @staticmethod
    def _paint_text(painter: QPainter, rect: QRect, text: str, font: QFont, color: str) -> None:
        painter.setFont(font)
        painter.setPen(QColor(color))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    @staticmethod
    def link_font() -> QFont:
        return ui_font(12.5, 600)

    def link_rect(self, row: QRect, problem: Problem) -> QRect:
        """Where the remedy of a row stands; an invalid rectangle if it has none."""
        if problem.fix is None:
            return QRect()
        width = QFontMetrics(self.link_font()).horizontalAdvance(spoken(problem.fix.label)) + 2
        return QRect(row.right() - PAD - width, row.top(), width, row.height())

    def on_link(self, row: QRect, problem: Problem, point: QPoint) -> bool:
        """Whether a point is on the remedy, kept for the underline."""
        self._pointer = point
        return self.link_rect(row, problem).contains(point)
