"""Small histograms: how a layer's weights and activations are spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.dashboard.scales import reading
from gui.theme import Tokens, mono_font, ui_font

BINS = 32
SAMPLE = 8192
"""More numbers than this are sampled evenly; the shape is the same, the count takes 0.2 ms."""


Array = NDArray[Any]


def sampled(values: Array) -> Array:
    """At most `SAMPLE` of some numbers, as a vector."""
    flat = np.asarray(values).reshape(-1)
    return flat[:: -(-len(flat) // SAMPLE)] if len(flat) > SAMPLE else flat


@dataclass(frozen=True)
class Histogram:
    """Shares of values by bin, from `low` to `high`.

    Shapes: shares (bins,), the largest of which is 1.
    """

    low: float
    high: float
    shares: NDArray[np.float64]
    mean: float
    deviation: float

    @classmethod
    def of(cls, values: Array, bins: int = BINS) -> Histogram | None:
        """The histogram of all finite values; None if there is none."""
        flat = sampled(values)
        flat = flat[np.isfinite(flat)]
        if not len(flat):
            return None
        low, high = float(flat.min()), float(flat.max())
        if high - low < 1e-9 * max(1.0, abs(high)):
            low, high = low - 0.5, high + 0.5
        index = ((flat - low) * (bins / (high - low))).astype(np.intp)
        counts = np.bincount(np.minimum(index, bins - 1), minlength=bins)
        return cls(low, high, counts / counts.max(), float(flat.mean()), float(flat.std()))


def paint_histogram(
    painter: QPainter,
    rect: QRectF,
    title: str,
    histogram: Histogram | None,
    color: str,
    tokens: Tokens,
) -> None:
    """Paint a title, the bars and the two ends in `rect`; a dash where there is nothing."""
    painter.setFont(ui_font(11))
    painter.setPen(QColor(tokens.muted))
    head = QRectF(rect.x(), rect.y(), rect.width(), 14)
    painter.drawText(head, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
    bars = rect.adjusted(0, 18, 0, -16)
    painter.setPen(QPen(QColor(tokens.border), 1))
    painter.drawLine(bars.bottomLeft(), bars.bottomRight())
    if histogram is None:
        return
    painter.setFont(mono_font(10))
    painter.setPen(QColor(tokens.second))
    painter.drawText(
        head,
        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
        f"{histogram.mean:+.2f} ± {histogram.deviation:.2f}",
    )
    count = len(histogram.shares)
    edges = [round(bars.left() + bars.width() * i / count) for i in range(count + 1)]
    base = round(bars.bottom())
    heights = np.rint(histogram.shares * bars.height()).astype(int).tolist()
    fill = QColor(color)
    fill.setAlphaF(0.75)
    # Whole pixels without smoothing: a tenth of the cost of an outline.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for left, right, height in zip(edges, edges[1:], heights, strict=False):
        if height:
            painter.fillRect(left, base - height, right - left - 1, height, fill)
    if histogram.low < 0 < histogram.high:
        zero = bars.left() + bars.width() * -histogram.low / (histogram.high - histogram.low)
        painter.setPen(QPen(QColor(tokens.muted), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(zero, bars.top()), QPointF(zero, bars.bottom()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(tokens.muted))
    feet = QRectF(rect.x(), bars.bottom() + 2, rect.width(), 13)
    painter.drawText(feet, Qt.AlignmentFlag.AlignLeft, reading(histogram.low))
    painter.drawText(feet, Qt.AlignmentFlag.AlignRight, reading(histogram.high))
