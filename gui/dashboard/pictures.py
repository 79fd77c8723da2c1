"""Small pictures of numbers: what a layer puts out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from gui.theme import Tokens, diverging, mono_font
from gui.widgets.heat import BETWEEN_ONES, BETWEEN_ZERO_AND_ONE, channels, painted

Array = NDArray[Any]

LONGEST_ROW = 32
"""Cells in one row of a strip; longer layers are folded."""
MOST_MAPS = 8
MOST_CELLS = 256
MOST_STEPS, MOST_FEATURES = 128, 48
LEAST_SHARE = 0.2
"""The probability at which colour is full in a strip, at least."""
WIDE = 3
"""How much wider than high the picture of a sequence is."""
MOST_BARS = 16
"""Vectors of more numbers are strips of cells."""
BAR = 16
"""Pixels in the height of bars; they are scaled as the card has room."""
GAUGE, NUMBER = (400, 64), 150
"""The size of a gauge, of which so much is the number's."""
CURVE = (432, 128)
FEW_STEPS = 40
"""Up to so many steps each has a dot on its curve."""


def strip(values: Array, activation: str, tokens: Tokens) -> QImage:
    """The activations of one example, (units,), in rows; probabilities from nothing to full."""
    shown = np.nan_to_num(values[:MOST_CELLS])
    limit = 1.0 if activation in BETWEEN_ZERO_AND_ONE | BETWEEN_ONES else None
    if activation == "softmax":  # of many classes none is near 1 at first
        limit = max(LEAST_SHARE, float(shown.max()))
    count = len(shown)
    rows = -(-count // LONGEST_ROW)
    columns = -(-count // rows)
    cells = np.zeros(rows * columns)
    cells[:count] = shown
    return diverging(cells.reshape(rows, columns), tokens, limit)


def bars(values: Array, activation: str, tokens: Tokens) -> QImage:
    """A few numbers (units,) as bars from a line of zero, upwards and downwards."""
    shown = np.nan_to_num(values)
    fixed = activation in BETWEEN_ZERO_AND_ONE | BETWEEN_ONES
    limit = 1.0 if fixed else float(np.max(np.abs(shown), initial=1e-9))
    below = activation not in BETWEEN_ZERO_AND_ONE and bool((shown < 0).any())
    wide, zero = max(3, 32 // len(shown)), BAR // 2 if below else 0  # zero from the bottom
    sheet = np.zeros((BAR, len(shown) * (wide + 1) - 1))
    for number, share in enumerate(np.clip(shown / limit, -1.0, 1.0)):
        tall = round(abs(share) * (BAR - zero)) if share else 0
        low = zero if share > 0 else zero - min(tall, zero)
        start = number * (wide + 1)
        sheet[low : low + tall, start : start + wide] = np.sign(share)
        if not tall:  # a line, so that nothing is told from nothing there
            sheet[zero : zero + 1, start : start + wide] = 0.25
    return diverging(sheet[::-1], tokens, 1.0)


def gauge(value: float, limit: float, activation: str, tokens: Tokens) -> QImage:
    """One number: a bar from nothing, and the number itself. limit: where the bar is full."""
    signed = activation not in BETWEEN_ZERO_AND_ONE
    limit = 1.0 if activation in BETWEEN_ZERO_AND_ONE | BETWEEN_ONES else limit
    image = QImage(GAUGE[0], GAUGE[1], QImage.Format.Format_RGB32)
    image.fill(QColor(tokens.zero))
    wide, tall = GAUGE[0] - NUMBER, GAUGE[1]
    painter = QPainter(image)
    painter.fillRect(QRectF(0, tall * 0.4, wide, tall * 0.2), QColor(tokens.border))
    share = max(-1.0, min(1.0, value / limit)) if limit > 0 and math.isfinite(value) else 0.0
    zero, length = (wide / 2, wide / 2) if signed else (0.0, float(wide))
    color = QColor(tokens.positive if share >= 0 else tokens.negative)
    left = zero + min(0.0, share * length)
    painter.fillRect(QRectF(left, tall * 0.15, abs(share) * length, tall * 0.7), color)
    painter.fillRect(QRectF(zero - 1.5, 0, 3, tall), QColor(tokens.second))
    painter.setFont(mono_font(tall * 0.72))
    painter.setPen(QColor(tokens.text))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(QRectF(wide, 0, NUMBER, tall), right, f"{value:.2f}".replace("-", "−"))
    painter.end()
    return image


def curve(values: Array, tokens: Tokens, size: tuple[int, int] = CURVE) -> QImage:
    """A sequence of single numbers (T,) as a line over its steps, with the line of zero."""
    shown = np.nan_to_num(values)
    wide, tall = size
    image = QImage(wide, tall, QImage.Format.Format_RGB32)
    image.fill(QColor(tokens.zero))
    low, high = min(0.0, float(shown.min())), max(0.0, float(shown.max()))
    scale = (tall - 16) / (high - low or 1.0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    zero = 8 + high * scale
    painter.setPen(QPen(QColor(tokens.border), 2))
    painter.drawLine(QPointF(0, zero), QPointF(wide, zero))
    step = (wide - 12) / max(1, len(shown) - 1)
    points = [QPointF(6 + i * step, 8 + (high - v) * scale) for i, v in enumerate(shown.tolist())]
    painter.setPen(QPen(QColor(tokens.positive), 5))
    painter.drawPolyline(points)
    if len(points) <= FEW_STEPS:
        painter.setBrush(QColor(tokens.positive))
        painter.setPen(Qt.PenStyle.NoPen)
        for point in points:
            painter.drawEllipse(point, 5, 5)
    painter.end()
    return image


def sequence(values: Array, activation: str, tokens: Tokens) -> QImage:
    """A sequence (T, D): steps from left to right, each a column of its D numbers."""
    shown = np.nan_to_num(values[:MOST_STEPS, :MOST_FEATURES])
    limit = 1.0 if activation in BETWEEN_ZERO_AND_ONE | BETWEEN_ONES else None
    # Cards are wide: each step takes as many pixels as make the picture so.
    wide = max(1, -(-WIDE * shown.shape[1] // len(shown)))
    return diverging(np.repeat(shown.T, wide, axis=1), tokens, limit)


def maps(values: Array, tokens: Tokens, most: int = MOST_MAPS) -> QImage:
    """The first channels of (C, H, W) in rows, with a line of background between."""
    shown = np.nan_to_num(values[:most])
    per_row = len(shown) if len(shown) <= 3 else -(-len(shown) // 2)
    limit = float(np.max(np.abs(shown), initial=0.0))
    height, width = shown.shape[1:]
    rows = -(-len(shown) // per_row)
    sheet = np.full((rows * (height + 1) - 1, per_row * (width + 1) - 1), np.nan)
    for number, image in enumerate(shown):
        top, left = number // per_row * (height + 1), number % per_row * (width + 1)
        sheet[top : top + height, left : left + width] = image
    picture = diverging(np.nan_to_num(sheet), tokens, limit)
    for top, left in np.argwhere(np.isnan(sheet)).tolist():
        picture.setPixelColor(left, top, QColor(tokens.node))
    return picture


def of_data(image: Array, tokens: Tokens, *, photograph: bool = False) -> QImage:
    """A picture (C, H, W) of the data: in its colours if it has three, else grey.

    photograph: light is light in any theme; else it is drawn in ink.
    """
    if len(image) != 3:
        grey = image.mean(axis=0, keepdims=True)
        if not photograph:
            return examples(grey, tokens)
        image = np.repeat(grey, 3, axis=0)
    low, high = float(image.min()), float(image.max())
    return painted(np.moveaxis(image - low, 0, -1) * (255.0 / (high - low or 1.0)))


def examples(images: Array, tokens: Tokens) -> QImage:
    """Grey pictures (count, H, W) side by side, ink on paper as the theme has it."""
    low, high = float(images.min()), float(images.max())
    ink = (images - low) / (high - low or 1.0)
    sheet = _side_by_side(ink, gap=1, fill=-1.0)
    paper, pen = (14.0, 245.0) if tokens.dark else (250.0, 20.0)
    grey = paper + np.clip(sheet, 0.0, 1.0) * (pen - paper)
    mixed = np.repeat(grey[..., None], 3, axis=2)
    mixed[sheet < 0] = channels(tokens.node)
    return painted(mixed)


def _side_by_side(images: Array, gap: int = 1, fill: float = 0.0) -> Array:
    count, height, width = images.shape
    sheet = np.full((height, count * (width + gap) - gap), fill)
    for number, image in enumerate(images):
        start = number * (width + gap)
        sheet[:, start : start + width] = image
    return sheet
