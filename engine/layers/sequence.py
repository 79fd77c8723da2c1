"""Layers that make sequences, or tell their steps apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.fields import Choice, Integer
from engine.initializers import Normal
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    Layer,
    ParameterSpec,
    Workspace,
    features_of,
    size_of,
)
from engine.layers.recurrent import sequence_of
from engine.shapes import Shape
from engine.sums import bind_sums

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class RepeatVector(Layer):
    """Make a sequence of one row by saying it again at every step: y_t = x.

    Shapes: x (D, N) -> y (T, D, N).
    """

    kind = "repeat_vector"
    label = "RepeatVector"
    summary = "Says one row at every step: from a summary to a sequence, one to many."
    synonyms = ("repeat", "one to many", "decoder", "sequence", "tile")
    category = "recurrent"
    arranges = True
    formula = "y_t = x"
    source = "Keras, RepeatVector"
    examples = (
        Example({"steps": 3}, ((2,),)),
        Example({"steps": 1}, ((4,),)),
    )

    steps = Integer(8, minimum=1, maximum=100_000, help="How many steps the sequence has.")

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return ((self.steps, features_of(self, arriving.one)),)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        work.forward(np.copyto, y.array, x.array)
        if work.training and x.gradient is not None and y.gradient is not None:
            # (T, D, N) -> (D, N)
            steps, total = y.gradient.reshape(1, self.steps, -1), x.gradient.reshape(1, 1, -1)
            bind_sums(work, work.backward, steps, total)

    def onnx(self, graph: OnnxGraph) -> None:
        first = graph.constant(np.array([1], dtype=np.int64), "axis")
        sizes = graph.constant(np.array([1, self.steps, 1], dtype=np.int64), "steps")
        row = graph.node("Unsqueeze", [graph.inputs[0], first])
        graph.result(graph.node("Expand", [row, sizes]))

    def line(self) -> str:
        return "1 step" if self.steps == 1 else f"{self.steps} steps"


@LAYERS.register
class PositionalEncoding(Layer):
    """Add to each step numbers that tell where it stands: y_t = x_t + p_t.

    Waves: p_t = sin(t / 10000^(2 i / D)) in column 2 i, the cosine in column 2 i + 1, with t
    from 0. Attention by itself cannot tell one step from another.

    Shapes: x (T, D, N) -> y (T, D, N); learned p (T, D).
    """

    kind = "positional_encoding"
    label = "PositionalEncoding"
    summary = "Adds to each step of a sequence numbers that tell where it stands."
    synonyms = ("position", "sinusoidal", "transformer", "attention")
    category = "recurrent"
    masking = "passes"
    formula = "y_t = x_t + p_t"
    source = "Vaswani et al., Attention is all you need, 2017"
    examples = (
        Example({}, ((4, 3),)),
        Example({"positions": "learned"}, ((3, 2),)),
        Example({}, ((1, 1),)),
    )

    positions = Choice(
        "waves",
        {"waves": "Sine waves", "learned": "Learned"},
        help="Fixed waves of many lengths, or numbers that are learned for each step.",
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return (sequence_of(self, arriving.one),)

    def parameters(self, arriving: ArrivingShapes) -> tuple[ParameterSpec, ...]:
        if self.positions == "waves":
            return ()
        return (ParameterSpec("weight", arriving.one, Normal(deviation=0.02)),)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        if self.positions == "waves":
            added = work.constant(waves(*x.array.shape[:2])[..., None], *x.array.shape)
        else:
            added = work.buffer(*x.array.shape)
            work.forward(np.copyto, added, work.parameter("weight")[..., None])
        work.forward(np.add, x.array, added, out=y.array)
        if not work.training or y.gradient is None:
            return
        if x.gradient is not None:
            work.backward(np.copyto, x.gradient, y.gradient)
        gradient = work.parameter_gradient("weight") if self.positions == "learned" else None
        if gradient is not None:
            # (T D, N) @ (N, 1) -> (T D, 1): a product sums faster than a reduction.
            rows, places = y.gradient.reshape(-1, work.batch), gradient.reshape(-1, 1)
            work.backward(np.dot, rows, work.constant(1, work.batch, 1), places)

    def onnx(self, graph: OnnxGraph) -> None:
        steps, features = graph.shapes[0]
        if self.positions == "waves":
            added = graph.constant(waves(steps, features), "positions")
        else:
            added = graph.parameter("weight")
        graph.result(graph.node("Add", [graph.inputs[0], added]))

    def line(self) -> str:
        return self.positions

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return size_of(arriving)


def waves(steps: int, features: int) -> Array:
    """Sines and cosines of ever longer waves, (T, D)."""
    columns = np.arange(features)
    angles = np.arange(steps)[:, None] / 10_000 ** (2 * (columns // 2) / features)
    return np.where(columns % 2 == 0, np.sin(angles), np.cos(angles))
