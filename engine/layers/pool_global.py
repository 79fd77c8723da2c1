"""Pooling over everything but the channels: one number for each of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engine.layers.base import LAYERS, Array, ArrivingShapes, Example, Layer, Workspace, size_of
from engine.layers.images import any_image
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


class GlobalPool(Layer):
    """What both kinds of global pooling do."""

    category = "convolution"
    operator: ClassVar[str]

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        channels, _ = any_image(self, arriving.one)
        return ((channels,),)

    def onnx(self, graph: OnnxGraph) -> None:
        pooled = graph.node(self.operator, [graph.inputs[0]])
        graph.result(graph.node("Flatten", [pooled], axis=1))

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return size_of(arriving)


@LAYERS.register
class GlobalAveragePool(GlobalPool):
    """Take the mean of each channel: y_c = mean x_c.

    Shapes: x (C, H, W, N) or (C, T, N) -> y (C, N).
    """

    kind = "global_average_pool"
    label = "GlobalAveragePool"
    summary = "Takes the mean of each channel of an image or a sequence: one number a channel."
    synonyms = ("global average pooling", "mean pooling", "gap", "squeeze", "cnn")
    formula = "y_c = mean x_c"
    source = "Lin, Chen and Yan, Network in network, 2014"
    operator = "GlobalAveragePool"
    examples = (
        Example({}, ((2, 3, 4),)),
        Example({}, ((3, 5),)),
        Example({}, ((1, 1, 1),)),
    )

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        share = work.scalar(1 / math.prod(x.array.shape[1:-1]))
        work.forward(np.add.reduce, _flat(x.array), axis=1, out=y.array)
        work.forward(np.multiply, y.array, share, out=y.array)
        if work.training and x.gradient is not None and y.gradient is not None:
            work.backward(np.multiply, y.gradient, share, out=y.gradient)
            work.backward(np.copyto, _flat(x.gradient), y.gradient[:, None])


@LAYERS.register
class GlobalMaxPool(GlobalPool):
    """Keep the largest value of each channel: y_c = max x_c.

    Shapes: x (C, H, W, N) or (C, T, N) -> y (C, N). Of equal values the first gets the gradient.
    """

    kind = "global_max_pool"
    label = "GlobalMaxPool"
    summary = "Keeps the largest value of each channel of an image or a sequence."
    synonyms = ("global max pooling", "max over time", "cnn")
    formula = "y_c = max x_c"
    source = "Collobert et al., Natural language processing (almost) from scratch, 2011"
    operator = "GlobalMaxPool"
    examples = (
        Example({}, ((2, 3, 4),)),
        Example({}, ((3, 5),)),
        Example({}, ((2, 1),)),
    )

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        values = _flat(x.array)
        work.forward(np.maximum.reduce, values, axis=1, out=y.array)
        if not (work.training and x.gradient is not None and y.gradient is not None):
            return
        # On bits: 0 where a value is the maximum. From its first 0 on `apart` is kept at 0,
        # and the first maximum is where it falls from 1. One bit times dL/dy is dL/dx.
        whole = np.dtype(f"u{values.itemsize}")
        apart = work.buffer(*values.shape, dtype=whole)
        slope = _flat(x.gradient).view(whole)
        work.backward(np.copyto, apart, y.array.view(whole)[:, None])
        work.backward(np.bitwise_xor, values.view(whole), apart, out=apart)
        work.backward(np.minimum, apart, np.array(1, whole), out=apart)
        work.backward(np.bitwise_and.accumulate, apart, axis=1, out=apart)
        work.backward(slope[:, 0].fill, 1)
        work.backward(np.copyto, slope[:, 1:], apart[:, :-1])
        work.backward(np.bitwise_xor, slope, apart, out=slope)
        work.backward(np.copyto, apart, y.gradient.view(whole)[:, None])
        work.backward(np.multiply, slope, apart, out=slope)


def _flat(image: Array) -> Array:
    """(C, H, W, N) as (C, H W, N), a view."""
    return image.reshape(len(image), -1, image.shape[-1])
