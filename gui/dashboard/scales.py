"""Axes that people can read: round ends, few ticks, short labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

Tick = tuple[float, str]


@dataclass(frozen=True)
class Scale:
    """The ends of an axis, in the units that are drawn (powers of ten on a log axis)."""

    low: float
    high: float
    ticks: tuple[Tick, ...]

    def fits(self, low: float, high: float, least: float = 0.45) -> bool:
        """Whether values from `low` to `high` lie inside and fill a fair part of it.

        An axis that still fits is kept, so that it does not jump at every refresh.
        """
        inside = self.low <= low and high <= self.high
        return inside and high - low >= least * (self.high - self.low)


def linear(low: float, high: float, count: int = 5) -> Scale:
    """A scale around values, from zero where that wastes less than half of it."""
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = 0.0, 1.0
    if 0 < low < 0.5 * high:
        low = 0.0
    if high - low < 1e-12 * max(1.0, abs(high)):
        spread = abs(high) * 0.1 or 1.0
        low, high = (0.0 if 0 <= low < spread else low - spread), high + spread
    step = nice_step((high - low) / count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Scale(
        first * step,
        last * step,
        tuple((i * step, label(i * step, step)) for i in range(first, last + 1)),
    )


def logarithmic(low: float, high: float, count: int = 6) -> Scale:
    """A scale around logarithms to base ten, with whole powers as ticks."""
    if not (math.isfinite(low) and math.isfinite(high)):
        low, high = -1.0, 0.0
    first, last = math.floor(low + 1e-9), math.ceil(high - 1e-9)
    if first == last:
        first, last = first - 1, last + 1
    stride = max(1, math.ceil((last - first) / count))
    last = first + math.ceil((last - first) / stride) * stride
    return Scale(
        float(first),
        float(last),
        tuple((float(i), power(i)) for i in range(first, last + 1, stride)),
    )


def epochs(last: float, count: int = 6) -> Scale:
    """A scale from zero to just the last epoch, with whole numbers where there are enough."""
    last = max(last, 1e-3)
    step = nice_step(last / count)
    if step > 1 and step % 1:
        step *= 2
    return Scale(
        0.0,
        last,
        tuple((i * step, label(i * step, step)) for i in range(math.floor(last / step) + 1)),
    )


def nice_step(rough: float) -> float:
    """The smallest of 1, 2, 2.5, 5, 10 times a power of ten that is not below `rough`."""
    base = 10.0 ** math.floor(math.log10(rough))
    return next(base * step for step in STEPS if base * step >= rough * (1 - 1e-9))


def label(value: float, step: float) -> str:
    """A number with the decimals that its step needs: `0.25`, `1.5`, `20`, `2e5`."""
    if value == 0:
        return "0"
    if step >= 1e5 or step < 1e-4:
        return f"{value:.1e}".replace("e+0", "e").replace("e-0", "e-").replace(".0e", "e")
    decimals = 0
    while decimals < 6 and not math.isclose(step * 10**decimals, round(step * 10**decimals)):
        decimals += 1
    return f"{value:.{decimals}f}"


def power(exponent: int) -> str:
    """A power of ten: `1`, `10`, `1e-3`."""
    return {0: "1", 1: "10", 2: "100"}.get(exponent, f"1e{exponent}")


def reading(value: float) -> str:
    """A value under the crosshair, with four significant digits: `0.1310`, `3.1e-05`."""
    size = abs(value)
    if value == 0:
        return "0"
    if 1e-3 <= size < 1e5:
        digits = 4 if size < 1 else max(0, 3 - math.floor(math.log10(size)))
        return f"{value:.{digits}f}"
    return f"{value:.2e}"


def span(values: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The least and the largest end of several ranges; not finite where there is none."""
    if not values:
        return math.inf, -math.inf
    return min(low for low, _ in values), max(high for _, high in values)
