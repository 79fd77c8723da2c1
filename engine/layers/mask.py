"""A layer that says which steps of a sequence only fill it up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from engine.fields import Real
from engine.layers.base import LAYERS, Array, ArrivingShapes, Example, Layer, Workspace, size_of
from engine.layers.recurrent import sequence_of
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


def bind_unseen(work: Workspace, mask: Array) -> Array:
    """Add the steps for what hides padding from a maximum: 0 at real steps, else -inf."""
    added = work.buffer(*mask.shape)
    # (m - ½) ∞ is ±∞, and the lesser of it and 0 is what to add.
    work.forward(np.subtract, mask, work.scalar(0.5), out=added)
    work.forward(np.multiply, added, work.scalar(math.inf), out=added)
    work.forward(np.minimum, added, work.scalar(0), out=added)
    return added


@LAYERS.register
class Mask(Layer):
    """Take steps for padding all of whose features equal a value: m_t = 0 if x_t = v, else 1.

    Layers behind it heed what is masked: recurrent ones leave it out, attention does not ask
    it, pooling over steps, losses and metrics do not count it. y_t = m_t x_t, as in Keras.

    Shapes: x (T, D, N) -> y (T, D, N), with a mask (T, N).
    """

    kind = "mask"
    label = "Mask"
    summary = "Marks the steps that only fill up short sequences, so that they count for nothing."
    synonyms = ("masking", "padding", "variable length", "unequal lengths", "sequence")
    category = "recurrent"
    formula = "y_t = m_t x_t, m_t = 0 where x_t = v in all features, else 1"
    source = "Keras, Masking"
    masking = "makes"
    examples = (
        Example({}, ((4, 3),)),
        Example({"value": -1}, ((1, 1),)),
    )

    value = Real(0.0, help="What every feature of a step has that only fills up.")

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return (sequence_of(self, arriving.one),)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        steps, _, batch = x.array.shape
        differs = work.buffer(*x.array.shape, dtype=np.bool_)
        is_real = work.buffer(steps, batch, dtype=np.bool_)
        mask, wide = work.buffer(steps, batch), work.buffer(*x.array.shape)
        work.forward(np.not_equal, x.array, work.scalar(self.value), out=differs)
        work.forward(np.logical_or.reduce, differs, axis=1, out=is_real)
        work.forward(np.copyto, mask, is_real)
        work.forward(np.copyto, wide, mask[:, None])  # (T, N) -> (T, D, N)
        work.forward(np.multiply, x.array, wide, out=y.array)
        y.mask = mask
        if work.training and x.gradient is not None and y.gradient is not None:
            work.backward(np.multiply, y.gradient, wide, out=x.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        x = graph.inputs[0]
        number = graph.constant(np.array(float(self.value)), "value")
        equal = graph.node("Cast", [graph.node("Equal", [x, number])], to=1)  # float
        all_equal = graph.node("ReduceMin", [equal], axes=[2], keepdims=0)
        one = graph.constant(np.array(1.0, np.float32), "one")
        mask = graph.node("Sub", [one, all_equal])
        graph.mask = graph.node("CastLike", [mask, x])
        last = graph.constant(np.array([2], np.int64), "features")
        graph.result(graph.node("Mul", [x, graph.node("Unsqueeze", [graph.mask, last])]))

    def line(self) -> str:
        return f"{self.value:g} is padding"

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return size_of(arriving)
