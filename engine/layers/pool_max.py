"""Max pooling: the largest value of each small window."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import ShapeError
from engine.fields import Sizes
from engine.layers.base import LAYERS, Array, Example, Workspace
from engine.layers.images import as_image, kernel_in_words, on_two_axes
from engine.layers.patches import PASS, Window, in_scratch, taps
from engine.layers.pool import CEIL_MODE, PADDING, Pool, stride_field, window_field
from engine.layers.pool_max_runs import bind_backward, bind_forward
from engine.layers.runs import Runs, pay
from engine.layers.spread import SpreadSum
from engine.shapes import Shape
from engine.workspace import BACKWARD, FORWARD, Way, shares

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

BLOCK = 262_144
"""Numbers of an image that are gone over at one time: a mebibyte of float32, as measured."""


def dilation_field(axes: int) -> Sizes:
    return Sizes(
        (1,) * axes,
        axes=range(axes, axes + 1),
        advanced=True,
        help="How far apart the values of a window are; 1 is side by side.",
    )


class MaxPool(Pool):
    """What both kinds of max pooling do."""

    dilation: Sizes

    def windows(self, shape: Shape) -> tuple[Window, ...]:
        found = super().windows(shape)
        for window in found:
            if not all(_sees_image(window, place) for place in range(window.places)):
                raise ShapeError(
                    f"{self.label} skips values, and one of its windows would hold nothing of "
                    f"the {window.length} that arrive. Add less, or choose a smaller dilation."
                )
        return found

    def steps(self) -> tuple[int, ...]:
        return self.dilation

    def line(self) -> str:
        skips = f"dilation {kernel_in_words(self.dilation)}" if max(self.dilation) > 1 else ""
        return " · ".join(filter(None, (super().line(), skips)))

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        windows = on_two_axes(self.windows(x.array.shape[:-1]))
        image, highest = as_image(x.array), as_image(y.array)
        with work.turn():
            self._bind_forward(work, image, highest, windows)
        if work.training and x.gradient is not None and y.gradient is not None:
            gradient, target = as_image(y.gradient), as_image(x.gradient)
            with work.turn():
                self._bind_backward(work, image, highest, gradient, target, windows)

    def _bind_forward(
        self, work: Workspace, image: Array, highest: Array, windows: Sequence[Window]
    ) -> None:
        padded = _padded(work, FORWARD, image, windows)
        views = taps(padded, windows)
        with work.lanes(views.size * PASS) as lanes:
            for lane, some in _channels(lanes, padded):
                with lane.turn():
                    if pay(windows):
                        bind_forward(lane, Runs(padded[some], windows), highest[some])
                    else:
                        _bind_forward(lane, views[some], highest[some])

    def _bind_backward(
        self,
        work: Workspace,
        image: Array,
        highest: Array,
        gradient: Array,
        target: Array,
        windows: Sequence[Window],
    ) -> None:
        padded = _padded(work, BACKWARD, image, windows)
        views = taps(padded, windows)
        with work.lanes(2 * views.size * PASS) as lanes:
            for lane, some in _channels(lanes, padded):
                with lane.turn():
                    if pay(windows):
                        ends = highest[some], gradient[some], target[some]
                        bind_backward(lane, Runs(padded[some], windows), *ends)
                    else:
                        spread = SpreadSum(lane, some.stop - some.start, target[some], windows)
                        _bind_backward(lane, gradient[some], highest[some], views[some], spread)

    def onnx(self, graph: OnnxGraph) -> None:
        windows, x = self.windows(graph.shapes[0]), graph.inputs[0]
        attributes = self.attributes(windows)
        if max(self.dilation) > 1:
            attributes["dilations"] = list(self.dilation)
        if any(max(w.added) >= w.kernel for w in windows):
            # Runtimes pad by less than the kernel holds, dilated or not: here it is done before.
            pads = np.array(
                [0, 0, *(w.added[0] for w in windows), 0, 0] + [w.added[1] for w in windows],
                np.int64,
            )
            lowest = graph.constant(np.array(np.finfo(np.float32).min, np.float32), "lowest")
            x = graph.node("Pad", [x, graph.constant(pads, "pads"), lowest])
            attributes["pads"] = [0] * len(attributes["pads"])
        graph.result(graph.node("MaxPool", [x], **attributes))


def _padded(work: Workspace, way: Way, image: Array, windows: Sequence[Window]) -> Array:
    """Add the steps that surround an image with what is never the largest."""
    margins = [window.added for window in windows]
    # Made anew in the backward pass: to keep it takes as much memory as the image itself.
    padded = in_scratch(work, way, image, margins, -math.inf)
    padded.fill_in_lanes(work, way, image)
    return padded.whole


def _channels(lanes: Sequence[Workspace], padded: Array) -> Iterator[tuple[Workspace, slice]]:
    """Each lane with runs of channels that stay in the processor's cache from tap to tap.

    Against all channels at once a step of three convolutions with two pools takes 0.95 of
    the time.
    """
    most = max(1, BLOCK // max(1, padded[0].size))
    for lane, whole in shares(lanes, len(padded)):
        for start in range(whole.start, whole.stop, most):
            yield lane, slice(start, min(start + most, whole.stop))


def _bind_forward(work: Workspace, views: Array, highest: Array) -> None:
    """Add the steps that write the largest of views (C, K_h, K_w, H_out, W_out, N)."""
    part = work.scratch(*highest.shape)
    for number, (i, j) in enumerate(np.ndindex(views.shape[1:3])):
        work.forward(np.copyto, part if number else highest, views[:, i, j])
        if number:
            work.forward(np.maximum, highest, part, out=highest)


def _bind_backward(
    work: Workspace, gradient: Array, highest: Array, views: Array, spread: SpreadSum
) -> None:
    # On bits: a number and the maximum are one where their exclusive or is 0. Of equal
    # ones the first takes the whole gradient, and nothing is left for the others; the
    # last takes what is left.
    whole = np.dtype(f"u{gradient.itemsize}")
    left, top, sent = gradient.view(whole), highest.view(whole), spread.sent.view(whole)
    differs = work.scratch(*highest.shape, dtype=whole)
    one = np.array(1, whole)
    *before, last = np.ndindex(views.shape[1:3])
    for i, j in before:
        # Read again instead of kept: the same numbers several times over take much memory.
        work.backward(np.copyto, differs, views[:, i, j].view(whole))
        work.backward(np.bitwise_xor, differs, top, out=differs)
        work.backward(np.minimum, differs, one, out=differs)
        work.backward(np.multiply, left, differs, out=differs)
        work.backward(np.bitwise_xor, left, differs, out=sent)
        left, differs = differs, left
        spread.send(work.backward, True, (i, j))
    work.backward(np.copyto, sent, left)
    spread.send(work.backward, True, last)
    spread.finish(work.backward)


def _sees_image(window: Window, place: int) -> bool:
    """Whether one of the values that a window holds at a place is none that was added."""
    first = place * window.stride - window.added[0]
    taps = range(first, first + window.reach, window.dilation)
    return any(0 <= tap < window.length for tap in taps)


@LAYERS.register
class MaxPool2D(MaxPool):
    """Keep the largest value of each window: y = max over the window of x.

    Shapes: x (C, H, W, N) -> y (C, H_out, W_out, N). Of equal values the first, row by row,
    gets the gradient. Padding never wins: it counts as -∞. Rounded up, a last window counts
    only where it starts on the image or before it, as in PyTorch; ONNX is told the same sizes.
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
        Example({"kernel": [2, 3], "dilation": [3, 2], "stride": 1}, ((1, 5, 6),)),
    )

    kernel = window_field(axes=2)
    stride = stride_field(axes=2)
    dilation = dilation_field(axes=2)
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
        Example({"kernel": 2, "stride": 1, "dilation": 2, "padding": "same"}, ((2, 5),)),
    )

    kernel = window_field(axes=1)
    stride = stride_field(axes=1)
    dilation = dilation_field(axes=1)
    padding = PADDING
    ceil_mode = CEIL_MODE
