"""Images and sequences with channels, and how far a kernel moves over them.

A sequence (C, T) is computed on as an image (C, T, 1) of one column, so that its rows can be
shared out and put in tiles as those of any image.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine import shapes
from engine.errors import ShapeError
from engine.layers.base import Layer
from engine.layers.padding import Sides
from engine.layers.patches import Window, reach
from engine.shapes import Shape
from engine.workspace import Array

IMAGE = {1: ("a sequence (C, T)", "(C, T)"), 2: ("an image (C, H, W)", "(C, H, W)")}
"""What arrives, by its axes beside the channels: in words, and as a shape."""


def channels_and_lengths(layer: Layer, shape: Shape, axes: int) -> tuple[int, Shape]:
    """C and the lengths of a shape. Raises ShapeError, asking for a Reshape, for any other."""
    if len(shape) != axes + 1:
        wanted, letters = IMAGE[axes]
        raise ShapeError(
            f"{layer.label} needs {wanted}, got {shape}. Put a Reshape to {letters} before it."
        )
    return shape[0], shape[1:]


def any_image(layer: Layer, shape: Shape) -> tuple[int, Shape]:
    """C and the lengths of a sequence or an image. Raises ShapeError for any other shape."""
    if len(shape) not in (2, 3):
        raise ShapeError(
            f"{layer.label} needs an image (C, H, W) or a sequence (C, T), got {shape}. "
            "Put a Reshape to (C, H, W) or (C, T) before it."
        )
    return shape[0], shape[1:]


def as_image(array: Array) -> Array:
    """(C, T, N) as (C, T, 1, N), a view; an image as it is."""
    if array.ndim == 4:
        return array
    channels, length, batch = array.shape
    return array.reshape(channels, length, 1, batch)


def moving_windows(
    layer: Layer,
    lengths: Sequence[int],
    kernel: Sequence[int],
    stride: Sequence[int],
    dilation: Sequence[int],
    added: Sequence[Sides],
) -> tuple[Window, ...]:
    """How a kernel moves along each axis. Raises ShapeError where it is too large to move."""
    found = tuple(
        Window(length, k, s, d, sides, (length + sum(sides) - reach(k, d)) // s + 1)
        for length, k, s, d, sides in zip(lengths, kernel, stride, dilation, added, strict=True)
    )
    if any(window.places < 1 for window in found):
        reaches = tuple(window.reach for window in found)
        spans = f", which spans {shapes.text(reaches)}" if reaches != tuple(kernel) else ""
        padded = tuple(window.padded for window in found)
        padding = ", padding included" if padded != tuple(lengths) else ""
        raise ShapeError(
            f"{layer.label} has a kernel of {shapes.text(tuple(kernel))}{spans}, and what arrives "
            f"is only {shapes.text(padded)}{padding}. Choose a smaller kernel or more padding."
        )
    return found


def on_two_axes(windows: Sequence[Window]) -> tuple[Window, Window]:
    """The windows of `as_image`: a sequence has one column, and the kernel stays in it."""
    if len(windows) == 2:
        return windows[0], windows[1]
    return windows[0], Window(1, 1, 1, 1, (0, 0), 1)


def kernel_in_words(kernel: Sequence[int]) -> str:
    """`3×3`, or `3` along a sequence."""
    return shapes.text(tuple(kernel))
