"""How the target is spread: a bar per class, or a histogram of values."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.data.dataset import Dataset
from engine.data.table import number_text
from gui.theme import class_color, mono_font, theme, ui_font
from gui.widgets.units import percent_text

LINE, MOST, HISTOGRAM = 20, 12, 72
BINS = 32


class Balance(QWidget):
    """Paints the spread of the target over all rows, and steps of sequences, that are used."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._ends = (0.0, 0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_dataset(self, dataset: Dataset | None) -> None:
        self._names, self._counts = (), ()
        if dataset is not None and dataset.signature.classes:
            self._names = dataset.signature.classes
            present = dataset.targets[dataset.targets >= 0]
            counts = np.bincount(present, minlength=len(self._names))
            self._counts = tuple(counts.tolist())
        elif dataset is not None:
            present = dataset.targets[~np.isnan(dataset.targets)]
            values = dataset.decode(present.astype(np.float64))
            self._ends = float(values.min()), float(values.max())
            if self._ends[0] < self._ends[1]:
                self._counts = tuple(np.histogram(values, BINS, self._ends)[0].tolist())
        spoken = ", ".join(
            f"{name} {count:,}" for name, count in zip(self._names, self._counts, strict=False)
        )
        self.setAccessibleDescription(spoken)
        self.setToolTip(spoken if len(self._names) > MOST else "")
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sizeHint(self) -> QSize:
        if not self._counts:
            return QSize(200, 0)
        lines = min(len(self._names), MOST) + (len(self._names) > MOST)
        return QSize(200, lines * LINE if self._names else HISTOGRAM)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._counts:
            return
        painter = QPainter(self)
        if self._names:
            self._paint_classes(painter)
        else:
            self._paint_values(painter)

    def _paint_classes(self, painter: QPainter) -> None:
        tokens = theme.tokens
        names, total = self._names[:MOST], sum(self._counts)
        painter.setFont(ui_font(12.5))
        metrics = painter.fontMetrics()
        label = min(110, max(metrics.horizontalAdvance(name) for name in names) + 2)
        number = 88
        room = max(8, self.width() - label - number - 16)
        middle = Qt.AlignmentFlag.AlignVCenter
        for line, (name, count) in enumerate(zip(names, self._counts, strict=False)):
            y = line * LINE
            painter.setFont(ui_font(12.5))
            painter.setPen(QColor(tokens.second))
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, label)
            painter.drawText(QRect(0, y, label, LINE), middle, shown)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(class_color(line, len(self._names), tokens))
            width = max(2.0, room * count / max(self._counts))
            painter.drawRoundedRect(QRectF(label + 8, y + LINE / 2 - 4, width, 8), 2, 2)
            painter.setFont(mono_font(11.5))
            painter.setPen(QColor(tokens.text))
            box = QRect(self.width() - number, y, number, LINE)
            painter.drawText(
                box.adjusted(0, 0, -40, 0), middle | Qt.AlignmentFlag.AlignRight, f"{count:,}"
            )
            painter.setPen(QColor(tokens.muted))
            painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, percent_text(count / total))
        if len(self._names) > MOST:
            rest = self.tr("and {n:,} more").format(n=len(self._names) - MOST)
            painter.setFont(ui_font(12))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QRect(0, MOST * LINE, self.width(), LINE), middle, rest)

    def _paint_values(self, painter: QPainter) -> None:
        tokens = theme.tokens
        area = QRectF(0, 0, self.width(), HISTOGRAM - 18)
        step = area.width() / len(self._counts)
        for number, count in enumerate(self._counts):
            if count:
                height = max(1.5, area.height() * count / max(self._counts))
                bar = QRectF(number * step, area.bottom() - height, step - 1, height)
                painter.fillRect(bar, QColor(tokens.accent))
        painter.setFont(mono_font(11))
        painter.setPen(QColor(tokens.muted))
        line = QRect(0, HISTOGRAM - 16, self.width(), 16)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, number_text(self._ends[0]))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, number_text(self._ends[1]))
