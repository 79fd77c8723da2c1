"""A chart: lines over epochs without a frame, read by a crosshair and by direct labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.dashboard import scales
from gui.dashboard.decimate import POINTS, Array, cut
from gui.dashboard.header import Header
from gui.dashboard.legend import Entry
from gui.dashboard.line import DOT, Line, line_pen
from gui.dashboard.readout import EmptyState, Readout
from gui.theme import mono_font, theme

AXIS_WIDTH = 48
AXIS_HEIGHT = 22
ENDS = DOT + 1
"""Pixels beyond the ends of the axis of epochs."""
BESIDE = 8
"""Pixels at the right of the plot."""
FAINT = 0.15
"""How much of a line is left while the pointer is on the name of another."""
ROOM = 1.35
"""How far the axis of epochs goes beyond the last one while more are to come."""


@dataclass(frozen=True)
class Series:
    """One line.

    hue: which of the theme's colours for lines it has.
    earlier: it is a run that is over, to compare with: grey and dashed.
    """

    name: str
    x: Array
    y: Array
    hue: int = 0
    earlier: bool = False

    @property
    def color(self) -> str:
        colors = theme.tokens.series
        return theme.tokens.muted if self.earlier else colors[self.hue % len(colors)]


class Chart(QWidget):
    """Lines against the epoch, with a title, labels at the top right, and a crosshair.

    The wheel and dragging move along the epochs; a double click shows all again.
    """

    def __init__(
        self,
        title: str,
        empty: str,
        logarithmic: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setMinimumSize(220, 120)
        self._series: tuple[Series, ...] = ()
        self._drawn: list[tuple[Series, Array, Array]] = []
        self._lines: list[Line] = []
        self._x: scales.Scale | None = None
        self._y: scales.Scale | None = None
        self._zoomed = False
        self._growing = False
        self.header = Header(title, logarithmic, self)
        self.header.logarithmic_changed.connect(self._redraw)
        self.header.pointed.connect(self.pick_out)
        self._plot = pg.PlotWidget(self)
        self.empty = EmptyState(empty, self._plot)
        self.readout = Readout(self._plot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.header)
        column.addWidget(self._plot, 1)
        self._prepare_plot()
        self._dress()
        theme.changed.connect(self._dress)

    def _prepare_plot(self) -> None:
        plot = self._plot
        plot.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=True, y=False)
        self._box = plot.getViewBox()
        self._box.setDefaultPadding(0)
        self._box.disableAutoRange()
        self._box.sigResized.connect(self._show_across)
        self._box.sigRangeChangedManually.connect(self._zoom)
        left, bottom = plot.getAxis("left"), plot.getAxis("bottom")
        left.setWidth(AXIS_WIDTH)
        bottom.setHeight(AXIS_HEIGHT)
        left.setGrid(255)
        left.setZValue(-100)
        # The number at the right end stands halfway beyond it.
        bottom.setStyle(hideOverlappingLabels=False)
        plot.getPlotItem().layout.setContentsMargins(0, 0, BESIDE, 0)
        for axis in (left, bottom):
            axis.setStyle(
                tickLength=0,
                tickAlpha=255,
                tickTextOffset=8,
                tickFont=mono_font(11),
                maxTextLevel=0,
            )
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._cross.setZValue(10)
        self._cross.hide()
        plot.addItem(self._cross, ignoreBounds=True)
        plot.viewport().setMouseTracking(True)
        plot.viewport().installEventFilter(self)

    def _dress(self) -> None:
        """Take the colours of the theme."""
        tokens = theme.tokens
        self._plot.setBackground(tokens.surface)
        for name in ("left", "bottom"):
            axis = self._plot.getAxis(name)
            axis.setPen(pg.mkPen(None))
            axis.setTickPen(pg.mkPen(tokens.hairline, width=1))
            axis.setTextPen(pg.mkPen(tokens.muted))
        self._cross.setPen(
            pg.mkPen(tokens.accent, width=1, style=Qt.PenStyle.CustomDashLine, dash=[3, 3])
        )
        self._redraw()

    # What is shown

    @property
    def epochs_shown(self) -> tuple[float, float]:
        """The two ends of the axis of epochs."""
        if self._x is not None and not self._zoomed:
            return self._x.low, self._x.high
        low, high = self._box.viewRange()[0]
        return float(low), float(high)

    def drawn_points(self) -> list[tuple[Array, Array]]:
        """The points of each line as they are drawn, cut down, logarithms on a log axis."""
        return [(x, y) for _, x, y in self._drawn]

    def place_of(self, epoch: float, height: float) -> QPointF:
        """Where a point of the axes is in the plot, in pixels."""
        return QPointF(self._box.mapViewToScene(QPointF(epoch, height)))

    @property
    def logarithmic(self) -> bool:
        return self.header.logarithmic

    def show_series(self, series: Sequence[Series], growing: bool = False) -> None:
        """Draw these lines, the first on top, cut down to the pixels there are.

        growing: more is to come, so some room is left at the right; an axis that
        changes with every point costs as much as the lines.
        """
        self._series = tuple(series)
        self._growing = growing
        self._redraw()

    def _redraw(self) -> None:
        self._drawn = [(line, *self._cut(line)) for line in self._series if len(line.x)]
        self.empty.setVisible(not self._drawn)
        self.header.show_entries(
            [Entry(line.name, line.color, line.earlier) for line, _, _ in self._drawn]
        )
        self._fit_scales()
        self._fill_lines()

    def _cut(self, line: Series) -> tuple[Array, Array]:
        x, y = line.x, line.y
        if self._zoomed:
            (low, high), _ = self._box.viewRange()
            first, last = np.searchsorted(x, (low, high))
            x, y = x[max(0, first - 1) : last + 1], y[max(0, first - 1) : last + 1]
        if self.logarithmic:
            with np.errstate(divide="ignore", invalid="ignore"):
                y = np.log10(y)
        points = 150 if line.earlier else min(POINTS, max(100, self._plot.width() * 2 // 3))
        return cut(x, y, points)

    def _fit_scales(self) -> None:
        low, high = scales.span(
            [(float(y.min()), float(y.max())) for *_, y in self._drawn if len(y)]
        )
        kind = scales.logarithmic if self.logarithmic else scales.linear
        wanted = kind(low, high)
        if self._y is None or not self._y.fits(low, high) or self._y.ticks[0] != wanted.ticks[0]:
            self._y = wanted
            self._plot.getAxis("left").setTicks([list(wanted.ticks)])
            self._box.setYRange(wanted.low, wanted.high, padding=0.04)
        last = max((float(x[-1]) for _, x, _ in self._drawn if len(x)), default=1.0)
        if self._growing and self._x is not None and 0.6 * self._x.high < last <= self._x.high:
            return
        across = scales.epochs(last * ROOM if self._growing else last)
        if not self._zoomed and across != self._x:
            self._plot.getAxis("bottom").setTicks([list(across.ticks)])
            self._x = across
            self._show_across()

    def _show_across(self) -> None:
        """The whole axis of epochs, with room at its ends for a point that stands there."""
        if self._x is None or self._zoomed:
            return
        length = self._x.high - self._x.low
        room = length * ENDS / max(1.0, self._box.width() - 2 * ENDS)
        self._box.setXRange(self._x.low - room, self._x.high + room, padding=0)

    def _fill_lines(self) -> None:
        while len(self._lines) < len(self._drawn):
            line = Line()
            line.setZValue(-len(self._lines))
            self._plot.addItem(line, ignoreBounds=True)
            self._lines.append(line)
        sight = QRectF(self._box.viewRect())
        for number, line in enumerate(self._lines):
            shown = number < len(self._drawn)
            line.setVisible(shown)
            if shown:
                series, x, y = self._drawn[number]
                line.show_points(x, y, line_pen(series.color, series.earlier), sight)

    # Reading and moving

    def pick_out(self, number: int) -> None:
        """Let all lines but one fade; none of them for -1."""
        for each, line in enumerate(self._lines):
            line.setOpacity(1.0 if number in (-1, each) else FAINT)

    def _zoom(self) -> None:
        self._zoomed = True
        self._plot.getAxis("bottom").setTicks(None)
        self._redraw()

    def show_all(self) -> None:
        """Show all epochs again, and keep up with new ones."""
        self._zoomed = False
        self._x = None
        self._redraw()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self.point_at(event.position())
        elif kind == QEvent.Type.Leave:
            self._cross.hide()
            self.readout.hide()
        elif kind == QEvent.Type.MouseButtonDblClick:
            self.show_all()
            return True
        return False

    def point_at(self, position: QPointF) -> None:
        """Put the crosshair at a place in the plot, and say what the lines are there."""
        if not self._drawn or not self._box.sceneBoundingRect().contains(position):
            self._cross.hide()
            self.readout.hide()
            return
        epoch = float(self._box.mapSceneToView(position).x())
        rows = []
        for line, x, y in self._drawn:
            if not len(x):
                continue
            at = int(np.clip(np.searchsorted(x, epoch), 1, max(1, len(x) - 1)))
            nearest = at - 1 if at == len(x) or epoch - x[at - 1] < x[at] - epoch else at
            value = 10.0 ** y[nearest] if self.logarithmic else y[nearest]
            rows.append((line.name, scales.reading(float(value)), line.color))
        self._cross.setPos(epoch)
        self._cross.show()
        self.readout.show_rows(self.tr("epoch {0}").format(f"{epoch:.1f}"), rows, position)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.empty.setGeometry(self._plot.rect())
