"""The input plane: the two features of a data set as a grid of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset

MARGIN = 0.08
"""Of the data's extent, added on each side."""

Array = NDArray[Any]


@dataclass(frozen=True)
class Plane:
    """A rectangle of two features. The first runs to the right, the second upwards."""

    left: float
    right: float
    bottom: float
    top: float

    @classmethod
    def of(cls, dataset: Dataset) -> Plane | None:
        """The plane around a data set's examples; None unless they have two features."""
        if dataset.features.ndim != 2 or dataset.features.shape[1] != 2 or not len(dataset):
            return None
        features = np.asarray(dataset.features)
        (left, bottom), (right, top) = features.min(axis=0), features.max(axis=0)
        wide = float(right - left) * MARGIN or 1.0
        tall = float(top - bottom) * MARGIN or 1.0
        return cls(float(left) - wide, float(right) + wide, float(bottom) - tall, float(top) + tall)

    def grid(self, side: int) -> Array:
        """The middles of side x side cells as examples (side * side, 2), the top row first."""
        across = np.linspace(self.left, self.right, 2 * side + 1)[1::2]
        up = np.linspace(self.top, self.bottom, 2 * side + 1)[1::2]
        x, y = np.meshgrid(across, up)
        return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)

    def places(self, features: Array) -> Array:
        """Where examples (N, 2) lie, as shares of the width and of the height from the top."""
        x = (features[:, 0] - self.left) / (self.right - self.left)
        y = (self.top - features[:, 1]) / (self.top - self.bottom)
        return np.stack([x, y], axis=1)
