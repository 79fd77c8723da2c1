"""Layers that disturb values at random while training, and pass them on otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.errors import ShapeError
from engine.fields import Real
from engine.layers.base import LAYERS, ArrivingShapes, Example, Layer, Workspace, size_of
from engine.layers.dropout import bind_mask, bind_pass
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class GaussianNoise(Layer):
    """While training, add noise of mean 0 to each value: y = x + s ε with ε from a standard normal.

    Otherwise it passes everything on. Shapes: x (*shape, N) -> y (*shape, N).
    """

    kind = "gaussian_noise"
    label = "GaussianNoise"
    summary = "Adds noise while training, so that small changes of the input matter less."
    synonyms = ("jitter", "regularisation", "regularization", "denoising")
    category = "regularising"
    masking = "passes"
    formula = "y = x + s ε, each ε from a standard normal"
    source = "Bishop, Training with noise is equivalent to Tikhonov regularization, 1995"
    examples = (
        Example({}, ((5,),)),
        Example({"deviation": 0}, ((3,),)),
        Example({"deviation": 2}, ((2, 4, 3),)),
    )

    deviation = Real(
        0.1,
        minimum=0,
        label="Standard deviation",
        help="How strong the noise is, in the unit of what arrives.",
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        return (arriving.one,)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        if not work.training or self.deviation == 0:
            bind_pass(work)
            return
        work.forward(work.rng.standard_normal, dtype=work.dtype, out=y.array)
        work.forward(np.multiply, y.array, work.scalar(self.deviation), out=y.array)
        work.forward(np.add, y.array, x.array, out=y.array)
        if x.gradient is not None and y.gradient is not None:
            work.backward(np.copyto, x.gradient, y.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("Identity", [graph.inputs[0]]))

    def line(self) -> str:
        return f"± {self.deviation:g}"

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return size_of(arriving)


@LAYERS.register
class SpatialDropout(Layer):
    """While training, set whole channels to zero with probability p, scale the rest by 1 / (1 - p).

    Neighbouring pixels say nearly the same, so dropping them one by one takes little away.
    Otherwise it passes everything on. Shapes: x (C, *places, N) -> y (C, *places, N).
    """

    kind = "spatial_dropout"
    label = "SpatialDropout"
    summary = "Drops whole channels of images at random while training."
    synonyms = ("channel dropout", "dropout2d", "regularisation", "regularization")
    category = "regularising"
    masking = "passes"
    formula = "y = m_c x / (1 - p), each m_c is 0 with probability p, else 1"
    source = "Tompson et al., Efficient object localization using convolutional networks, 2015"
    examples = (
        Example({"rate": 0.3}, ((5, 3),)),
        Example({"rate": 0}, ((3, 2, 2),)),
        Example({}, ((4, 4, 3),)),
    )

    rate = Real(0.5, minimum=0, below=1, help="Share of channels that are dropped.")

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        if len(arriving.one) < 2:
            raise ShapeError(
                f"{self.label} needs channels with places, such as (C, H, W), got {arriving.one}. "
                "Use Dropout instead."
            )
        return (arriving.one,)

    def bind(self, work: Workspace) -> None:
        x, y = work.input, work.output
        if not work.training or self.rate == 0:
            bind_pass(work)
            return
        channels, *places, batch = x.array.shape
        drawn, mask = work.buffer(channels, batch), work.buffer(*x.array.shape)
        bind_mask(work, drawn, self.rate)
        repeated = drawn.reshape(channels, *(1 for _ in places), batch)
        work.forward(np.copyto, mask, repeated)
        work.forward(np.multiply, x.array, mask, out=y.array)
        if x.gradient is not None and y.gradient is not None:
            work.backward(np.multiply, y.gradient, mask, out=x.gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        graph.result(graph.node("Identity", [graph.inputs[0]]))

    def line(self) -> str:
        return f"{self.rate:.0%} of channels"
