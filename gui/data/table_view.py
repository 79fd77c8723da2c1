"""The table on screen: headers with a type, a range, gaps and a histogram; cells with colours."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.data.draft import Study
from gui.data.summary import Summary
from gui.data.table_model import COLOR_ROLE, TableModel
from gui.theme import Tokens, class_color, mono_font, theme, ui_font

HEADER, ROW = 78, 26
NARROWEST, WIDEST, MARGIN = 92, 240, 10
LOOKED_AT = 60
"""Rows that decide how wide a column starts out."""
Index = QModelIndex | QPersistentModelIndex


class ColumnHeader(QHeaderView):
    """Paints name, badge, range, missing count and histogram of each column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(NARROWEST)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEADER)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model = self.model()
        if not isinstance(model, TableModel) or model.study is None or not rect.isValid():
            return
        tokens = theme.tokens
        summary = model.summary(section)
        target, excluded = model.is_target(section), model.is_excluded(section)
        painter.save()
        painter.setClipRect(rect)
        painter.fillRect(rect, QColor(tokens.tint if target else tokens.surface))
        painter.setPen(QPen(QColor(tokens.border), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(MARGIN, 8, -MARGIN, -6)
        self._paint_name(painter, inner, section, summary, target, excluded)
        self._paint_facts(painter, inner, summary, excluded)
        bars = QRect(inner.left(), inner.top() + 40, inner.width(), inner.height() - 40)
        paint_counts(painter, bars, summary, tokens, colored=target, dim=excluded)
        painter.restore()

    def target_badge(self) -> str:
        return self.tr("target")

    def _paint_name(
        self,
        painter: QPainter,
        inner: QRect,
        section: int,
        summary: Summary,
        target: bool,
        excluded: bool,
    ) -> None:
        tokens = theme.tokens
        line = QRect(inner.left(), inner.top(), inner.width(), 17)
        painter.setFont(mono_font(10.5))
        badge = self.target_badge() if target else summary.badge
        width = painter.fontMetrics().horizontalAdvance(badge)
        painter.setPen(QColor(tokens.accent if target else tokens.muted))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, right, badge)
        font = ui_font(12.5, 600)
        font.setStrikeOut(excluded)
        painter.setFont(font)
        painter.setPen(QColor(tokens.muted if excluded else tokens.text))
        line.setRight(line.right() - width - 8)
        name = self.model().headerData(section, Qt.Orientation.Horizontal)
        shown = painter.fontMetrics().elidedText(
            str(name), Qt.TextElideMode.ElideMiddle, line.width()
        )
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, left, shown)

    def _paint_facts(
        self, painter: QPainter, inner: QRect, summary: Summary, excluded: bool
    ) -> None:
        tokens = theme.tokens
        line = QRect(inner.left(), inner.top() + 19, inner.width(), 15)
        painter.setFont(mono_font(10.5))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if summary.missing:
            gaps = self.tr("{n:,} missing").format(n=summary.missing)
            painter.setPen(QColor(tokens.warning))
            painter.drawText(line, left, gaps)
            return
        painter.setPen(QColor(tokens.muted if excluded else tokens.second))
        facts = summary.range_text
        if summary.kind == "category":
            facts = self.tr("{n} levels").format(n=facts)
        shown = painter.fontMetrics().elidedText(facts, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, left, shown)


