"""The field of a shape."""

from __future__ import annotations

from collections.abc import Sequence

from engine.fields.field import Field, Plain


class Sizes(Field[tuple[int, ...]]):
    """A shape: whole numbers of at least 1, with any number of axes from `axes`."""

    def __init__(
        self,
        default: Sequence[int],
        *,
        axes: range = range(1, 9),
        free_axis: bool = False,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(tuple(default), help=help, label=label, advanced=advanced)
        self.axes = axes
        self.free_axis = free_axis

    def expects(self) -> str:
        free = ", one of which may be -1 (whatever is left)" if self.free_axis else ""
        return f"{self.axes[0]} to {self.axes[-1]} whole numbers of at least 1{free}"

    def accepted(self, value: object) -> tuple[int, ...]:
        if not isinstance(value, list | tuple) or len(value) not in self.axes:
            raise ValueError
        if any(isinstance(v, bool) or not isinstance(v, int) for v in value):
            raise ValueError
        free = sum(v == -1 for v in value)
        if free > (1 if self.free_axis else 0) or any(v < 1 and v != -1 for v in value):
            raise ValueError
        return tuple(value)

    def to_plain(self, value: tuple[int, ...]) -> Plain:
        return list(value)

    def wrong_examples(self) -> Sequence[object]:
        return ([0], [-1, -1], [1.5], "8x8", [1] * (self.axes[-1] + 1), None)
