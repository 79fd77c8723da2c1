"""What all pooling does: one number for each small window of an image or a sequence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

from engine.errors import ShapeError
from engine.fields import Boolean, Sizes, Variant
from engine.layers.base import ArrivingShapes, Layer
from engine.layers.images import (
    channels_and_lengths,
    kernel_in_words,
    moving_windows,
)
from engine.layers.padding import PADDINGS, Padding, Sides
from engine.layers.patches import Window, reach
from engine.shapes import Shape

if TYPE_CHECKING:
    pass

PADDING: Variant[Padding] = Variant(
    "valid", PADDINGS, help="What surrounds the image before the window moves over it."
)
CEIL_MODE = Boolean(
    False,
    label="Round up",
    advanced=True,
    help="Whether a last window that lies only partly on the image counts too.",
)


def window_field(axes: int) -> Sizes:
    return Sizes((2,) * axes, axes=range(axes, axes + 1), help="How many values a window holds.")


def stride_field(axes: int) -> Sizes:
    return Sizes(
        (2,) * axes,
        axes=range(axes, axes + 1),
        help="How many values the window moves on from one place to the next.",
    )


class Pool(Layer):
    """What all pooling does.

    Class attributes, beside those of `Layer`
        axes: along how many the window moves.
    """

    category = "convolution"
    axes: ClassVar[int] = 2

    kernel: Sizes
    stride: Sizes
    padding: Variant[Padding]
    ceil_mode: Boolean

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        channels, _ = channels_and_lengths(self, arriving.one, self.axes)
        return ((channels, *(window.places for window in self.windows(arriving.one))),)

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        """How the window moves along each axis; what rounding up adds counts as padding."""
        _, lengths = channels_and_lengths(self, shape, self.axes)
        added = self.added(lengths)
        reaches = self._reaches()
        for reached, sides in zip(reaches, added, strict=True):
            if max(sides) >= reached:
                raise ShapeError(
                    f"{self.label} adds {max(sides)} on one side, and a window of {reached} there "
                    "would hold nothing of the image. Add less than the window holds."
                )
        if self.ceil_mode:
            added = tuple(
                _rounded_up(*axis)
                for axis in zip(lengths, reaches, self.stride, added, strict=True)
            )
        return moving_windows(self, lengths, self.kernel, self.stride, self.steps(), added)

    def added(self, lengths: Shape) -> tuple[Sides, ...]:
        """The padding that was asked for."""
        return self.padding.added(self.label, lengths, self._reaches(), self.stride)

    def steps(self) -> tuple[int, ...]:
        """How far apart the values of a window are, along each axis."""
        return (1,) * self.axes

    def _reaches(self) -> tuple[int, ...]:
        return tuple(reach(k, d) for k, d in zip(self.kernel, self.steps(), strict=True))

    def line(self) -> str:
        moves = "" if self.stride == self.kernel else f"stride {kernel_in_words(self.stride)}"
        return " · ".join(filter(None, (kernel_in_words(self.kernel), moves, self.padding.line())))

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        (outgoing,) = self.infer(arriving)
        return math.prod(outgoing) * math.prod(self.kernel)

    def attributes(self, windows: tuple[Window, ...]) -> dict[str, list[int]]:
        """What ONNX calls these settings, with all that is added written out."""
        return {
            "kernel_shape": list(self.kernel),
            "strides": list(self.stride),
            "pads": [w.added[0] for w in windows] + [w.added[1] for w in windows],
        }


def _rounded_up(length: int, kernel: int, stride: int, sides: Sides) -> Sides:
    before, after = sides
    places = -(-(length + before + after - kernel) // stride) + 1
    if (places - 1) * stride >= length + before:
        places -= 1  # it would start behind the image
    return before, max(after, (places - 1) * stride + kernel - length - before)
