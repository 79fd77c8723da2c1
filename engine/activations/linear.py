"""Activations without a bend, and with nothing but one: the identity and the threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.activations.base import ACTIVATIONS, Activation
from engine.fields import Real
from engine.workspace import Array, Workspace

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@ACTIVATIONS.register
class Linear(Activation):
    """a = z. The weighted sum as it is: regression's last layer."""

    kind = "linear"
    label = "Linear"
    summary = "Leaves the weighted sum as it is; for outputs that are plain numbers."
    synonyms = ("identity", "none")
    formula = "a = z"

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        if a is not z:
            work.forward(np.copyto, a, z)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        pass  # da/dz = 1

    def value(self, z: Array) -> Array:
        return np.array(z)

    def slope(self, z: Array) -> Array:
        return np.ones_like(z)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return x


@ACTIVATIONS.register
class Step(Activation):
    """a = 1 if z ≥ 0 else 0, the neuron of McCulloch and Pitts.

    Its true derivative is 0, which teaches nothing, so the backward pass uses
    the surrogate da/dz = 1 / (1 + sharpness |z|)².
    """

    kind = "step"
    label = "Step"
    summary = "Fires (1) or stays silent (0); learns through a stated surrogate derivative."
    synonyms = ("threshold", "heaviside", "perceptron")
    formula = "a = 1 if z ≥ 0 else 0"
    source = "Zenke and Ganguli, SuperSpike, 2018 (the surrogate)"
    surrogate = "da/dz := 1 / (1 + sharpness |z|)²"
    needs_input = True

    sharpness = Real(
        1.0, above=0, help="How narrow the surrogate derivative is around the threshold."
    )

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        # min(sign(z) + 1, 1): comparing into an array of numbers would buffer it.
        work.forward(np.sign, z, out=a)
        work.forward(np.add, a, work.scalar(1), out=a)
        work.forward(np.minimum, a, work.scalar(1), out=a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        width = work.scratch(*z.shape)
        work.backward(np.abs, z, out=width)
        work.backward(np.multiply, width, work.scalar(self.sharpness), out=width)
        work.backward(np.add, width, work.scalar(1), out=width)
        work.backward(np.multiply, width, width, out=width)
        work.backward(np.divide, gradient, width, out=gradient)

    def value(self, z: Array) -> Array:
        return np.where(z >= 0, 1.0, 0.0)

    def slope(self, z: Array) -> Array:
        return np.asarray(1 / (1 + self.sharpness * np.abs(z)) ** 2)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        fired = graph.node("GreaterOrEqual", [x, graph.constant(0.0, "threshold")])
        ones, zeros = graph.constant(1.0, "fired"), graph.constant(0.0, "silent")
        return graph.node("Where", [fired, ones, zeros])
