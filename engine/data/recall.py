"""What takes a memory: parity over time, and digits to be restored from noisy ones."""

from __future__ import annotations

import numpy as np

from engine.data.base import SOURCES
from engine.data.builtin import Digits
from engine.data.synthetic import Synthetic
from engine.data.table import Array, Column, Table
from engine.fields import Integer, Real

PIXELS = 64


@SOURCES.register
class Parity(Synthetic):
    """Sequences of zeros and ones; at each step, whether the ones so far are odd or even.

    Whoever answers has to remember the last answer: the parity is y_t = x_t xor y_{t-1}.
    """

    kind = "parity"
    label = "Parity over time"
    summary = "Zeros and ones, step by step: have there been an odd number of ones so far?"
    synonyms = ("sequence", "memory", "feedback", "xor", "flip-flop", "recurrent")

    steps = Integer(8, minimum=1, maximum=1000, help="How many steps a sequence has.")
    noise = Real(0.05, minimum=0, maximum=10, help="Standard deviation of the noise added.")

    def generate(self, rng: np.random.Generator) -> Table:
        bits = rng.integers(0, 2, (self.count, self.steps))
        seen = 2.0 * bits - 1 + rng.normal(0, 1, bits.shape) * self.noise
        return Table(
            (
                Column("bit", "number", seen[:, :, None]),
                Column("parity", "category", np.cumsum(bits, axis=1) % 2, ("even", "odd")),
            ),
            target="parity",
        )


@SOURCES.register
class Memories(Synthetic):
    """Handwritten digits in black and white, -1 and 1, with pixels turned over; and the clean ones.

    Every row is one of a few real digits of 8x8 pixels. The network has to bring back the digit
    that it was: an associative memory.
    """

    kind = "memories"
    label = "Noisy memories"
    summary = "A few handwritten digits with pixels turned over: restore them."
    synonyms = ("hopfield", "associative memory", "denoise", "restore", "attractor", "digits")
    group = "real"

    patterns = Integer(
        10, minimum=1, maximum=200, help="How many digits are to be remembered, 0 to 9 in turn."
    )
    noise = Real(
        0.15, minimum=0, maximum=1, help="How many pixels are turned over, as a share of all."
    )

    def generate(self, rng: np.random.Generator) -> Table:
        clean = self.remembered()
        which = np.arange(self.count) % len(clean)
        rng.shuffle(which)
        rows = clean[which]
        seen = np.where(rng.random(rows.shape) < self.noise, -rows, rows)
        pixels = tuple(
            Column(f"pixel {place // 8},{place % 8}", "number", seen[:, place].copy())
            for place in range(PIXELS)
        )
        digit = Column("digit", "number", rows)
        return Table((*pixels, digit), target="digit", image_shape=(1, 8, 8))

    def remembered(self) -> Array:
        """The clean digits, (patterns, 64): -1 where there is little ink, 1 where there is much.

        Raises DataError if the digits are not installed.
        """
        table = Digits().load()
        *ink, digit = (column.values for column in table.columns)
        images = np.where(np.stack(ink, axis=1) > 0.5, 1.0, -1.0)
        order = [
            np.flatnonzero(digit.astype(int) == place % 10)[place // 10]
            for place in range(self.patterns)
        ]
        found: Array = images[order]
        return found
