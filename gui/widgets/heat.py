"""What is computed over a plane as colours: of one neuron, or of shares of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from gui.theme import Tokens, class_color, diverging

if TYPE_CHECKING:
    from engine.layers.base import Layer

Array = NDArray[Any]

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
    colors = np.array([channels(class_color(number, count, tokens)) for number in range(count)])
    shares = np.clip(np.nan_to_num(values), 0.0, 1.0)
    mixed = np.tensordot(shares, colors, axes=(0, 0))  # (H, W, 3)
    background = np.array(channels(tokens.zero))
    mixed += (1.0 - np.minimum(shares.sum(axis=0), 1.0))[..., None] * background
    return painted(mixed)


def surface(values: Array, activation: str, tokens: Tokens) -> QImage | None:
    """What a node answers over the plane, (K, H, W): one number, or shares of classes.

    None for anything else.
    """
    if len(values) == 1:
        return heat(values[0], activation, tokens)
    if activation != "softmax":
        return None
    return heat(values[1], activation, tokens) if len(values) == 2 else classes(values, tokens)


def channels(color: str | QColor) -> tuple[int, int, int]:
    """Red, green and blue, from 0 to 255."""
    parsed = QColor(color)
    return parsed.red(), parsed.green(), parsed.blue()


def painted(rgb: Array) -> QImage:
    """An image of (H, W, 3) numbers from 0 to 255."""
    whole = np.clip(np.rint(rgb), 0, 255).astype(np.uint32)
    pixels = np.ascontiguousarray(
        np.uint32(0xFF000000) | whole[..., 0] << 16 | whole[..., 1] << 8 | whole[..., 2]
    )
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    return image.copy()  # the image borrowed the array's memory
