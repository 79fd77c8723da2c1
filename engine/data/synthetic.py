"""Synthetic data: small worlds whose shape is known, made from a seed."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

import numpy as np

from engine.data.base import SOURCES, Progress, Source
from engine.data.table import Array, Column, Table
from engine.fields import Integer, Real


class Synthetic(Source):
    """Base of the generators: how many points, how much noise, from which seed."""

    group = "synthetic"

    count = Integer(400, minimum=10, maximum=1_000_000, help="How many points to make.")
    noise = Real(0.1, minimum=0, maximum=10, help="Standard deviation of the noise added.")
    seed = Integer(0, minimum=0, maximum=2**32 - 1, help="Same seed, same points.")

    def load(self, progress: Progress | None = None) -> Table:
        return self.generate(np.random.default_rng(self.seed))

    @abstractmethod
    def generate(self, rng: np.random.Generator) -> Table:
        """The table, drawn from `rng`."""


class Plane(Synthetic):
    """Base of the generators of coloured points (x₁, x₂) in the plane."""

    classes: ClassVar[tuple[str, ...]] = ("orange", "blue")

    def generate(self, rng: np.random.Generator) -> Table:
        points, labels = self.points(rng)
        order = rng.permutation(len(points))
        points, labels = points[order], labels[order]
        return Table(
            (
                Column("x1", "number", points[:, 0]),
                Column("x2", "number", points[:, 1]),
                Column("class", "category", labels.astype(np.int64), self.levels()),
            ),
            target="class",
        )

    def levels(self) -> tuple[str, ...]:
        return self.classes

    @abstractmethod
    def points(self, rng: np.random.Generator) -> tuple[Array, Array]:
        """Points (N, 2) and the class of each (N,)."""

    def halves(self) -> tuple[int, int]:
        return self.count - self.count // 2, self.count // 2


@SOURCES.register
class Xor(Plane):
    """Points of the square [-1, 1]²; blue where exactly one coordinate is positive."""

    kind = "xor"
    label = "XOR"
    summary = "Opposite corners are alike: one neuron cannot do it, three can."
    synonyms = ("exclusive or", "checkerboard")

    noise = Real(0.0, minimum=0, maximum=10, help="Standard deviation of the noise added.")
    spread = Real(
        0.4,
        minimum=0,
        maximum=1,
        help="How far points stray from their corner: 0 stays there, 1 reaches the middle.",
    )

    def points(self, rng: np.random.Generator) -> tuple[Array, Array]:
        # The four corners in turn, so that the classes are as even as can be.
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])[np.arange(self.count) % 4]
        points = corners * rng.uniform(1 - self.spread, 1.0, (self.count, 2))
        labels = corners[:, 0] != corners[:, 1]
        return points + rng.normal(0, 1, points.shape) * self.noise, labels


@SOURCES.register
class Circles(Plane):
    """A disc inside a ring."""

    kind = "circles"
    label = "Circles"
    summary = "A disc inside a ring: no straight line parts them."
    synonyms = ("ring", "concentric")

    gap = Real(0.5, minimum=0.05, maximum=0.95, help="Radius of the disc as a share of the ring's.")

    def points(self, rng: np.random.Generator) -> tuple[Array, Array]:
        inner, outer = self.halves()
        # The root makes points fill the disc evenly.
        radius = np.r_[
            self.gap * 0.8 * np.sqrt(rng.uniform(0, 1, inner)), rng.uniform(self.gap, 1, outer)
        ]
        angle = rng.uniform(0, 2 * np.pi, self.count)
        points = radius[:, None] * np.c_[np.cos(angle), np.sin(angle)]
        return points + rng.normal(0, 1, points.shape) * self.noise * 0.5, np.repeat(
            [0, 1], [inner, outer]
        )


@SOURCES.register
class Spirals(Plane):
    """Two arms wound around each other."""

    kind = "spirals"
    label = "Two spirals"
    summary = "Two arms, entwined: the hard one of the plane."
    synonyms = ("swirl", "spiral")

    noise = Real(0.02, minimum=0, maximum=10, help="Standard deviation of the noise added.")
    turns = Real(1.5, minimum=0.25, maximum=6, help="How often each arm winds round.")

    def points(self, rng: np.random.Generator) -> tuple[Array, Array]:
        inner, outer = self.halves()
        labels = np.repeat([0, 1], [inner, outer])
        along = np.sqrt(rng.uniform(0.01, 1, self.count))
        angle = along * self.turns * 2 * np.pi + labels * np.pi
        points = along[:, None] * np.c_[np.cos(angle), np.sin(angle)]
        return points + rng.normal(0, 1, points.shape) * self.noise, labels


@SOURCES.register
class Moons(Plane):
    """Two half circles that reach into each other."""

    kind = "moons"
    label = "Moons"
    summary = "Two half circles, interlocked: bent, but parted."
    synonyms = ("half moons", "crescents")

    def points(self, rng: np.random.Generator) -> tuple[Array, Array]:
        first, second = self.halves()
        labels = np.repeat([0, 1], [first, second])
        angle = rng.uniform(0, np.pi, self.count)
        side = 1 - 2 * labels
        points = np.c_[
            side * np.cos(angle) + labels - 0.5, side * np.sin(angle) + 0.5 * labels - 0.25
        ]
        return points + rng.normal(0, 1, points.shape) * self.noise, labels


@SOURCES.register
class Gaussians(Plane):
    """Round clouds of points, their centres evenly on a circle."""

    kind = "gaussians"
    label = "Gaussian clouds"
    summary = "Round clouds of points: one per class, as far apart as noise allows."
    synonyms = ("blobs", "clusters", "normal")

    clusters = Integer(2, minimum=2, maximum=10, label="Classes", help="How many clouds.")
    noise = Real(0.3, minimum=0, maximum=10, help="Standard deviation of each cloud.")

    def levels(self) -> tuple[str, ...]:
        return self.classes if self.clusters == 2 else tuple("ABCDEFGHIJ"[: self.clusters])

    def points(self, rng: np.random.Generator) -> tuple[Array, Array]:
        labels = np.arange(self.count) % self.clusters
        angle = labels * 2 * np.pi / self.clusters + np.pi / 4
        centres = np.c_[np.cos(angle), np.sin(angle)]
        return centres + rng.normal(0, 1, centres.shape) * self.noise, labels


@SOURCES.register
class Sine(Synthetic):
    """One number from another: y = sin(x) over x from -π to π, with noise."""

    kind = "sine"
    label = "Sine wave"
    summary = "One number from another: y = sin(x) with noise, the first regression."
    synonyms = ("regression", "curve", "function")

    periods = Real(1.0, minimum=0.25, maximum=10, help="How many waves from -π to π.")

    def generate(self, rng: np.random.Generator) -> Table:
        x = rng.uniform(-np.pi, np.pi, self.count)
        y = np.sin(self.periods * x) + rng.normal(0, 1, self.count) * self.noise
        return Table((Column("x", "number", x), Column("y", "number", y)), target="y")
