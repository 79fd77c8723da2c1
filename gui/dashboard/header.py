"""What stands over a chart: its title, the names of its lines, and the switch to a log axis.

Where the chart can show several things, the title opens the list of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from gui.theme import mono_font, theme, ui_font

HEIGHT = 24
SWATCH = 14
GAP = 6
BETWEEN = 16


@dataclass(frozen=True)
class Entry:
    """One name with the colour of its line; dashed for a run that is over."""

    name: str
    color: str
    dashed: bool = False


class Header(QWidget):
    """Title at the left, names at the right with a piece of their line.

    Emits
        logarithmic_changed(): the axis is to be drawn the other way.
        chosen (str): what the chart is to show, by its key.
    """

    logarithmic_changed = Signal()
    chosen = Signal(str)

    def __init__(self, title: str, logarithmic: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.entries: tuple[Entry, ...] = ()
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
        self.switch.setFixedSize(QSize(34, 20))
        self.switch.toggled.connect(self._switched)
        self.chooser = QToolButton(self)
        self.chooser.setAutoRaise(True)
        self.chooser.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.chooser.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.chooser.setMenu(QMenu(self.chooser))
        self.chooser.menu().triggered.connect(lambda action: self.chosen.emit(action.data()))
        self.chooser.setToolTip(self.tr("Choose what to show"))
        self.chooser.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.addWidget(self.chooser)
        row.addStretch(1)
        row.addWidget(self.switch)
        self._dress()
        theme.changed.connect(self._dress)

    @property
    def logarithmic(self) -> bool:
        return self.switch.isChecked()

    def set_title(self, title: str) -> None:
        if title != self.title:
            self.title = title
            self.update()

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

    def show_entries(self, entries: Sequence[Entry]) -> None:
        if tuple(entries) != self.entries:
            self.entries = tuple(entries)
            self.setToolTip("\n".join(entry.name for entry in entries))
            self.update()

    def _switched(self) -> None:
        self._dress()
        self.logarithmic_changed.emit()

    def _dress(self) -> None:
        tokens = theme.tokens
        on = self.logarithmic
        self.chooser.setFont(ui_font(12, 600))
        self.chooser.setStyleSheet(
            "QToolButton { border: none; border-radius: 5px; padding: 0 4px 0 0;"
            f" color: {tokens.second}; background: transparent; }}"
            f"QToolButton:hover {{ color: {tokens.text}; }}"
            f"QToolButton:focus {{ border: 1px solid {tokens.accent}; }}"
            "QToolButton::menu-indicator { image: none; }"
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
        title_font = ui_font(12, 600)
        painter.setFont(title_font)
        painter.setPen(QColor(tokens.second))
        if self.chooser.isHidden():
            painter.drawText(
                QRectF(0, 0, self.width(), HEIGHT),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
                self.title,
            )
        room = self.switch.x() - 12 - QFontMetricsF(title_font).horizontalAdvance(self.title) - 24
        self._paint_entries(painter, room)
        painter.end()

    def _paint_entries(self, painter: QPainter, room: float) -> None:
        font = ui_font(12)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        names = [metrics.elidedText(e.name, Qt.TextElideMode.ElideRight, 140) for e in self.entries]
        widths = [SWATCH + GAP + metrics.horizontalAdvance(name) for name in names]
        count = len(names)
        while count and sum(widths[:count]) + BETWEEN * (count - 1) > room - (
            36 if count < len(names) else 0
        ):
            count -= 1
        x = float(self.switch.x() - 12)
        if count < len(names):
            more = f"+{len(names) - count}"
            x -= metrics.horizontalAdvance(more)
            self._text(painter, x, more, theme.tokens.muted)
            x -= BETWEEN
        for number in range(count - 1, -1, -1):
            entry = self.entries[number]
            x -= widths[number]
            pen = QPen(QColor(entry.color), 2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            if entry.dashed:
                pen.setDashPattern([1.5, 2])
            painter.setPen(pen)
            painter.drawLine(int(x) + 1, HEIGHT // 2, int(x) + SWATCH - 1, HEIGHT // 2)
            self._text(painter, x + SWATCH + GAP, names[number], theme.tokens.second)
            x -= BETWEEN

    @staticmethod
    def _text(painter: QPainter, x: float, text: str, color: str) -> None:
        painter.setPen(QColor(color))
        painter.drawText(QRectF(x, 0, 200, HEIGHT), Qt.AlignmentFlag.AlignVCenter, text)
