"""Pooling: one number for each small window of an image or a sequence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engine.errors import ShapeError
from engine.fields import Boolean, Sizes, Variant
from engine.layers.base import LAYERS, Array, ArrivingShapes, Example, Layer, Workspace
from engine.layers.images import (
    as_image,
    channels_and_lengths,
    kernel_in_words,
    moving_windows,
    on_two_axes,
)
from engine.layers.padding import PADDINGS, Padding, Sides
from engine.layers.patches import Window, surrounded, taps
from engine.layers.spread import SpreadSum
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

PADDING: Variant[Padding] = Variant(
    "valid", PADDINGS, help="What surrounds the image before the window moves over it."
)
CEIL_MODE = Boolean(
    False,
    label="Round up",
    advanced=True,
    help="Whether a last window that lies only partly on the image counts too.",
)
COUNT_PADDING = Boolean(
    False, advanced=True, help="Whether the zeros around the image count in the averages."
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
        for kernel, sides in zip(self.kernel, added, strict=True):
            if max(sides) >= kernel:
                raise ShapeError(
                    f"{self.label} adds {max(sides)} on one side, and a window of {kernel} there "
                    "would hold nothing of the image. Add less than the window holds."
                )
        if self.ceil_mode:
            added = tuple(
                _rounded_up(*axis)
                for axis in zip(lengths, self.kernel, self.stride, added, strict=True)
            )
        steps = (1,) * self.axes
        return moving_windows(self, lengths, self.kernel, self.stride, steps, added)

    def added(self, lengths: Shape) -> tuple[Sides, ...]:
        """The padding that was asked for."""
        return self.padding.added(self.label, lengths, self.kernel, self.stride)

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


class MaxPool(Pool):
    """What both kinds of max pooling do."""

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        windows = on_two_axes(self.windows(x.array.shape[:-1]))
        image, highest = as_image(x.array), as_image(y.array)
        padded = surrounded(work, image, [w.added for w in windows], -math.inf)
        padded.fill(work.forward, image)
        views = taps(padded.whole, windows)
        learns = work.training and x.gradient is not None and y.gradient is not None
        indices = list(np.ndindex(views.shape[1:3]))
        parts = work.buffer(len(indices) if learns else 1, *highest.shape)
        for number, (i, j) in enumerate(indices):
            part = parts[number % len(parts)]
            work.forward(np.copyto, part, views[:, i, j])
            before = highest if number else part
            work.forward(np.maximum, before, part, out=highest)
        if work.training and x.gradient is not None and y.gradient is not None:
            spread = SpreadSum(work, len(image), as_image(x.gradient), windows)
            self._bind_backward(work, as_image(y.gradient), highest, parts, spread)

    def _bind_backward(
        self, work: Workspace, gradient: Array, highest: Array, parts: Array, spread: SpreadSum
    ) -> None:
        # On bits: a number and the maximum are one where their exclusive or is 0. Of equal
        # ones the first takes the whole gradient, and nothing is left for the others.
        whole = np.dtype(f"u{gradient.itemsize}")
        left, top = gradient.view(whole), highest.view(whole)
        differs = work.buffer(*highest.shape, dtype=whole)
        one = np.array(1, whole)
        _, columns = spread.windows
        for number, part in enumerate(parts):
            work.backward(np.bitwise_xor, part.view(whole), top, out=differs)
            work.backward(np.minimum, differs, one, out=differs)
            work.backward(np.multiply, left, differs, out=differs)
            work.backward(np.bitwise_xor, left, differs, out=spread.sent.view(whole))
            work.backward(np.copyto, left, differs)
            spread.send(work.backward, True, divmod(number, columns.kernel))
        spread.finish(work.backward)

    def onnx(self, graph: OnnxGraph) -> None:
        attributes = self.attributes(self.windows(graph.shapes[0]))
        graph.result(graph.node("MaxPool", [graph.inputs[0]], **attributes))


class AveragePool(Pool):
    """What both kinds of average pooling do."""

    count_padding: Boolean

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        plain = self.windows(x.array.shape[:-1])
        windows = on_two_axes(plain)
        image, mean = as_image(x.array), as_image(y.array)
        padded = surrounded(work, image, [w.added for w in windows])
        padded.fill(work.forward, image)
        views = taps(padded.whole, windows)
        part, share = work.buffer(*mean.shape), self._shares(work, plain, mean)
        for number, (i, j) in enumerate(np.ndindex(views.shape[1:3])):
            work.forward(np.copyto, part if number else mean, views[:, i, j])
            if number:
                work.forward(np.add, mean, part, out=mean)
        work.forward(np.multiply, mean, share, out=mean)
        if work.training and x.gradient is not None and y.gradient is not None:
            spread = SpreadSum(work, len(image), as_image(x.gradient), windows)
            work.backward(np.multiply, as_image(y.gradient), share, out=spread.sent)
            for number, (i, j) in enumerate(np.ndindex(views.shape[1:3])):
                spread.send(work.backward, number == 0, (i, j))
            spread.finish(work.backward)

    def counts(self, windows: tuple[Window, ...]) -> Array:
        """How many values are averaged at each place: (H_out, W_out), or (T_out,)."""
        lengths = tuple(window.length for window in windows)
        found = np.ones((), int)
        for window, (before, after) in zip(windows, self.added(lengths), strict=True):
            if not self.count_padding:
                before = after = 0
            start = np.arange(window.places) * window.stride - window.added[0]
            end = np.minimum(start + window.kernel, window.length + after)
            found = np.multiply.outer(found, end - np.maximum(start, -before))
        return found

    def _shares(self, work: Workspace, windows: tuple[Window, ...], mean: Array) -> Array:
        counts = self.counts(windows)
        if counts.min() == counts.max():
            return work.scalar(1 / counts.flat[0])
        shares = work.buffer(*mean.shape)
        shares[...] = 1 / counts.reshape(*mean.shape[1:3], 1)
        return shares

    def onnx(self, graph: OnnxGraph) -> None:
        windows = self.windows(graph.shapes[0])
        asked = self.added(graph.shapes[0][1:])
        attributes = self.attributes(windows)
        x = graph.inputs[0]
        if not self.count_padding or asked == tuple(window.added for window in windows):
            flag = int(self.count_padding)
            graph.result(graph.node("AveragePool", [x], count_include_pad=flag, **attributes))
            return
        # Runtimes disagree on what rounding up adds: here it is added by hand and not counted.
        del attributes["pads"]
        before, after = zip(*(window.added for window in windows), strict=True)
        pads = [0, 0, *before, 0, 0, *after]
        whole = graph.node("Pad", [x, graph.constant(np.array(pads, np.int64), "pads")])
        means = graph.node("AveragePool", [whole], **attributes)
        share = math.prod(self.kernel) / self.counts(windows)
        graph.result(graph.node("Mul", [means, graph.constant(share[None, None], "shares")]))


@LAYERS.register
class MaxPool2D(MaxPool):
    """Keep the largest value of each window: y = max over the window of x.

    Shapes: x (C, H, W, N) -> y (C, H_out, W_out, N). Of equal values the first, row by row,
    gets the gradient. Padding never wins: it counts as -∞.
    """

    kind = "max_pool2d"
    label = "MaxPool2D"
    summary = "Keeps the largest value of each small window of an image."
    synonyms = ("max pooling", "maxpooling", "subsampling", "downsample", "cnn", "image")
    formula = "y = max x over each window"
    source = "Ranzato et al., Unsupervised learning of invariant feature hierarchies, 2007"
    examples = (
        Example({}, ((2, 4, 6),)),
        Example({"kernel": 3, "stride": 2, "padding": "same"}, ((1, 5, 4),)),
        Example({"kernel": [3, 2], "stride": [1, 1]}, ((2, 4, 3),)),
        Example({"ceil_mode": True}, ((2, 3, 5),)),
        Example({"kernel": 2, "stride": 3}, ((1, 6, 5),)),
        Example(
            {"kernel": 3, "padding": {"kind": "explicit", "amounts": [2, 1, 0, 2]}}, ((1, 4, 4),)
        ),
    )

    kernel = window_field(axes=2)
    stride = stride_field(axes=2)
    padding = PADDING
    ceil_mode = CEIL_MODE


@LAYERS.register
class MaxPool1D(MaxPool):
    """Keep the largest value of each stretch: y = max over the stretch of x.

    Shapes: x (C, T, N) -> y (C, T_out, N). Of equal values the first gets the gradient.
    """

    kind = "max_pool1d"
    label = "MaxPool1D"
    summary = "Keeps the largest value of each short stretch of a sequence."
    synonyms = ("max pooling", "maxpooling", "subsampling", "downsample", "temporal", "sequence")
    formula = "y = max x over each stretch"
    source = MaxPool2D.source
    axes = 1
    examples = (
        Example({}, ((2, 6),)),
        Example({"kernel": 3, "stride": 2, "padding": "same"}, ((1, 6),)),
        Example({"kernel": 3, "stride": 2, "ceil_mode": True}, ((2, 6),)),
    )

    kernel = window_field(axes=1)
    stride = stride_field(axes=1)
    padding = PADDING
    ceil_mode = CEIL_MODE


@LAYERS.register
class AveragePool2D(AveragePool):
    """Take the mean of each window: y = mean over the window of x.

    Shapes: x (C, H, W, N) -> y (C, H_out, W_out, N). What rounding up adds never counts.
    """

    kind = "average_pool2d"
    label = "AveragePool2D"
    summary = "Takes the mean of each small window of an image."
    synonyms = ("average pooling", "mean pooling", "avgpool", "subsampling", "downsample", "cnn")
    formula = "y = mean x over each window"
    source = "LeCun, Bottou, Bengio and Haffner, Gradient-based learning, 1998"
    examples = (
        Example({}, ((2, 4, 6),)),
        Example({"kernel": 3, "stride": 2, "padding": "same"}, ((1, 5, 4),)),
        Example({"kernel": [3, 2], "stride": 1, "padding": "same"}, ((2, 4, 3),)),
        Example(
            {
                "kernel": 3,
                "count_padding": True,
                "ceil_mode": True,
                "padding": {"kind": "explicit", "amounts": [1, 0, 2, 1]},
            },
            ((2, 4, 5),),
        ),
        Example({"kernel": 3, "padding": "same", "count_padding": True}, ((1, 3, 4),)),
        Example({"ceil_mode": True, "stride": 3}, ((1, 4, 5),)),
    )

    kernel = window_field(axes=2)
    stride = stride_field(axes=2)
    padding = PADDING
    count_padding = COUNT_PADDING
    ceil_mode = CEIL_MODE


@LAYERS.register
class AveragePool1D(AveragePool):
    """Take the mean of each stretch: y = mean over the stretch of x.

    Shapes: x (C, T, N) -> y (C, T_out, N). What rounding up adds never counts.
    """

    kind = "average_pool1d"
    label = "AveragePool1D"
    summary = "Takes the mean of each short stretch of a sequence."
    synonyms = ("average pooling", "mean pooling", "avgpool", "moving average", "sequence")
    formula = "y = mean x over each stretch"
    source = AveragePool2D.source
    axes = 1
    examples = (
        Example({}, ((2, 6),)),
        Example({"kernel": 3, "stride": 2, "padding": "same"}, ((1, 6),)),
        Example(
            {
                "kernel": 3,
                "ceil_mode": True,
                "count_padding": True,
                "padding": {"kind": "explicit", "amounts": [1]},
            },
            ((2, 5),),
        ),
    )

    kernel = window_field(axes=1)
    stride = stride_field(axes=1)
    padding = PADDING
    count_padding = COUNT_PADDING
    ceil_mode = CEIL_MODE
