"""Fields of numbers, and yes or no."""

from __future__ import annotations

import math
import numbers
from collections.abc import Sequence

from engine.fields.field import Field, Plain


class Integer(Field[int]):
    """A whole number within bounds, both included."""

    def __init__(
        self,
        default: int,
        *,
        minimum: int | None = None,
        maximum: int | None = None,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(default, help=help, label=label, advanced=advanced)
        self.minimum = minimum
        self.maximum = maximum

    def expects(self) -> str:
        if self.minimum is not None and self.maximum is not None:
            return f"a whole number from {self.minimum} to {self.maximum}"
        if self.minimum is not None:
            return f"a whole number of at least {self.minimum}"
        if self.maximum is not None:
            return f"a whole number of at most {self.maximum}"
        return "a whole number"

    def accepted(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise ValueError
        if not isinstance(value, numbers.Integral) and not float(value).is_integer():
            raise ValueError
        whole = int(value) if isinstance(value, numbers.Integral) else int(float(value))
        if self.minimum is not None and whole < self.minimum:
            raise ValueError
        if self.maximum is not None and whole > self.maximum:
            raise ValueError
        return whole

    def wrong_examples(self) -> Sequence[object]:
        below = () if self.minimum is None else (self.minimum - 1,)
        above = () if self.maximum is None else (self.maximum + 1,)
        return (*below, *above, 1.5, "three", True, None)


class Real(Field[float]):
    """A finite number within bounds.

    `minimum` and `maximum` are included; `above` and `below` are not.
    `logarithmic` says that equal steps multiply (learning rates).
    """

    def __init__(
        self,
        default: float,
        *,
        minimum: float | None = None,
        maximum: float | None = None,
        above: float | None = None,
        below: float | None = None,
        logarithmic: bool = False,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(default, help=help, label=label, advanced=advanced)
        self.minimum = minimum
        self.maximum = maximum
        self.above = above
        self.below = below
        self.logarithmic = logarithmic

    def expects(self) -> str:
        low = (
            f"of at least {self.minimum:g}"
            if self.minimum is not None
            else f"above {self.above:g}"
            if self.above is not None
            else ""
        )
        high = (
            f"at most {self.maximum:g}"
            if self.maximum is not None
            else f"below {self.below:g}"
            if self.below is not None
            else ""
        )
        return " ".join(filter(None, ("a number", " and ".join(filter(None, (low, high))))))

    def accepted(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise ValueError
        value = float(value)
        refused = (
            not math.isfinite(value)
            or (self.minimum is not None and value < self.minimum)
            or (self.maximum is not None and value > self.maximum)
            or (self.above is not None and value <= self.above)
            or (self.below is not None and value >= self.below)
        )
        if refused:
            raise ValueError
        return value

    def wrong_examples(self) -> Sequence[object]:
        wrong: list[object] = [math.nan, math.inf, "three", True, None]
        wrong += [] if self.minimum is None else [self.minimum - 1]
        wrong += [] if self.maximum is None else [self.maximum + 1]
        wrong += [] if self.above is None else [self.above]
        wrong += [] if self.below is None else [self.below]
        return wrong


class Reals(Field[tuple[float, ...]]):
    """A list of finite numbers, such as one weight for each class."""

    def __init__(
        self,
        default: Sequence[float] = (),
        *,
        minimum: float | None = None,
        help: str,
        label: str | None = None,
        advanced: bool = False,
    ) -> None:
        super().__init__(tuple(default), help=help, label=label, advanced=advanced)
        self.minimum = minimum

    def expects(self) -> str:
        low = "" if self.minimum is None else f" of at least {self.minimum:g}"
        return f"a list of numbers{low}"

    def accepted(self, value: object) -> tuple[float, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError
        return tuple(self._number(item) for item in value)

    def _number(self, item: object) -> float:
        if isinstance(item, bool) or not isinstance(item, numbers.Real):
            raise ValueError
        if not math.isfinite(item) or (self.minimum is not None and item < self.minimum):
            raise ValueError
        return float(item)

    def to_plain(self, value: tuple[float, ...]) -> Plain:
        return list(value)

    def wrong_examples(self) -> Sequence[object]:
        below = () if self.minimum is None else ([self.minimum - 1],)
        return (*below, 3, "1, 2", ["one"], [math.nan], [True], None)


class Boolean(Field[bool]):
    """Yes or no."""

    def expects(self) -> str:
        return "true or false"

    def accepted(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value

    def wrong_examples(self) -> Sequence[object]:
        return (2, "yes", None)
