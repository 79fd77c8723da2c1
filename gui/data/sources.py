"""The list of data sets to choose from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QScrollArea, QVBoxLayout, QWidget

from engine.data import SOURCES, Source, Table
from gui.forms import spoken
from gui.theme import class_color, paint_icon, theme, ui_font
from gui.widgets import HintLabel, PlainButton, SectionLabel

ICONS = {
    "digits": "number-square-eight",
    "iris": "flower",
    "wine": "wine",
    "breast_cancer": "heartbeat",
    "diabetes": "drop",
    "next_character": "text-aa",
    "code_tokens": "code",
    "sentences": "chat-text",
    "memories": "brain",
    "csv": "table",
    "npy": "cube",
    "images": "image",
}
THUMBNAIL, ROW = 34, 46
THUMBNAIL_POINTS, SEQUENCE_POINTS = 120, 24


class SourceList(QWidget):
    """Files, real data and synthetic data, each with one line of what it is.

    Emits
        chosen (str): the kind of a data set.
        file_wanted, folder_wanted: the user wants to choose a file, or a folder of images.
    """

    chosen = Signal(str)
    file_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, SourceRow] = {}
        self._group = QButtonGroup(self)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(8, 16, 8, 16)
        self._column.setSpacing(2)
        self._add_file()
        self._add_section(self.tr("Real data"), "real")
        self._add_section(self.tr("Synthetic data"), "synthetic")
        self._column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def show_source(self, source: Source | None) -> None:
        """Mark what is looked at; a file is named in a row of its own."""
        kind = source.kind if source else ""
        file = source is not None and source.group == "file"
        self._file_row.setVisible(file)
        if source is not None and file:
            self._file_row.show_text(source.title(), spoken(source.label))
            self._file_row.show_icon(ICONS[source.kind])
        self._group.setExclusive(False)
        for each, row in self._rows.items():
            row.setChecked(each == kind)
        self._file_row.setChecked(file)
        self._group.setExclusive(True)

    def _add_file(self) -> None:
        self._column.addWidget(self._label(self.tr("Your own")))
        self.open_button = PlainButton(self.tr("Open file…"), "folder-open", self)
        self.open_button.clicked.connect(self.file_wanted)
        self.folder_button = PlainButton(self.tr("Open folder…"), "image", self)
        self.folder_button.clicked.connect(self.folder_wanted)
        line = QVBoxLayout()
        line.setContentsMargins(8, 4, 8, 4)
        line.setSpacing(6)
        line.addWidget(self.open_button)
        line.addWidget(self.folder_button)
        hint = HintLabel(self.tr("CSV, NumPy or images; or drop it here"), self)
        line.addWidget(hint)
        self._column.addLayout(line)
        self._file_row = SourceRow(None, self)
        self._group.addButton(self._file_row)
        self._column.addWidget(self._file_row)
        self._file_row.hide()

    def _add_section(self, title: str, group: str) -> None:
        self._column.addSpacing(12)
        self._column.addWidget(self._label(title))
        for source in SOURCES:
            if source.group != group:
                continue
            row = SourceRow(source, self)
            row.clicked.connect(lambda checked=False, kind=source.kind: self.chosen.emit(kind))
            self._rows[source.kind] = row
            self._group.addButton(row)
            self._column.addWidget(row)

    def _label(self, text: str) -> QWidget:
        label = SectionLabel(text, self)
        label.setContentsMargins(8, 0, 8, 4)
        return label

    def row(self, kind: str) -> SourceRow:
        """The row of a data set. Raises KeyError."""
        return self._rows[kind]


class SourceRow(QAbstractButton):
    """A picture, the name, and the first clause of what it is; all of it in the tooltip."""

    def __init__(self, source: type[Source] | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._icon = ICONS.get(source.kind if source else "csv", "table")
        self._points: Sequence[tuple[QPointF, int, int]] = ()
        self._drawn = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(ROW)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if source is not None:
            self.show_text(spoken(source.label), spoken(source.summary))

    def show_text(self, name: str, summary: str) -> None:
        self.setText(name)
        self.setToolTip(f"{name}\n{summary}")
        self.setAccessibleName(name)
        self.setAccessibleDescription(summary)
        # The first clause says what it is; the question after the colon is for the tooltip.
        self._summary = summary.partition(":")[0]
        self.update()

    def show_icon(self, name: str) -> None:
        self._icon = name
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = tokens.tint if self.isChecked() else tokens.hover if self.underMouse() else ""
        if ground or self.hasFocus():
            painter.setPen(QColor(tokens.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        square = QRect(8, (self.height() - THUMBNAIL) // 2, THUMBNAIL, THUMBNAIL)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.field))
        painter.drawRoundedRect(square, 6, 6)
        self._paint_picture(painter, square)
        left = square.right() + 11
        line = QRect(left, 5, self.width() - left - 8, 18)
        painter.setFont(ui_font(13, 600 if self.isChecked() else 500))
        painter.setPen(QColor(tokens.text))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        metrics = painter.fontMetrics()
        right = Qt.TextElideMode.ElideRight
        painter.drawText(line, middle, metrics.elidedText(self.text(), right, line.width()))
        line.translate(0, 18)
        painter.setFont(ui_font(12))
        painter.setPen(QColor(tokens.second if self.isChecked() else tokens.muted))
        metrics = painter.fontMetrics()
        painter.drawText(line, middle, metrics.elidedText(self._summary, right, line.width()))

    def _paint_picture(self, painter: QPainter, square: QRect) -> None:
        tokens = theme.tokens
        if self._source is None or self._source.group != "synthetic":
            area = square.adjusted(9, 9, -9, -9)
            paint_icon(painter, area, self._icon, tokens.second)
            return
        if not self._drawn:
            self._points, self._drawn = thumbnail(self._source), True
        for point, number, count in self._points:
            painter.setBrush(class_color(number, count, tokens))
            at = QPointF(square.left() + 4 + point.x() * 26, square.top() + 4 + point.y() * 26)
            painter.drawEllipse(at, 1.1, 1.1)


def thumbnail(source: type[Source]) -> list[tuple[QPointF, int, int]]:
    """A few points of a source in the unit square: each with its class, and of how many."""
    table: Table = source(count=THUMBNAIL_POINTS).load()
    last = table.columns[-1]
    sequence = next((c.values for c in (table.columns[0], last) if c.values.ndim > 1), None)
    if sequence is not None:  # the first ones against time
        rows = slice(-(-SEQUENCE_POINTS // sequence[0].size))
        y = _unit(sequence[rows].ravel())
        x = _unit(np.arange(len(y)))
    else:
        x, y = (_unit(table.columns[place].values) for place in (0, 1))
    codes = np.ones(len(x), np.intp)
    if last.kind == "category":
        codes = np.maximum(last.values.ravel()[: len(x)], 0)
    count = len(last.levels) or 2
    return [
        (QPointF(a, 1 - b), code, count)
        for a, b, code in zip(x.tolist(), y.tolist(), codes.tolist(), strict=True)
    ]


def _unit(values: np.ndarray) -> np.ndarray:
    return np.asarray((values - values.min()) / (float(np.ptp(values)) or 1.0))
