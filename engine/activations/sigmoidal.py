"""S-shaped activations, which saturate on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.activations.base import ACTIVATIONS, Activation, bind_sigmoid, plain_sigmoid
from engine.fields import Real
from engine.workspace import Array, Logits, Workspace

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@ACTIVATIONS.register
class Sigmoid(Activation):
    """a = 1 / (1 + exp(-z)): a probability between 0 and 1."""

    kind = "sigmoid"
    label = "Sigmoid"
    summary = "Squeezes any number into a probability between 0 and 1."
    synonyms = ("logistic",)
    formula = "a = 1 / (1 + exp(-z))"

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        if work.fused:
            work.output.logits = Logits(self._kept(work, z, a))
        bind_sigmoid(work, z, a)

    @staticmethod
    def _kept(work: Workspace, z: Array, a: Array) -> Array:
        if z is not a:
            return z
        kept = work.buffer(*z.shape)
        work.forward(np.copyto, kept, z)
        return kept

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # g a (1 - a) = g a - (g a) a
        part = work.scratch(*a.shape)
        work.backward(np.multiply, gradient, a, out=gradient)
        work.backward(np.multiply, gradient, a, out=part)
        work.backward(np.subtract, gradient, part, out=gradient)

    def value(self, z: Array) -> Array:
        return plain_sigmoid(z)

    def slope(self, z: Array) -> Array:
        return plain_sigmoid(z) * plain_sigmoid(-z)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("Sigmoid", [x])


@ACTIVATIONS.register
class Tanh(Activation):
    """a = tanh(z): a sigmoid from -1 to 1."""

    kind = "tanh"
    label = "Tanh"
    summary = "Squeezes any number between -1 and 1, with zero in the middle."
    synonyms = ("hyperbolic tangent",)
    formula = "a = (exp(z) - exp(-z)) / (exp(z) + exp(-z))"

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        work.forward(np.tanh, z, out=a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        slope = work.scratch(*a.shape)
        work.backward(np.multiply, a, a, out=slope)
        work.backward(np.subtract, work.scalar(1), slope, out=slope)
        work.backward(np.multiply, gradient, slope, out=gradient)

    def value(self, z: Array) -> Array:
        return np.tanh(z)

    def slope(self, z: Array) -> Array:
        return np.asarray(1 - np.tanh(z) ** 2)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("Tanh", [x])


@ACTIVATIONS.register
class Softsign(Activation):
    """a = z / (1 + |z|): like tanh, with slower saturation."""

    kind = "softsign"
    label = "Softsign"
    summary = "Between -1 and 1 like tanh, but saturates slowly."
    formula = "a = z / (1 + |z|)"
    source = "Turian, Bergstra and Bengio, Quadratic features and deep architectures, 2009"
    needs_input = True

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        work.forward(np.abs, z, out=a)
        work.forward(np.add, a, work.scalar(1), out=a)
        work.forward(np.divide, z, a, out=a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        width = work.scratch(*z.shape)
        work.backward(np.abs, z, out=width)
        work.backward(np.add, width, work.scalar(1), out=width)
        work.backward(np.multiply, width, width, out=width)
        work.backward(np.divide, gradient, width, out=gradient)

    def value(self, z: Array) -> Array:
        return np.asarray(z / (1 + np.abs(z)))

    def slope(self, z: Array) -> Array:
        return np.asarray(1 / (1 + np.abs(z)) ** 2)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("Softsign", [x])


@ACTIVATIONS.register
class HardSigmoid(Activation):
    """a = α z + β held between 0 and 1: a sigmoid of three straight lines.

    Unless set α is 1/6, as in PyTorch and Keras, while ONNX takes 0.2; β is 1/2 in all three.
    """

    kind = "hard_sigmoid"
    label = "Hard sigmoid"
    summary = "A sigmoid of three straight lines: cheap to compute."
    formula = "a = min(max(α z + β, 0), 1)"
    source = "Howard et al., Searching for MobileNetV3, 2019 (as in PyTorch and Keras)"

    alpha = Real(1 / 6, advanced=True, help="Slope of the line in the middle.")
    beta = Real(0.5, advanced=True, help="What zero becomes.")

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        work.forward(np.multiply, z, work.scalar(self.alpha), out=a)
        work.forward(np.add, a, work.scalar(self.beta), out=a)
        work.forward(np.maximum, a, work.scalar(0), out=a)
        work.forward(np.minimum, a, work.scalar(1), out=a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # a (1 - a) is above 0 exactly between the bends.
        slope = work.scratch(*a.shape)
        work.backward(np.subtract, work.scalar(1), a, out=slope)
        work.backward(np.multiply, slope, a, out=slope)
        work.backward(np.sign, slope, out=slope)
        work.backward(np.multiply, slope, work.scalar(self.alpha), out=slope)
        work.backward(np.multiply, gradient, slope, out=gradient)

    def value(self, z: Array) -> Array:
        return np.clip(self.alpha * z + self.beta, 0, 1)

    def slope(self, z: Array) -> Array:
        line = self.alpha * z + self.beta
        return np.where((line > 0) & (line < 1), self.alpha, 0.0)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("HardSigmoid", [x], alpha=self.alpha, beta=self.beta)
