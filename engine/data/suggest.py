"""Sensible first settings for a source."""

from __future__ import annotations

from engine.data.base import Source, Transform
from engine.data.settings import DataSettings
from engine.data.table import Table
from engine.data.target import guess_target
from engine.data.transforms import FillMissing, OneHot, Standardise


def suggest(source: Source, table: Table | None = None) -> DataSettings:
    """Gaps filled, words one-hot, measurements standardised, and the target guessed.

    Rows that overlap are split in one piece, so that the test holds nothing of the training.

    A source that is complete needs nothing. Pictures and synthetic points already are on a good
    scale, and stay as they are drawn.

    table: what the source gave, to name its target; without it the guess is made on loading.
    """
    transforms: tuple[Transform, ...] = () if source.complete else (FillMissing(), OneHot())
    if source.measured:
        transforms = (*transforms, Standardise())
    target = guess_target(table) if table is not None else ""
    parts = "in_order" if source.overlap else "random"
    return DataSettings(source=source, target=target, transforms=transforms, parts=parts)
