"""Small pictures of numbers: what a neuron computes over the plane, what a layer puts out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from engine.layers.base import Layer
from gui.theme import Tokens, class_color, diverging

Array = NDArray[Any]

LONGEST_ROW = 32
"""Cells in one row of a strip; longer layers are folded."""
MOST_MAPS = 8
MOST_CELLS = 256

BETWEEN_ZERO_AND_ONE = frozenset({"sigmoid", "hard_sigmoid", "softmax", "step"})
BETWEEN_ONES = frozenset({"tanh", "softsign"})


def activation_kind(layer: Layer) -> str:
    """The kind of a layer's activation; empty for a layer that has none."""
    settings = layer.__dict__
    activation = settings.get("activation") or settings.get("function")
    return getattr(activation, "kind", "")


def centred(values: Array, activation: str) -> tuple[Array, float]:
    """Values shifted so that an undecided one is zero, and the size at which colour is full."""
    if activation in BETWEEN_ZERO_AND_ONE:
        return 2.0 * values - 1.0, 1.0
    if activation in BETWEEN_ONES:
        return values, 1.0
    return values, float(np.max(np.abs(values), initial=1e-9))


def heat(values: Array, activation: str, tokens: Tokens) -> QImage:
    """One neuron over the input plane, (H, W) with the top row first."""
    shown, limit = centred(np.nan_to_num(values), activation)
    return diverging(shown, tokens, limit)


def classes(values: Array, tokens: Tokens) -> QImage:
    """Shares of K classes over the plane, (K, H, W), as a mixture of the classes' colours."""
    count = len(values)
    colors = np.array([_rgb(class_color(number, count, tokens)) for number in range(count)])
    shares = np.clip(np.nan_to_num(values), 0.0, 1.0)
    mixed = np.tensordot(shares, colors, axes=(0, 0))  # (H, W, 3)
    background = np.array(_rgb(tokens.zero))
    mixed += (1.0 - np.minimum(shares.sum(axis=0), 1.0))[..., None] * background
    return _image(mixed)


def strip(values: Array, activation: str, tokens: Tokens) -> QImage:
    """The activations of one example, (units,), in rows; probabilities from nothing to full."""
    shown = np.nan_to_num(values[:MOST_CELLS])
    limit = 1.0 if activation in BETWEEN_ZERO_AND_ONE | BETWEEN_ONES else None
    count = len(shown)
    rows = -(-count // LONGEST_ROW)
    columns = -(-count // rows)
    cells = np.zeros(rows * columns)
    cells[:count] = shown
    return diverging(cells.reshape(rows, columns), tokens, limit)


def maps(values: Array, tokens: Tokens) -> QImage:
    """The first channels of (C, H, W) side by side, with a column of background between."""
    shown = np.nan_to_num(values[:MOST_MAPS])
    return diverging(_side_by_side(shown), tokens)


def examples(images: Array, tokens: Tokens) -> QImage:
    """Grey pictures (count, H, W) side by side, ink on paper as the theme has it."""
    low, high = float(images.min()), float(images.max())
    ink = (images - low) / (high - low or 1.0)
    sheet = _side_by_side(ink, gap=1, fill=-1.0)
    paper, pen = (14.0, 245.0) if tokens.dark else (250.0, 20.0)
    grey = paper + np.clip(sheet, 0.0, 1.0) * (pen - paper)
    mixed = np.repeat(grey[..., None], 3, axis=2)
    mixed[sheet < 0] = _rgb(tokens.node)
    return _image(mixed)


def _side_by_side(images: Array, gap: int = 1, fill: float = 0.0) -> Array:
    count, height, width = images.shape
    sheet = np.full((height, count * (width + gap) - gap), fill)
    for number, image in enumerate(images):
        start = number * (width + gap)
        sheet[:, start : start + width] = image
    return sheet


def _rgb(color: str | QColor) -> tuple[int, int, int]:
    parsed = QColor(color)
    return parsed.red(), parsed.green(), parsed.blue()


def _image(rgb: Array) -> QImage:
    """An image of (H, W, 3) numbers from 0 to 255."""
    channels = np.clip(np.rint(rgb), 0, 255).astype(np.uint32)
    pixels = np.ascontiguousarray(
        np.uint32(0xFF000000) | channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]
    )
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    return image.copy()  # the image borrowed the array's memory
