"""Layers that drop values at random while training."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.fields import Real
from engine.layers.base import LAYERS, Array, ArrivingShapes, Example, Layer, Workspace
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


def bind_pass(work: Workspace) -> None:
    """Add the steps that pass values on, and the gradient back."""
    x, y = work.input, work.output
    work.forward(np.copyto, y.array, x.array)
    if work.training and x.gradient is not None and y.gradient is not None:
        work.backward(np.copyto, x.gradient, y.gradient)


def bind_mask(work: Workspace, mask: Array, rate: float) -> None:
    """Add the steps that draw a mask: 0 with probability `rate`, else 1 / (1 - rate)."""
    # u + (1 - p) reaches 1 with probability 1 - p: its floor is the mask.
    kept = 1 - rate
    work.forward(work.rng.random, dtype=mask.dtype, out=mask)
    work.forward(np.add, mask, work.scalar(kept), out=mask)
    work.forward(np.floor, mask, out=mask)
    work.forward(np.multiply, mask, work.scalar(1 / kept), out=mask)


@LAYERS.register
class Dropout(Layer):
    """While training, set each value to zero with probability p and scale the rest by 1 / (1 - p).

    Otherwise it passes everything on. As in PyTorch and Keras, what is kept grows while
    training, so that nothing has to shrink later. Shapes: x (*shape, N) -> y (*shape, N).
    """

    kind = "dropout"
    label = "Dropout"
    summary = "Drops values at random while training, so that no neuron relies on another."
    synonyms = ("regularisation", "regularization", "noise")
    category = "regularising"
    masking = "passes"
    formula = "y = m x / (1 - p), each m is 0 with probability p, else 1"
    source = "Srivastava et al., Dropout, 2014"
    examples = (
        Example({"rate": 0.3}, ((5,),)),
        Example({"rate": 0}, ((3,),)),
        Example({}, ((2, 4, 3),)),
    )

    rate = Real(0.5, minimum=0, below=1, help="Share of values that are dropped.")

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return (arriving.one,)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        if not work.training or self.rate == 0:
            bind_pass(work)
            return
        mask = work.buffer(*x.array.shape)
        bind_mask(work, mask, self.rate)
        work.forward(np.multiply, x.array, mask, out=y.array)
        if x.gradient is not None and y.gradient is not None:
            work.backward(np.multiply, y.gradient, mask, out=x.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        ratio = graph.constant(self.rate, "ratio")
        graph.result(graph.node("Dropout", [graph.inputs[0], ratio]))

    def line(self) -> str:
        return f"{self.rate:.0%}"
