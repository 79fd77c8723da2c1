"""A plane of two numbers: the part of it that is looked at, and where points lie in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

if TYPE_CHECKING:
    from engine.data.dataset import Dataset

MARGIN = 0.08
"""Of the points' extent, added on each side."""

Array = NDArray[Any]


@dataclass(frozen=True)
class Plane:
    """A rectangle of two numbers. The first runs to the right, the second upwards."""

    left: float = 0.0
    right: float = 1.0
    bottom: float = 0.0
    top: float = 1.0

    @classmethod
    def around(cls, points: Array) -> Plane:
        """The plane around points (N, 2), of which there is at least one."""
        (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
        wide = float(right - left) * MARGIN or 1.0
        tall = float(top - bottom) * MARGIN or 1.0
        return cls(float(left) - wide, float(right) + wide, float(bottom) - tall, float(top) + tall)

    @classmethod
    def of(cls, dataset: Dataset) -> Plane | None:
        """The plane around a data set's examples; None unless they have two features."""
        if dataset.features.ndim != 2 or dataset.features.shape[1] != 2 or not len(dataset):
            return None
        return cls.around(np.asarray(dataset.features))

    @property
    def low(self) -> Array:
        """The lower left corner, (2,)."""
        return np.array([self.left, self.bottom])

    @property
    def high(self) -> Array:
        """The upper right corner, (2,)."""
        return np.array([self.right, self.top])

    def grid(self, side: int) -> Array:
        """The middles of side x side cells as points (side * side, 2), the top row first."""
        across = np.linspace(self.left, self.right, 2 * side + 1)[1::2]
        up = np.linspace(self.top, self.bottom, 2 * side + 1)[1::2]
        x, y = np.meshgrid(across, up)
        return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)

    def inside(self, points: Array) -> Array:
        """Which of points (N, 2) lie in the plane, (N,)."""
        return np.asarray(((points >= self.low) & (points <= self.high)).all(axis=1))

    def spots(self, points: Array, picture: QRectF) -> list[QPointF]:
        """Where points (N, 2) lie in a picture of the plane."""
        shares = (points - self.low) / (self.high - self.low)
        x = picture.left() + shares[:, 0] * picture.width()
        y = picture.bottom() - shares[:, 1] * picture.height()
        return [QPointF(*spot) for spot in zip(x.tolist(), y.tolist(), strict=True)]

    def point(self, spot: QPointF, picture: QRectF) -> Array:
        """The point (2,) at a spot in a picture of the plane."""
        across = (spot.x() - picture.left()) / picture.width()
        up = (picture.bottom() - spot.y()) / picture.height()
        return np.asarray(self.low + np.array([across, up]) * (self.high - self.low))
