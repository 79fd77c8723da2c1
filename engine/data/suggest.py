"""Sensible first settings for a source whose table has been seen."""

from __future__ import annotations

from engine.data.base import Source, Transform
from engine.data.settings import DataSettings
from engine.data.table import Table
from engine.data.target import guess_target
from engine.data.transforms import FillMissing, OneHot, Standardise


def suggest(source: Source, table: Table) -> DataSettings:
    """The guessed target, gaps filled, words one-hot, and measured numbers standardised.

    Pictures and synthetic points already are on a good scale, and stay as they are drawn.
    """
    transforms: tuple[Transform, ...] = (FillMissing(), OneHot())
    if source.group != "synthetic" and table.image_shape is None:
        transforms = (*transforms, Standardise())
    return DataSettings(source=source, target=guess_target(table), transforms=transforms)
