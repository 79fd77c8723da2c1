"""Classes as rows of zeros with a one, without keeping the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.shapes import Shape

Array = NDArray[Any]


class OneHot:
    """What classes are for a network, as the numbers of the classes: rows are made when asked for.

    Stands where an array float32 (N, *shape) does, as far as rows are picked from one.

    places: of the one in each row, (N, positions); K where there is none.
    rows: the row for each place, float32 (K + 1, K).
    """

    dtype = np.dtype(np.float32)

    def __init__(self, classes: Array, count: int, shape: Shape) -> None:
        """classes: (N,) or (N, T), below 0 where there is none. count: K. shape: of one example."""
        self.places = (
            np.where(classes < 0, count, classes).astype(np.intp).reshape(len(classes), -1)
        )
        self.rows = np.eye(count + 1, count, dtype=np.float32)
        self.shape: Shape = (len(classes), *shape)

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, chosen: Array | slice | int) -> Array:
        places = self.places[chosen]
        return self.rows[places].reshape(*places.shape[:-1], *self.shape[1:])

    def __array__(self, dtype: object = None, copy: object = None) -> Array:
        """All of it, in memory."""
        return self[:]
