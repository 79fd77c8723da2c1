"""Numbers as colours: orange below zero, the background at zero, blue above."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from gui.theme.tokens import Tokens

STEPS = 127
"""Shades on either side of zero."""


@cache
def _table(tokens: Tokens) -> NDArray[np.uint32]:
    """0xffRRGGBB for -STEPS ... 0 ... +STEPS."""
    ends = [_rgb(tokens.negative), _rgb(tokens.zero), _rgb(tokens.positive)]
    at = np.arange(-STEPS, STEPS + 1) / STEPS
    channels = [np.interp(at, (-1, 0, 1), [end[i] for end in ends]) for i in range(3)]
    red, green, blue = (np.round(channel).astype(np.uint32) for channel in channels)
    return (np.uint32(0xFF000000) | red << 16 | green << 8 | blue).astype(np.uint32)


def _rgb(color: str) -> tuple[int, int, int]:
    parsed = QColor(color)
    return parsed.red(), parsed.green(), parsed.blue()


def diverging(values: NDArray[Any], tokens: Tokens, limit: float | None = None) -> QImage:
    """An image with one pixel per value: rows (H, W) from the top, as arrays are printed.

    `limit` is the size at which the colour is full; by default the largest one here.
    Values that are not numbers are painted as zero.
    """
    values = np.nan_to_num(np.atleast_2d(values), posinf=0.0, neginf=0.0)
    if limit is None:
        limit = float(np.max(np.abs(values), initial=0.0))
    scale = STEPS / limit if limit > 0 else 0.0
    index = np.clip(np.rint(values * scale), -STEPS, STEPS).astype(np.intp) + STEPS
    pixels = np.ascontiguousarray(_table(tokens)[index])
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
    # The image borrows the array's memory; the copy owns its own.
    return image.copy()


def diverging_color(value: float, tokens: Tokens, limit: float = 1.0) -> QColor:
    """The colour of one number, as in `diverging`."""
    share = max(-1.0, min(1.0, value / limit)) if limit > 0 else 0.0
    return QColor.fromRgba(int(_table(tokens)[round(share * STEPS) + STEPS]))
