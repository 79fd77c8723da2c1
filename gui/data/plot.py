"""Points of two columns, coloured by the target."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.data import Column
from engine.data.table import number_text
from gui.data.draft import Study
from gui.theme import class_color, diverging_color, mono_font, theme, ui_font
from gui.widgets import ChoiceField, HintLabel

MOST = 3000
"""Points painted; of more, every so many-th."""
LEFT, BOTTOM, TOP, RIGHT = 56, 36, 16, 24
TICKS = 5


def plottable(study: Study) -> list[str]:
    """The number columns that an axis can show."""
    return [
        column.name
        for column, summary in zip(study.table.columns, study.summaries, strict=True)
        if column.kind == "number" and column.values.ndim == 1 and summary.distinct
    ]


class PointPlot(QWidget):
    """Choice of two columns over the plot of their points."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._study: Study | None = None
        self.points = Points(self)
        self.across = ChoiceField({}, parent=self)
        self.up = ChoiceField({}, parent=self)
        self.across.setAccessibleName(self.tr("Column across"))
        self.up.setAccessibleName(self.tr("Column upwards"))
        for choice in (self.across, self.up):
            choice.setMaximumWidth(220)
            choice.committed.connect(self._replot)
        row = QHBoxLayout()
        row.setContentsMargins(16, 12, 16, 0)
        row.setSpacing(8)
        row.addWidget(self.up)
        row.addWidget(HintLabel(self.tr("against"), self))
        row.addWidget(self.across)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.points, 1)

    def show_study(self, study: Study | None) -> None:
        fresh = study is None or self._study is None or study.table is not self._study.table
        self._study = study
        if study is None:
            return
        names = plottable(study)
        if fresh:
            options = {name: name for name in names}
            self.across.set_options(options)
            self.up.set_options(options)
            features = [name for name in names if name != study.target] or names
            if features:
                self.across.set_value(features[0])
                # A value is plotted over what it depends on, a class over two features.
                second = (
                    study.target if study.target in names else features[min(1, len(features) - 1)]
                )
                self.up.set_value(second)
        self._replot()

    def _replot(self) -> None:
        study = self._study
        if study is None or self.across.currentIndex() < 0:
            self.points.show_points(None, None, None)
            return
        column = study.table.column
        target = column(study.target)
        colors = None if target.name in (self.up.value, self.across.value) else target
        self.points.show_points(column(self.across.value), column(self.up.value), colors)


class Points(QWidget):
    """The plot itself: no frame, hairlines at round numbers, the classes at the top right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._x: Column | None = None
        self._y: Column | None = None
        self._target: Column | None = None
        self._target_range = (0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(160)

    def show_points(self, x: Column | None, y: Column | None, target: Column | None) -> None:
        """Points (x, y) in the colours of `target`; None for one colour."""
        self._x, self._y, self._target = x, y, target
        if target is not None and target.kind == "number" and target.values.ndim == 1:
            self._target_range = _range(target.values)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._x is None or self._y is None:
            return
        painter = QPainter(self)
        area = QRectF(self.rect()).adjusted(LEFT, TOP, -RIGHT, -BOTTOM)
        x_range, y_range = _range(self._x.values), _range(self._y.values)
        self._paint_axes(painter, area, x_range, y_range)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows = np.flatnonzero(~(self._x.missing | self._y.missing))
        rows = rows[:: max(1, -(-len(rows) // MOST))]
        across = area.left() + area.width() * _share(self._x.values[rows], x_range)
        down = area.bottom() - area.height() * _share(self._y.values[rows], y_range)
        radius = 3.5 if len(rows) < 800 else 2.5
        edge = QColor(theme.tokens.surface)
        painter.setPen(QPen(edge, 0.8))
        for row, x, y in zip(rows.tolist(), across.tolist(), down.tolist(), strict=True):
            painter.setBrush(self._color(row))
            painter.drawEllipse(QPointF(x, y), radius, radius)

    def _color(self, row: int) -> QColor:
        tokens, target = theme.tokens, self._target
        if target is None or target.kind == "text" or target.values.ndim > 1:
            return QColor(tokens.accent)
        if target.kind == "category":
            code = int(target.values[row])
            return (
                class_color(code, len(target.levels), tokens) if code >= 0 else QColor(tokens.muted)
            )
        low, high = self._target_range
        return diverging_color(2 * float((target.values[row] - low) / (high - low)) - 1, tokens)

    def _paint_axes(
        self,
        painter: QPainter,
        area: QRectF,
        x_range: tuple[float, float],
        y_range: tuple[float, float],
    ) -> None:
        tokens = theme.tokens
        painter.setFont(mono_font(10.5))
        center = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for tick in _ticks(*x_range):
            x = area.left() + area.width() * (tick - x_range[0]) / (x_range[1] - x_range[0])
            painter.setPen(QPen(QColor(tokens.hairline), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QRectF(x - 40, area.bottom() + 6, 80, 14), center, number_text(tick))
        for tick in _ticks(*y_range):
            y = area.bottom() - area.height() * (tick - y_range[0]) / (y_range[1] - y_range[0])
            painter.setPen(QPen(QColor(tokens.hairline), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(tokens.muted))
            painter.drawText(QRectF(0, y - 8, area.left() - 8, 16), right, number_text(tick))
        self._paint_legend(painter, area)

    def _paint_legend(self, painter: QPainter, area: QRectF) -> None:
        target = self._target
        is_shown = target is not None and target.kind == "category" and target.values.ndim == 1
        if target is None or not is_shown or len(target.levels) > 12:
            return
        tokens = theme.tokens
        painter.setFont(ui_font(12, 500))
        metrics = painter.fontMetrics()
        right = area.right()
        for number in reversed(range(len(target.levels))):
            name = metrics.elidedText(target.levels[number], Qt.TextElideMode.ElideRight, 140)
            width = metrics.horizontalAdvance(name)
            box = QRect(int(right - width), int(area.top()) - 14, width + 2, 18)
            painter.setPen(QColor(tokens.second))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
            painter.setBrush(class_color(number, len(target.levels), tokens))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QRectF(box.left() - 13, box.center().y() - 3, 7, 7))
            right = box.left() - 30


def _range(values: NDArray[Any]) -> tuple[float, float]:
    """Smallest and largest number with some air around them."""
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    air = 0.04 * (high - low) or max(abs(low), 1.0)
    return low - air, high + air


def _share(values: NDArray[Any], span: tuple[float, float]) -> NDArray[Any]:
    return np.asarray((values - span[0]) / (span[1] - span[0]))


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers within a range, about five."""
    raw = (high - low) / TICKS
    unit = 10.0 ** np.floor(np.log10(raw))
    step = float(next(unit * size for size in (1, 2, 5, 10) if unit * size >= raw))
    first = int(np.ceil(low / step))
    return [round(n * step, 12) for n in range(first, int(np.floor(high / step)) + 1)]
