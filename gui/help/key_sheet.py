"""Every key and gesture on one sheet, made from the table of actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.actions import Actions, category_titles, plain_text
from gui.help.gestures import canvas_gestures, wire_gestures
from gui.theme import mono_font, ui_font
from gui.widgets import NumberLabel, PlainButton, SectionLabel, TextLabel, TitleLabel

COLUMNS = 2
SPOKEN = 2
"""The first sections are of gestures, which are told in words."""


class KeySheet(QDialog):
    """What the mouse does on the canvas, then keys by menu.

    Emits
        change_wanted: the user wants other keys.
    """

    change_wanted = Signal()

    def __init__(self, parent: QWidget, actions: Actions) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 20, 24, 20)
        outer.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(TitleLabel(self.tr("Keys and gestures")))
        head.addStretch(1)
        change = PlainButton(self.tr("Change keys…"))
        change.clicked.connect(self._change)
        head.addWidget(change)
        outer.addLayout(head)
        body = QWidget()
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 12, 0)
        columns.setSpacing(40)
        sheets = [QVBoxLayout() for _ in range(COLUMNS)]
        for sheet in sheets:
            sheet.setSpacing(0)
            columns.addLayout(sheet, 1)
        heights = [0] * COLUMNS
        for number, (title, rows) in enumerate(_sections(self, actions)):
            shortest = heights.index(min(heights))
            sheets[shortest].addWidget(SectionLabel(title))
            sheets[shortest].addSpacing(8)
            sheets[shortest].addLayout(_rows(rows, spoken=number < SPOKEN))
            sheets[shortest].addSpacing(22)
            heights[shortest] += len(rows) + 2
        for sheet in sheets:
            sheet.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(body)
        outer.addWidget(scroll, 1)
        self.resize(1040, 680)

    def _change(self) -> None:
        self.accept()
        self.change_wanted.emit()


def _sections(sheet: KeySheet, actions: Actions) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    yield sheet.tr("On the canvas"), canvas_gestures(sheet)
    yield sheet.tr("On wires and ports"), wire_gestures(sheet)
    for category, title in category_titles().items():
        rows = [
            (
                QKeySequence.listToString(
                    action.shortcuts(), QKeySequence.SequenceFormat.NativeText
                ).replace("; ", "  "),
                plain_text(action.text()),
            )
            for spec, action in actions
            if spec.category == category and action.shortcuts()
        ]
        if rows:
            yield title, rows


def _rows(rows: Sequence[tuple[str, str]], spoken: bool) -> QGridLayout:
    """spoken: what stands at the right are words, not keys."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(5)
    for row, (keys, does) in enumerate(rows):
        what = TextLabel(does)
        what.setWordWrap(False)
        shown = NumberLabel(keys)
        shown.setFont(ui_font(12) if spoken else mono_font(11))
        grid.addWidget(what, row, 0)
        grid.addWidget(shown, row, 1)
    grid.setColumnStretch(0, 1)
    return grid
