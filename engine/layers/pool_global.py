"""Pooling over all but the channels of an image, or over the steps of a sequence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from engine.fields import Choice
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    Layer,
    Masking,
    Workspace,
    size_of,
)
from engine.layers.images import any_image
from engine.layers.mask import bind_unseen
from engine.layers.recurrent import sequence_of
from engine.shapes import Shape
from engine.sums import bind_sums

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


class GlobalPool(Layer):
    """What both kinds of global pooling do."""

    category = "convolution"
    operator: ClassVar[str]
    reduction: ClassVar[str]

    over = Choice(
        "places",
        {"places": "The places of an image", "steps": "The steps of a sequence"},
        help="What is pooled: the places of each channel, of an image (C, H, W) or of (C, T); "
        "or the steps (T, D) of a sequence, where padding does not count.",
    )

    @property
    def masking(self) -> Masking:
        return "ends" if self.over == "steps" else "stops"

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        if self.over == "steps":
            return (sequence_of(self, arriving.one)[1:],)
        channels, _ = any_image(self, arriving.one)
        return ((channels,),)

    def rows(self, array: Array) -> Array:
        """(C, H, W, N) as (C, H W, N), or (T, D, N) as (D, T, N): a view; axis 1 is pooled."""
        if self.over == "steps":
            return array.transpose(1, 0, 2)
        return array.reshape(len(array), -1, array.shape[-1])

    def onnx(self, graph: OnnxGraph) -> None:
        x, mask = graph.inputs[0], graph.masks[0]
        if self.over == "places":
            graph.result(graph.node("Flatten", [graph.node(self.operator, [x])], axis=1))
        elif mask is None:
            graph.result(graph.node(self.reduction, [x], axes=[1], keepdims=0))
        else:
            axis = graph.constant(np.array([2], np.int64), "features")
            self.onnx_masked(graph, x, graph.node("Unsqueeze", [mask, axis]))

    def onnx_masked(self, graph: OnnxGraph, x: str, mask: str) -> None:
        """Write the pooling of x (N, T, D) over the steps where a mask (N, T, 1) is 1."""
        raise NotImplementedError  # this is where they differ

    def line(self) -> str:
        return "steps" if self.over == "steps" else ""

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return size_of(arriving)


@LAYERS.register
class GlobalAveragePool(GlobalPool):
    """Take the mean of each channel: y_c = mean x_c; or of each feature over the real steps.

    Shapes: x (C, H, W, N) or (C, T, N) -> y (C, N); over steps x (T, D, N) -> y (D, N).
    A sequence without real steps gives 0.
    """

    kind = "global_average_pool"
    label = "GlobalAveragePool"
    summary = "Takes the mean of each channel of an image or a sequence: one number a channel."
    synonyms = ("global average pooling", "mean pooling", "gap", "squeeze", "cnn")
    formula = "y_c = mean x_c"
    source = "Lin, Chen and Yan, Network in network, 2014"
    operator = "GlobalAveragePool"
    reduction = "ReduceMean"
    examples = (
        Example({}, ((2, 3, 4),)),
        Example({}, ((3, 5),)),
        Example({}, ((1, 1, 1),)),
        Example({"over": "steps"}, ((4, 3),)),
    )

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        if self.over == "steps" and x.mask is not None:
            self._bind_masked(work, x.mask)
            return
        share = work.scalar(1 / math.prod(self.rows(x.array).shape[1:-1]))
        self._bind_sums(work, x.array, y.array)
        work.forward(np.multiply, y.array, share, out=y.array)
        if work.training and x.gradient is not None and y.gradient is not None:
            work.backward(np.multiply, y.gradient, share, out=y.gradient)
            work.backward(np.copyto, self.rows(x.gradient), y.gradient[:, None])

    def _bind_sums(self, work: Workspace, values: Array, out: Array) -> None:
        """(C, P, N) -> (C, N), or (T, D, N) -> (D, N)."""
        if self.over == "steps":
            values, out = values.reshape(1, len(values), -1), out.reshape(1, -1)
        else:
            values = self.rows(values)
        bind_sums(work, work.forward, values, out[:, None])

    def _bind_masked(self, work: Workspace, mask: Array) -> None:
        """y = Σ_t w_t x_t with w_t = m_t / Σ m."""
        x, y = work.input, work.output
        steps, _, batch = x.array.shape
        number, weights = work.buffer(batch), work.buffer(steps, batch)
        wide, weighed = work.buffer(*x.array.shape), work.buffer(*x.array.shape)
        work.forward(np.add.reduce, mask, axis=0, out=number)
        work.forward(np.maximum, number, work.scalar(1), out=number)
        work.forward(np.copyto, weights, number)
        work.forward(np.divide, mask, weights, out=weights)
        work.forward(np.copyto, wide, weights[:, None])  # (T, N) -> (T, D, N)
        work.forward(np.multiply, x.array, wide, out=weighed)
        self._bind_sums(work, weighed, y.array)
        if work.training and x.gradient is not None and y.gradient is not None:
            work.backward(np.copyto, x.gradient, y.gradient)
            work.backward(np.multiply, x.gradient, wide, out=x.gradient)

    def onnx_masked(self, graph: OnnxGraph, x: str, mask: str) -> None:
        axis = graph.constant(np.array([1], np.int64), "time")
        one = graph.constant(np.array(1.0), "one")
        number = graph.node("ReduceSum", [mask, axis])
        weights = graph.node("Div", [mask, graph.node("Max", [number, one])])
        weighed = graph.node("Mul", [x, weights])
        graph.result(graph.node("ReduceSum", [weighed, axis], keepdims=0))


@LAYERS.register
class GlobalMaxPool(GlobalPool):
    """Keep the largest value of each channel: y_c = max x_c; or of each feature of real steps.

    Shapes: x (C, H, W, N) or (C, T, N) -> y (C, N); over steps x (T, D, N) -> y (D, N).
    Of equal values the first gets the gradient. A sequence without real steps gives 0.
    """

    kind = "global_max_pool"
    label = "GlobalMaxPool"
    summary = "Keeps the largest value of each channel of an image or a sequence."
    synonyms = ("global max pooling", "max over time", "cnn")
    formula = "y_c = max x_c"
    source = "Collobert et al., Natural language processing (almost) from scratch, 2011"
    operator = "GlobalMaxPool"
    reduction = "ReduceMax"
    examples = (
        Example({}, ((2, 3, 4),)),
        Example({}, ((3, 5),)),
        Example({}, ((2, 1),)),
        Example({"over": "steps"}, ((4, 3),)),
    )

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        mask = x.mask if self.over == "steps" else None
        values = self.rows(x.array if mask is None else self._bind_shown(work, mask))
        work.forward(np.maximum.reduce, values, axis=1, out=y.array)
        if mask is not None:
            self._bind_empty(work, mask)
        if not (work.training and x.gradient is not None and y.gradient is not None):
            return
        # On bits: 0 where a value is the maximum. From its first 0 on `apart` is kept at 0,
        # and the first maximum is where it falls from 1. One bit times dL/dy is dL/dx.
        whole = np.dtype(f"u{values.itemsize}")
        apart = self.rows(work.buffer(*x.array.shape, dtype=whole))  # laid out as x is
        slope = self.rows(x.gradient).view(whole)
        work.backward(np.copyto, apart, y.array.view(whole)[:, None])
        work.backward(np.bitwise_xor, values.view(whole), apart, out=apart)
        work.backward(np.minimum, apart, np.array(1, whole), out=apart)
        work.backward(np.bitwise_and.accumulate, apart, axis=1, out=apart)
        work.backward(slope[:, 0].fill, 1)
        work.backward(np.copyto, slope[:, 1:], apart[:, :-1])
        work.backward(np.bitwise_xor, slope, apart, out=slope)
        work.backward(np.copyto, apart, y.gradient.view(whole)[:, None])
        work.backward(np.multiply, slope, apart, out=slope)

    def _bind_shown(self, work: Workspace, mask: Array) -> Array:
        """Add the steps that copy x (T, D, N), with -inf where it is padding."""
        x, added = work.input.array, bind_unseen(work, mask)
        values, wide = work.buffer(*x.shape), work.buffer(*x.shape)
        work.forward(np.copyto, wide, added[:, None])  # (T, N) -> (T, D, N)
        work.forward(np.add, x, wide, out=values)
        return values

    def _bind_empty(self, work: Workspace, mask: Array) -> None:
        """Add the steps that put 0 for the maximum of no steps."""
        y, is_any = work.output.array, work.buffer(mask.shape[1])
        wide = work.buffer(*y.shape)
        work.forward(np.maximum.reduce, mask, axis=0, out=is_any)
        work.forward(np.copyto, wide, is_any)
        work.forward(np.maximum, y, work.scalar(float(np.finfo(work.dtype).min)), out=y)
        work.forward(np.multiply, y, wide, out=y)

    def onnx_masked(self, graph: OnnxGraph, x: str, mask: str) -> None:
        never, zero, half = (graph.constant(np.array(v), "number") for v in (-np.inf, 0.0, 0.5))
        shown = graph.node("Where", [graph.node("Greater", [mask, half]), x, never])
        most = graph.node("ReduceMax", [shown], axes=[1], keepdims=0)
        any_real = graph.node("ReduceMax", [mask], axes=[1], keepdims=0)
        is_any = graph.node("Greater", [any_real, half])
        graph.result(graph.node("Where", [is_any, most, zero]))
