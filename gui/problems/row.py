"""How one problem is painted: its sign, the node, the sentence, and the remedy as a link."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from engine.graph.check import Problem
from gui.forms import spoken
from gui.problems.model import PROBLEM, TITLE, Index, ProblemModel
from gui.theme import paint_icon, theme, ui_font

HEIGHT = 28
PAD = 12
TITLE_WIDTHS = 64, 168
"""Of the column of titles: as wide as the widest needs, within these."""
LEAST_WIDTH = 240
LINK_SHARE = 0.4
"""Of a row, for a remedy with a long name in it; the sentence has the rest."""
WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
SIGNS = {
    "error": ("warning-octagon-fill", "bad"),
    "warning": ("warning-fill", "warning"),
    "hint": ("info-fill", "muted"),
}


def sentence_of(problem: Problem) -> str:
    """What is said of a problem; the remedy only where no link says it."""
    return spoken(problem.message) if problem.fix else ProblemModel.sentence(problem)


class ProblemRow(QStyledItemDelegate):
    """Paints a row of the list, and knows where its link is."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._pointer = QPoint(-1, -1)
        self._title_width = TITLE_WIDTHS[0]

    def fit_titles(self, titles: Iterable[str]) -> None:
        """Make the column of titles as wide as these need."""
        metrics, (low, high) = QFontMetrics(self.title_font()), TITLE_WIDTHS
        widest = max((metrics.horizontalAdvance(title) for title in titles), default=0)
        self._title_width = min(high, max(low, widest + 1))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As many lines as the sentence takes in the width that the list has."""
        problem: Problem = index.data(PROBLEM)
        row = QRect(0, 0, max(LEAST_WIDTH, self._view.viewport().width()), HEIGHT)
        room = self._sentence_rect(row, problem)
        metrics = QFontMetrics(ui_font(12.5))
        tall = metrics.boundingRect(room, int(WRAPPED), sentence_of(problem)).height()
        return QSize(240, max(HEIGHT, tall + HEIGHT - metrics.height()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = theme.tokens
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        problem: Problem = index.data(PROBLEM)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, rect, state)
        icon, token = SIGNS[problem.severity]
        first = QRect(rect.left(), rect.top(), rect.width(), HEIGHT)
        sign = QRect(rect.left() + PAD, first.center().y() - 6, 14, 14)
        paint_icon(painter, sign, icon, getattr(tokens, token))
        title = QRect(sign.right() + 10, rect.top(), self._title_width, HEIGHT)
        self._paint_text(painter, title, index.data(TITLE), self.title_font(), tokens.text)
        painter.setFont(ui_font(12.5))
        painter.setPen(QColor(tokens.second))
        painter.drawText(
            self._sentence_rect(rect, problem),
            int(WRAPPED | Qt.AlignmentFlag.AlignVCenter),
            sentence_of(problem),
        )
        link = self.link_rect(rect, problem)
        if problem.fix:
            font = self.link_font()
            font.setUnderline(link.contains(self._pointer))
            self._paint_text(painter, link, spoken(problem.fix.label), font, tokens.accent)
        painter.restore()

    def _sentence_rect(self, row: QRect, problem: Problem) -> QRect:
        """Where the sentence stands, between the title and the remedy."""
        link = self.link_rect(row, problem)
        left = row.left() + PAD + 14 + 10 + self._title_width + 12
        right = link.left() - 16 if link.isValid() else row.right() - PAD
        return QRect(left, row.top(), max(80, right - left), row.height())

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
    def title_font() -> QFont:
        return ui_font(13, 600)

    @staticmethod
    def link_font() -> QFont:
        return ui_font(12.5, 600)

    def link_rect(self, row: QRect, problem: Problem) -> QRect:
        """Where the remedy of a row stands; an invalid rectangle if it has none."""
        if problem.fix is None:
            return QRect()
        width = QFontMetrics(self.link_font()).horizontalAdvance(spoken(problem.fix.label)) + 2
        width = min(width, int(row.width() * LINK_SHARE))
        return QRect(row.right() - PAD - width, row.top(), width, HEIGHT)

    def on_link(self, row: QRect, problem: Problem, point: QPoint) -> bool:
        """Whether a point is on the remedy, kept for the underline."""
        self._pointer = point
        return self.link_rect(row, problem).contains(point)
