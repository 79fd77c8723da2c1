"""What a run reports while it goes.

The trainer's thread writes; any other thread may read at any time without a
lock, because what a reader holds is never changed under it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.fields import Plain

CAPACITY = 2048
"""Points of a curve: more than a plot has pixels."""

Points = NDArray[np.float64]


class Curve:
    """A line of points that never outgrows its memory.

    When the memory is full every second point is dropped and from then on
    only every second (fourth, ...) one is kept. Which points stay depends
    on their number alone, so that equal runs keep equal points.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self.capacity = capacity
        self.stride = 1
        self.seen = 0
        self.latest: tuple[float, float] | None = None
        # One tuple, replaced as a whole: a reader sees memory and count that belong together.
        self._kept: tuple[Points, int] = (np.empty((2, capacity)), 0)

    def append(self, x: float, y: float) -> None:
        if self.seen % self.stride == 0:
            points, count = self._kept
            if count == self.capacity:
                points, count = self._halved(points)
            if self.seen % self.stride == 0:  # the stride may just have doubled
                points[0, count] = x
                points[1, count] = y
                self._kept = (points, count + 1)
        self.seen += 1
        self.latest = (x, y)

    def _halved(self, full: Points) -> tuple[Points, int]:
        self.stride *= 2
        half = full[:, ::2]
        points = np.empty_like(full)  # readers may hold views of the old memory
        points[:, : half.shape[1]] = half
        self._kept = (points, half.shape[1])
        return self._kept

    def __len__(self) -> int:
        return self._kept[1]

    def points(self) -> tuple[Points, Points]:
        """x and y as views that later points do not change."""
        points, count = self._kept
        return points[0, :count], points[1, :count]

    def to_array(self) -> Points:
        """A copy of x and y, (2, points)."""
        points, count = self._kept
        return points[:, :count].copy()

    def to_plain(self) -> dict[str, Plain]:
        """What `load` needs beside the points."""
        return {
            "stride": self.stride,
            "seen": self.seen,
            "latest": None if self.latest is None else list(self.latest),
        }

    def load(self, points: NDArray[Any], plain: Mapping[str, Any]) -> None:
        """Become the curve of which `to_array` and `to_plain` were taken."""
        memory = np.empty((2, self.capacity))
        count = min(points.shape[1], self.capacity)
        memory[:, :count] = points[:, :count]
        self.stride = int(plain["stride"])
        self.seen = int(plain["seen"])
        latest = plain["latest"]
        self.latest = None if latest is None else (float(latest[0]), float(latest[1]))
        self._kept = (memory, count)


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    epoch: epochs that are complete. step: steps done in all.
    seconds_left: an estimate, or None before there is a speed.
    loss: of the newest batch.
    """

    epoch: int
    epochs: int
    step: int
    steps_per_epoch: int
    examples_per_second: float
    seconds_left: float | None
    loss: float


class Telemetry:
    """The curves of a run and how far it is.

    Curves, all against the epoch (a real number while one is under way):
        `loss/train`, `loss/validation`, `<metric>/train`, `<metric>/validation`;
        `loss/<node id>/train`, `loss/<node id>/validation`: of each of several losses;
        `loss/<objective>/train`: of each of several objectives;
        `gradient/<node id>`: norm of the gradient of a node's parameters;
        `update/<node id>`: norm of one update over norm of the parameters.

    version: counts the changes of curves; equal versions mean nothing new to draw.
    """

    def __init__(self, epochs: int = 0, steps_per_epoch: int = 0) -> None:
        self.curves: dict[str, Curve] = {}
        self.version = 0
        # The trainer writes these; whoever reads `progress` sees the newest.
        self.epochs = epochs
        self.steps_per_epoch = steps_per_epoch
        self.step = 0
        self.loss = float("nan")
        self.steps_per_second = 0.0
        self.examples_per_second = 0.0

    def record(self, x: float, values: Mapping[str, float]) -> None:
        """Add a point to each of some curves."""
        for name, value in values.items():
            curve = self.curves.get(name)
            if curve is None:
                curve = Curve()
                # A new dictionary: a reader may be walking through the old one.
                self.curves = {**self.curves, name: curve}
            curve.append(x, value)
        self.version += 1

    def latest(self) -> dict[str, float]:
        """The newest value of every curve."""
        return {n: c.latest[1] for n, c in self.curves.items() if c.latest is not None}

    @property
    def progress(self) -> Progress:
        step, speed = self.step, self.steps_per_second
        left = max(self.epochs * self.steps_per_epoch - step, 0)
        return Progress(
            epoch=step // max(self.steps_per_epoch, 1),
            epochs=self.epochs,
            step=step,
            steps_per_epoch=self.steps_per_epoch,
            examples_per_second=self.examples_per_second,
            seconds_left=left / speed if speed else None,
            loss=self.loss,
        )