def paint_counts(
    painter: QPainter,
    area: QRect,
    summary: Summary,
    tokens: Tokens,
    *,
    colored: bool = False,
    dim: bool = False,
) -> None:
    """Bars from the bottom of `area`, one per bin or level, as high as there are rows in it."""
    counts = summary.counts[: max(1, area.width() // 3)]
    if summary.distinct == 1 or not counts or not max(counts):
        return
    step = area.width() / len(counts)
    gap = 1 if step >= 4 else 0
    painter.setPen(Qt.PenStyle.NoPen)
    for number, count in enumerate(counts):
        if not count:
            continue
        color = QColor(tokens.border if dim else tokens.muted)
        if colored and summary.kind == "category":
            color = class_color(number, len(summary.counts), tokens)
        elif colored:
            color = QColor(tokens.accent)
        height = max(1.5, area.height() * count / max(counts))
        bar = QRectF(area.left() + number * step, area.bottom() + 1 - height, step - gap, height)
        painter.fillRect(bar, color)


class CellDelegate(QStyledItemDelegate):
    """Numbers monospaced, and a dot in the class's colour before the target's value."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens = theme.tokens
        model = index.model()
        target = isinstance(model, TableModel) and model.is_target(index.column())
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.tint))
        elif target:
            ground = QColor(tokens.tint)
            ground.setAlpha(110)
            painter.fillRect(rect, ground)
        area = rect.adjusted(MARGIN, 0, -MARGIN, 0)
        color = index.data(COLOR_ROLE)
        if color is not None:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(QRectF(area.left(), rect.center().y() - 3, 7, 7))
            painter.restore()
            area.setLeft(area.left() + 15)
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
        number = bool(alignment & Qt.AlignmentFlag.AlignRight)
        painter.setFont(mono_font(12) if number else ui_font(12.5))
        painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole))
        text = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideRight, area.width()
        )
        painter.drawText(area, int(alignment), text)


class DataTable(QTableView):
    """A preview of the table.

    Emits
        target_chosen (str), exclusion_toggled (str): from the menu of a column.
    """

    target_chosen = Signal(str)
    exclusion_toggled = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = TableModel(self)
        self._header = ColumnHeader(self)
        self.setHorizontalHeader(self._header)
        self.setModel(self._model)
        self.setItemDelegate(CellDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.setDefaultSectionSize(ROW)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setFont(mono_font(11))
        rows.setStyleSheet("QHeaderView::section { border: none; }")
        rows.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._header.customContextMenuRequested.connect(self._open_menu)
        self._header.sectionClicked.connect(self._open_menu_below)
        self.setAccessibleName(self.tr("Rows of the table"))
        theme.changed.connect(self._repaint)

    def show_study(self, study: Study | None) -> None:
        shown = self._model.study
        same = study is not None and shown is not None and study.table is shown.table
        self._model.show_study(study)
        if study is not None:
            self._lead_with_target()
        if not same and study is not None:
            self._size_columns(study)
            self.scrollToTop()

    def _lead_with_target(self) -> None:
        """Put the target first, where it is seen without scrolling, the others in their order."""
        header, count = self._header, self._model.columnCount()
        order = sorted(range(count), key=lambda section: not self._model.is_target(section))
        for place, section in enumerate(order):
            if header.visualIndex(section) != place:
                header.moveSection(header.visualIndex(section), place)

    def menu(self, section: int) -> QMenu:
        """What can be done with a column."""
        name = self._model.column(section).name
        menu = QMenu(self)
        if self._model.is_target(section):
            menu.addAction(self.tr("This is what the network predicts")).setEnabled(False)
            return menu
        menu.addAction(self.tr("Predict “{0}”").format(name), lambda: self.target_chosen.emit(name))
        study = self._model.study
        out = study is not None and name in study.settings.excluded
        text = self.tr("Take “{0}” in again") if out else self.tr("Leave “{0}” out")
        menu.addAction(text.format(name), lambda: self.exclusion_toggled.emit(name))
        return menu

    def _open_menu(self, at: QPoint) -> None:
        section = self._header.logicalIndexAt(at)
        if section >= 0:
            self.menu(section).popup(self._header.mapToGlobal(at))

    def _open_menu_below(self, section: int) -> None:
        left = self._header.sectionViewportPosition(section)
        self.menu(section).popup(self._header.mapToGlobal(QPoint(left, HEADER)))

    def _size_columns(self, study: Study) -> None:
        names, small = QFontMetrics(ui_font(12.5, 600)), QFontMetrics(mono_font(10.5))
        rows = range(min(LOOKED_AT, len(study.table)))
        # Any column may become the target.
        badge = small.horizontalAdvance(self._header.target_badge())
        for section, column in enumerate(study.table.columns):
            cells = QFontMetrics(mono_font(12) if column.kind == "number" else ui_font(12.5))
            needed = (
                names.horizontalAdvance(column.name) + badge + 12,
                small.horizontalAdvance(study.summaries[section].range_text) + 4,
                *(cells.horizontalAdvance(column.text(row)) + 20 for row in rows),
            )
            width = max(needed) + 2 * MARGIN
            self.setColumnWidth(section, max(NARROWEST, min(WIDEST, width)))

    def _repaint(self, tokens: Tokens) -> None:
        self.viewport().update()
        self._header.viewport().update()
