"""How an image is surrounded before a kernel moves over it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import ShapeError
from engine.fields import Declared, Sizes
from engine.registry import Registry

Sides = tuple[int, int]
"""How much is before and after, along one axis."""


class Padding(Declared):
    """One way to surround an image, of as many axes as `lengths` has.

    Class attributes, beside those of `Declared`
        formula: how many values it adds, as one line of text.
    """

    formula: str

    def added(
        self, name: str, lengths: Sequence[int], reaches: Sequence[int], strides: Sequence[int]
    ) -> tuple[Sides, ...]:
        """How much to add to an image for each axis.

        name: of the layer, for errors. reaches: how many values a kernel spans.
        Raises ShapeError where the settings do not fit so many axes.
        """
        raise NotImplementedError  # every kind has its own rule

    def removed(
        self, name: str, reaches: Sequence[int], strides: Sequence[int], extra: Sequence[int]
    ) -> tuple[Sides, ...]:
        """How much a transposed convolution takes off its result for each axis.

        extra: what its output padding adds behind. A negative number adds as
        much instead. Raises ShapeError as `added` does.
        """
        raise NotImplementedError  # every kind has its own rule

    def line(self) -> str:
        """What a card says of it; nothing of the usual."""
        return self.label.lower()


PADDINGS: Registry[Padding] = Registry("padding")


@PADDINGS.register
class Valid(Padding):
    """Nothing is added: the kernel stays inside the image, which shrinks by its reach - 1."""

    kind = "valid"
    label = "Valid"
    summary = "Adds nothing: the kernel stays inside the image."
    synonyms = ("none",)
    formula = "p = 0"

    def added(
        self, name: str, lengths: Sequence[int], reaches: Sequence[int], strides: Sequence[int]
    ) -> tuple[Sides, ...]:
        return ((0, 0),) * len(lengths)

    def removed(
        self, name: str, reaches: Sequence[int], strides: Sequence[int], extra: Sequence[int]
    ) -> tuple[Sides, ...]:
        return ((0, 0),) * len(reaches)

    def line(self) -> str:
        return ""


@PADDINGS.register
class Same(Padding):
    """As much as keeps the size: length / stride, rounded up.

    An odd total puts the larger half behind, as TensorFlow does and ONNX calls
    SAME_UPPER; PyTorch with stride 2 puts it before, and computes other numbers.
    """

    kind = "same"
    label = "Same"
    summary = "Adds as much as keeps the size, or divides it by the stride."
    synonyms = ("half",)
    formula = "p = (⌈L / s⌉ - 1) s + reach - L, the larger half behind"

    def added(
        self, name: str, lengths: Sequence[int], reaches: Sequence[int], strides: Sequence[int]
    ) -> tuple[Sides, ...]:
        totals = (
            max(0, (-(-length // stride) - 1) * stride + reach - length)
            for length, reach, stride in zip(lengths, reaches, strides, strict=True)
        )
        return tuple((total // 2, total - total // 2) for total in totals)

    def removed(
        self, name: str, reaches: Sequence[int], strides: Sequence[int], extra: Sequence[int]
    ) -> tuple[Sides, ...]:
        totals = (r + e - s for r, e, s in zip(reaches, extra, strides, strict=True))
        return tuple((max(0, t) // 2, t - max(0, t) // 2) for t in totals)

    def line(self) -> str:
        return ""


@PADDINGS.register
class Explicit(Padding):
    """As many zeros on each side as is said here."""

    kind = "explicit"
    label = "Explicit"
    summary = "Adds as many values on each side as you say."
    synonyms = ("custom",)
    formula = "p = as given"

    amounts = Sizes(
        (1,),
        axes=range(1, 5),
        minimum=0,
        help="One number for every side, one for each axis, or two for each: before and after.",
    )

    def added(
        self, name: str, lengths: Sequence[int], reaches: Sequence[int], strides: Sequence[int]
    ) -> tuple[Sides, ...]:
        return sides(name, self.amounts, len(lengths))

    def removed(
        self, name: str, reaches: Sequence[int], strides: Sequence[int], extra: Sequence[int]
    ) -> tuple[Sides, ...]:
        return sides(name, self.amounts, len(reaches))

    def line(self) -> str:
        return "padding " + ",".join(map(str, self.amounts))


def sides(name: str, amounts: Sequence[int], axes: int) -> tuple[Sides, ...]:
    """(before, after) for each axis. Raises ShapeError where the count of amounts does not fit."""
    if len(amounts) == 1:
        return ((amounts[0], amounts[0]),) * axes
    if len(amounts) == axes:
        return tuple((amount, amount) for amount in amounts)
    if len(amounts) == 2 * axes:
        return tuple(zip(amounts[::2], amounts[1::2], strict=True))
    if axes == 1:
        raise ShapeError(
            f"{name} needs 1 or 2 amounts for a sequence, got {len(amounts)}. "
            "Give one for both ends, or one for each."
        )
    raise ShapeError(
        f"{name} needs 1, {axes} or {2 * axes} amounts for an image, got {len(amounts)}. "
        "Give one for every side, one for each axis, or two for each axis."
    )
