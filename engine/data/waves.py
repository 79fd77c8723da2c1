"""Synthetic sequences of numbers: to foresee, to draw from a few numbers, and to clean."""

from __future__ import annotations

import numpy as np

from engine.data.base import SOURCES
from engine.data.synthetic import Synthetic
from engine.data.table import Array, Column, Table
from engine.fields import Integer, Real


@SOURCES.register
class MackeyGlass(Synthetic):
    """Stretches of a chaotic series, x' = 0.2 x(t - delay) / (1 + x(t - delay)¹⁰) - 0.1 x.

    One long series (Mackey and Glass, 1977) is cut into stretches that follow each other, so
    that no two share a value; the target is the value some steps after each.
    """

    kind = "mackey_glass"
    label = "Mackey-Glass"
    summary = "A chaotic series that never repeats: what value comes after each stretch?"
    synonyms = ("time series", "forecast", "chaos", "sequence", "recurrent")
    measured = True

    count = Integer(600, minimum=10, maximum=20_000, help="How many stretches to make.")
    noise = Real(0.0, minimum=0, maximum=10, help="Standard deviation of the noise added.")
    steps = Integer(24, minimum=1, maximum=1_000, help="How many values a stretch has.")
    ahead = Integer(6, minimum=1, maximum=100, help="How many steps ahead to look.")
    delay = Integer(17, minimum=2, maximum=100, help="How long ago counts; above 16 it is chaos.")

    def generate(self, rng: np.random.Generator) -> Table:
        width = self.steps + self.ahead
        series = self._series(self.count * width, rng)
        pieces = series.reshape(self.count, width)
        pieces = pieces + rng.normal(0, 1, pieces.shape) * self.noise
        return Table(
            (
                Column("before", "number", pieces[:, : self.steps, None].copy()),
                Column("later", "number", pieces[:, -1].copy()),
            ),
            target="later",
            ahead=self.ahead,
        )

    def _series(self, count: int, rng: np.random.Generator) -> Array:
        lead = 500  # until it no longer shows where it started
        x = np.empty(lead + count + self.delay)
        x[: self.delay] = rng.uniform(0.5, 1.2, self.delay)
        for now in range(self.delay, len(x)):
            ago = x[now - self.delay]
            x[now] = x[now - 1] + 0.2 * ago / (1 + ago**10) - 0.1 * x[now - 1]
        return x[lead + self.delay :]


@SOURCES.register
class Pendulum(Synthetic):
    """How a swinging weight comes to rest, x(t) = a exp(-d t) cos(2 π t / p), from a, d and p."""

    kind = "pendulum"
    label = "Pendulum"
    summary = "Three numbers say how a pendulum swings: draw its way, step by step."
    synonyms = ("one to many", "sequence", "oscillation", "decoder", "recurrent")
    measured = True

    count = Integer(800, minimum=10, maximum=100_000, help="How many pendulums to let swing.")
    noise = Real(0.02, minimum=0, maximum=10, help="Standard deviation of the noise added.")
    steps = Integer(24, minimum=2, maximum=1_000, help="How many values are drawn.")

    def generate(self, rng: np.random.Generator) -> Table:
        start = rng.uniform(0.3, 1.0, self.count)
        damping = rng.uniform(0.0, 0.1, self.count)
        period = rng.uniform(8, 24, self.count)
        time = np.arange(self.steps)
        way = start[:, None] * np.exp(-damping[:, None] * time)
        way *= np.cos(2 * np.pi * time / period[:, None])
        way += rng.normal(0, 1, way.shape) * self.noise
        return Table(
            (
                Column("start", "number", start),
                Column("damping", "number", damping),
                Column("period", "number", period),
                Column("way", "number", way),
            ),
            target="way",
        )


@SOURCES.register
class NoisyWaves(Synthetic):
    """Sums of two waves under noise, and the same without it."""

    kind = "noisy_waves"
    label = "Noisy waves"
    summary = "Waves under noise: what was the wave, at every step?"
    synonyms = ("many to many", "denoise", "filter", "sequence", "recurrent")

    count = Integer(600, minimum=10, maximum=100_000, help="How many waves to make.")
    noise = Real(0.4, minimum=0, maximum=10, help="Standard deviation of the noise added.")
    steps = Integer(32, minimum=2, maximum=1_000, help="How many values a wave has.")

    def generate(self, rng: np.random.Generator) -> Table:
        time = np.arange(self.steps)
        clean = np.zeros((self.count, self.steps))
        for shortest, longest in ((8, 14), (16, 32)):
            period = rng.uniform(shortest, longest, (self.count, 1))
            phase = rng.uniform(0, 2 * np.pi, (self.count, 1))
            height = rng.uniform(0.4, 1, (self.count, 1))
            clean += height * np.sin(2 * np.pi * time / period + phase)
        heard = clean + rng.normal(0, 1, clean.shape) * self.noise
        return Table(
            (
                Column("heard", "number", heard[..., None]),
                Column("wave", "number", clean),
            ),
            target="wave",
        )
