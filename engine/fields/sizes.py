"""The field of a shape, and of anything else with one whole number for each axis."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral

from engine.fields.field import Field, Plain


class Sizes(Field[tuple[int, ...]]):
    """Whole numbers of at least `minimum`, one for each axis.

    axes: how many axes there may be. Where that is one count alone, such as the
        two sides of a kernel, a single number stands for every axis.
    free_axis: one number may be -1, for whatever is left.
    """

    def __init__(
        self,
        default: Sequence[int],
        *,
        axes: range = range(1, 9),
        minimum: int = 1,
        free_axis: bool = False,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(tuple(default), help=help, label=label, advanced=advanced)
        self.axes = axes
        self.minimum = minimum
        self.free_axis = free_axis

    def expects(self) -> str:
        free = ", one of which may be -1 (whatever is left)" if self.free_axis else ""
        if len(self.axes) > 1:
            count = f"{self.axes[0]} to {self.axes[-1]} whole numbers"
        elif self.axes[0] == 1:
            count = "a whole number"
        else:
            count = f"{self.axes[0]} whole numbers, or one for all axes,"
        return f"{count} of at least {self.minimum}{free}"

    def accepted(self, value: object) -> tuple[int, ...]:
        fixed = len(self.axes) == 1
        if fixed and isinstance(value, Integral):
            value = (value,)
        if not isinstance(value, list | tuple):
            raise ValueError
        if fixed and len(value) == 1:
            value = tuple(value) * self.axes[0]
        if len(value) not in self.axes:
            raise ValueError
        if any(isinstance(v, bool) or not isinstance(v, Integral) for v in value):
            raise ValueError
        free = sum(v == -1 for v in value) if self.free_axis else 0
        if free > 1 or sum(v < self.minimum for v in value) > free:
            raise ValueError
        return tuple(map(int, value))

    def to_plain(self, value: tuple[int, ...]) -> Plain:
        return list(value)

    def wrong_examples(self) -> Sequence[object]:
        too_small = [self.minimum - 1] * self.axes[0]
        too_many = [self.minimum] * (self.axes[-1] + 1)
        return (too_small, [-1, -1], [1.5], "8x8", too_many, None, True)
