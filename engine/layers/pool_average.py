"""Average pooling: the mean of each small window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.fields import Boolean
from engine.layers.base import LAYERS, Array, Example, Workspace
from engine.layers.images import as_image, on_two_axes
from engine.layers.patches import Window, surrounded, taps
from engine.layers.pool import CEIL_MODE, PADDING, Pool, stride_field, window_field
from engine.layers.runs import Runs, pay
from engine.layers.spread import SpreadSum

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

COUNT_PADDING = Boolean(
    False, advanced=True, help="Whether the zeros around the image count in the averages."
)


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
        share = self._shares(work, plain, mean)
        if pay(windows):
            self._bind_runs(work, Runs(padded.whole, windows), share)
            return
        views, part = taps(padded.whole, windows), work.buffer(*mean.shape)
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

    def _bind_runs(self, work: Workspace, runs: Runs, share: Array) -> None:
        """The same where windows move by one: sums of runs."""
        x, y = work.input, work.output
        first, *others = np.ndindex(*(window.kernel for window in runs.windows))
        padded, found = runs.padded, work.scratch(*runs.padded.shape)
        mean, total = as_image(y.array), runs.seen(found, *first)
        for number, tap in enumerate(others):
            so_far = total if number else runs.seen(padded, *first)
            work.forward(np.add, so_far, runs.seen(padded, *tap), out=total)
        work.forward(np.copyto, mean, runs.places(found if others else padded))
        work.forward(np.multiply, mean, share, out=mean)
        if work.training and x.gradient is not None and y.gradient is not None:
            gradient, sent = as_image(y.gradient), work.scratch(*padded.shape)
            sums = work.scratch(*padded.shape)
            work.backward(np.multiply, gradient, share, out=gradient)
            work.backward(sent.fill, 0)
            work.backward(np.copyto, runs.places(sent), gradient)
            work.backward(sums.fill, 0)
            for tap in (first, *others):
                seen = runs.seen(sums, *tap)
                work.backward(np.add, seen, runs.seen(sent, *first), out=seen)
            work.backward(np.copyto, as_image(x.gradient), runs.image(sums))

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
        return work.constant(1 / counts.reshape(*mean.shape[1:3], 1), *mean.shape)

    def onnx(self, graph: OnnxGraph) -> None:
        windows = self.windows(graph.shapes[0])
        asked = self.added(graph.shapes[0][1:])
        attributes = self.attributes(windows)
        x = graph.inputs[0]
        if not self.count_padding or asked == tuple(window.added for window in windows):
            flag = int(self.count_padding)
            graph.result(graph.node("AveragePool", [x], count_include_pad=flag, **attributes))
            return
        # Runtimes disagree on whether what rounding up adds counts: what does is added apart.
        before, after = zip(*asked, strict=True)
        pads = np.array([0, 0, *before, 0, 0, *after], np.int64)
        whole = graph.node("Pad", [x, graph.constant(pads, "pads")])
        attributes["pads"] = [
            window.added[side] - sides[side]
            for side in (0, 1)
            for window, sides in zip(windows, asked, strict=True)
        ]
        graph.result(graph.node("AveragePool", [whole], **attributes))


@LAYERS.register
class AveragePool2D(AveragePool):
    """Take the mean of each window: y = mean over the window of x.

    Shapes: x (C, H, W, N) -> y (C, H_out, W_out, N). Zeros around the image count where asked:
    by default they do not, as in ONNX and Keras, while PyTorch counts them. What rounding up
    adds never counts.
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
