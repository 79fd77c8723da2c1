"""The category's stripe: the left edge of a rounded card."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtGui import QPainterPath

from gui.canvas.metrics import RADIUS, STRIPE


@lru_cache(maxsize=256)
def stripe_path(height: float) -> QPainterPath:
    """What a line STRIPE from the left cuts off a card of this height."""
    across = RADIUS - STRIPE
    in_from_top = RADIUS - math.sqrt(RADIUS**2 - across**2)
    sweep = math.degrees(math.acos(across / RADIUS))
    round_ = 2 * RADIUS
    path = QPainterPath()
    path.moveTo(STRIPE, in_from_top)
    path.arcTo(0, 0, round_, round_, 180 - sweep, sweep)
    path.arcTo(0, height - round_, round_, round_, 180, sweep)
    path.closeSubpath()
    return path
