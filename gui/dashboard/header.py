"""What stands over a chart: its title, the names of its lines, and the switch to a log axis.

Where the chart can show several things, the title opens the list of them. Names that do
not fit beside the title stand in rows under it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QToolTip, QWidget

from gui.dashboard.legend import GAP, ROW, SWATCH, Entry, Legend, laid_out
from gui.theme import mono_font, theme, ui_font

HEIGHT = 24
SWITCH = QSize(34, 20)
RIGHT = 4
BEYOND = 12
BELOW = 4
"""Pixels between the last name and the switch, and between rows of names and the plot."""
TOLD = 20
"""How many of the names that are left out a tooltip tells."""


class Header(QWidget):
    """Title at the left, names at the right with a piece of their line.

    Emits
        logarithmic_changed(): the axis is to be drawn the other way.
        chosen (str): what the chart is to show, by its key.
        pointed (int): the pointer is on the name of this line now; -1 for none.
        arranged: the names take another number of rows.
    """

    logarithmic_changed = Signal()
    chosen = Signal(str)
    pointed = Signal(int)
    arranged = Signal()

    def __init__(self, title: str, logarithmic: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.entries: tuple[Entry, ...] = ()
        self.legend = Legend(ui_font(12))
        self._pointed = -1
        self._least_rows = 0
        self.setMouseTracking(True)
        self.setFixedHeight(HEIGHT)
        self.switch = QToolButton(self)
        self.switch.setCheckable(True)
        self.switch.setChecked(logarithmic)
        self.switch.setAutoRaise(True)
        self.switch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.switch.setToolTip(
            self.tr("Logarithmic axis: equal steps multiply, so small values show too")
        )
        self.switch.setAccessibleName(self.tr("Logarithmic axis"))
        self.switch.setFixedSize(SWITCH)
        self.switch.toggled.connect(self._switched)
        self.chooser = QPushButton(self)
        self.chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.chooser.setMenu(QMenu(self.chooser))
        self.chooser.menu().triggered.connect(lambda action: self.chosen.emit(action.data()))
        self.chooser.setToolTip(self.tr("Choose what to show"))
        self.chooser.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, RIGHT, 2)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(self.chooser, 0, top)
        row.addStretch(1)
        row.addWidget(self.switch, 0, top)
        self._dress()
        theme.changed.connect(self._dress)

    @property
    def _title_font(self) -> QFont:
        return ui_font(12, 600)

    @property
    def logarithmic(self) -> bool:
        return self.switch.isChecked()

    def set_title(self, title: str) -> None:
        if title != self.title:
            self.title = title
            self._arrange()

    def offer(self, options: Mapping[str, str]) -> None:
        """What the chart can show, by key; the title is a list of them if they are several."""
        menu = self.chooser.menu()
        if [action.data() for action in menu.actions()] != list(options):
            menu.clear()
            for key, label in options.items():
                menu.addAction(label).setData(key)
        self.chooser.setVisible(len(options) > 1)
        if self.chooser.text() != f"{self.title} ▾":
            self.chooser.setText(f"{self.title} ▾")
            self.chooser.setAccessibleName(self.title)
            self._arrange()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        if tuple(entries) != self.entries:
            self.entries = tuple(entries)
            self._arrange()

    def _arrange(self) -> None:
        """Find the places of the names, and take the height that they need."""
        title = QFontMetricsF(self._title_font).horizontalAdvance(self.title)
        if not self.chooser.isHidden():
            title = self.chooser.sizeHint().width()
        left = title + 24
        right = self.width() - RIGHT - SWITCH.width() - BEYOND
        before = self.legend.rows
        self.legend = laid_out(
            self.entries,
            QRectF(left, 0, max(0.0, right - left), HEIGHT),
            QRectF(0, HEIGHT, self.width() - RIGHT, ROW),
        )
        self._take_height()
        self.update()
        if self.legend.rows != before:
            self.arranged.emit()

    def keep_rows(self, count: int) -> None:
        """Be as high as one with so many rows of names, as the one beside it is."""
        self._least_rows = count
        self._take_height()

    def _take_height(self) -> None:
        rows = max(self.legend.rows, self._least_rows)
        self.setFixedHeight(HEIGHT + ROW * rows + (BELOW if rows else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point(self._name_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point(-1)

    def _point(self, number: int) -> None:
        if number != self._pointed:
            self._pointed = number
            self.pointed.emit(number)

    def _name_at(self, position: QPointF) -> int:
        areas = [place.area for place in self.legend.places]
        return next((i for i, area in enumerate(areas) if area.contains(position)), -1)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def told_at(self, position: QPointF) -> str:
        """The whole name that stands at a place; the names that are left out, at their number."""
        legend = self.legend
        number = self._name_at(position)
        if number >= 0:
            return self.entries[number].name
        if legend.more is None or not legend.more.contains(position):
            return ""
        names = [entry.name for entry in legend.others]
        beyond = len(names) - TOLD
        rest = [self.tr("and {0} more").format(beyond)] if beyond > 0 else []
        return "\n".join(names[:TOLD] + rest)

    def _switched(self) -> None:
        self._dress()
        self.logarithmic_changed.emit()

    def _dress(self) -> None:
        tokens = theme.tokens
        on = self.logarithmic
        self.chooser.setFont(self._title_font)
        self.chooser.setStyleSheet(
            "QPushButton { border: none; border-radius: 5px; text-align: left;"
            " padding: 0 6px 0 0; min-height: 20px; max-height: 20px; font-weight: 600;"
            f" color: {tokens.second}; background: transparent; }}"
            f"QPushButton:hover {{ color: {tokens.text}; }}"
            f"QPushButton:focus {{ border: 1px solid {tokens.accent}; }}"
            "QPushButton::menu-indicator { image: none; width: 0; }"
        )
        self.switch.setText("log")
        self.switch.setFont(mono_font(11))
        self.switch.setStyleSheet(
            "QToolButton { border: none; border-radius: 5px; padding: 0;"
            f" color: {tokens.accent if on else tokens.muted};"
            f" background: {tokens.tint if on else 'transparent'}; }}"
            f"QToolButton:hover {{ color: {tokens.accent if on else tokens.text};"
            f" background: {tokens.tint if on else tokens.hover}; }}"
            f"QToolButton:focus {{ border: 1px solid {tokens.accent}; }}"
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._title_font)
        if self.chooser.isHidden():
            self._text(painter, QRectF(0, 0, self.width(), HEIGHT), self.title, tokens.second)
        painter.setFont(self.legend.font)
        for place in self.legend.places:
            area, entry = place.area, place.entry
            pen = QPen(QColor(entry.color), 2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            if entry.dashed:
                pen.setDashPattern([1.5, 2])
            painter.setPen(pen)
            x, middle = int(area.left()), int(area.center().y())
            painter.drawLine(x + 1, middle, x + SWATCH - 1, middle)
            room = area.adjusted(SWATCH + GAP, 0, 1, 0)
            self._text(painter, room, place.text, tokens.second)
        if self.legend.more is not None:
            number = f"+{len(self.legend.others)}"
            self._text(painter, self.legend.more, number, tokens.muted)
        painter.end()

    @staticmethod
    def _text(painter: QPainter, area: QRectF, text: str, color: str) -> None:
        painter.setPen(QColor(color))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
