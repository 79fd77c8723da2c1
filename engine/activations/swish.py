"""Smooth activations of the form a = z times a gate between 0 and 1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from engine.activations.base import ACTIVATIONS, Activation, bind_sigmoid, plain_sigmoid
from engine.activations.error_function import bind_erfc, plain_erfc
from engine.workspace import Array, Workspace

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@ACTIVATIONS.register
class SiLU(Activation):
    """a = z sigmoid(z), also known as swish."""

    kind = "silu"
    label = "SiLU"
    summary = "The sum times its own sigmoid: a smooth ReLU with a shallow dip."
    synonyms = ("swish",)
    formula = "a = z / (1 + exp(-z))"
    source = "Elfwing, Uchibe and Doya, 2018; Ramachandran, Zoph and Le, 2017"
    needs_input = True

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        bind_sigmoid(work, z, a)
        work.forward(np.multiply, a, z, out=a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # With the gate s = a / z computed afresh: slope = s + a (1 - s).
        gate, rest = work.scratch(*z.shape), work.scratch(*z.shape)
        bind_sigmoid(work, z, gate, add_step=work.backward)
        work.backward(np.subtract, work.scalar(1), gate, out=rest)
        work.backward(np.multiply, rest, a, out=rest)
        work.backward(np.add, rest, gate, out=rest)
        work.backward(np.multiply, gradient, rest, out=gradient)

    def value(self, z: Array) -> Array:
        return z * plain_sigmoid(z)

    def slope(self, z: Array) -> Array:
        gate = plain_sigmoid(z)
        return np.asarray(gate * (1 + z * (1 - gate)))

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("Mul", [x, graph.node("Sigmoid", [x])])


@ACTIVATIONS.register
class GELU(Activation):
    """a = z Φ(z), with Φ the normal distribution: the exact form, not the tanh one."""

    kind = "gelu"
    label = "GELU"
    summary = "The sum times the chance that a normal number lies below it; in transformers."
    synonyms = ("gaussian error linear unit",)
    formula = "a = z (1 + erf(z / √2)) / 2"
    source = "Hendrycks and Gimpel, Gaussian error linear units, 2016"
    needs_input = True

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        # z Φ(z) = max(z, 0) - |z| Φ(-|z|), which loses no digits on either side;
        # Φ(-|z|) = erfc(|z| / √2) / 2.
        distance, tail = work.scratch(*z.shape), work.scratch(*z.shape)
        scaled = work.scratch(*z.shape)
        work.forward(np.abs, z, out=distance)
        work.forward(np.multiply, distance, work.scalar(math.sqrt(0.5)), out=scaled)
        bind_erfc(work, scaled, tail)
        work.forward(np.multiply, tail, work.scalar(0.5), out=tail)
        work.forward(np.multiply, tail, distance, out=tail)
        work.forward(np.maximum, z, work.scalar(0), out=a)
        work.forward(np.subtract, a, tail, out=a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # Φ(z) + z φ(z), where Φ(z) = H(z) - sign(z) Φ(-|z|). The tail comes back from a, which
        # is max(z, 0) - |z| Φ(-|z|); the least of numbers make it ½ near 0, and not 0 / 0.
        slope, tail = work.scratch(*z.shape), work.scratch(*z.shape)
        work.backward(np.maximum, z, work.scalar(0), out=tail)
        work.backward(np.subtract, tail, a, out=tail)
        work.backward(np.abs, z, out=slope)
        least = float(np.finfo(work.dtype).tiny)
        work.backward(np.add, tail, work.scalar(least), out=tail)
        work.backward(np.add, slope, work.scalar(2 * least), out=slope)
        work.backward(np.divide, tail, slope, out=tail)
        work.backward(np.sign, z, out=slope)
        work.backward(np.multiply, tail, slope, out=tail)
        work.backward(np.multiply, slope, work.scalar(0.5), out=slope)
        work.backward(np.add, slope, work.scalar(0.5), out=slope)
        work.backward(np.subtract, slope, tail, out=slope)
        work.backward(np.multiply, z, z, out=tail)
        work.backward(np.multiply, tail, work.scalar(-0.5), out=tail)
        work.backward(np.exp, tail, out=tail)
        work.backward(np.multiply, tail, work.scalar(1 / math.sqrt(2 * math.pi)), out=tail)
        work.backward(np.multiply, tail, z, out=tail)
        work.backward(np.add, slope, tail, out=slope)
        work.backward(np.multiply, gradient, slope, out=gradient)

    def value(self, z: Array) -> Array:
        return np.asarray(z * plain_erfc(-z / math.sqrt(2)) / 2)

    def slope(self, z: Array) -> Array:
        bell = np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        return np.asarray(plain_erfc(-z / math.sqrt(2)) / 2 + z * bell)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        scaled = graph.node("Mul", [x, graph.constant(math.sqrt(0.5), "scale")])
        grown = graph.node("Add", [graph.node("Erf", [scaled]), graph.constant(1.0, "one")])
        gated = graph.node("Mul", [x, grown])
        return graph.node("Mul", [gated, graph.constant(0.5, "half")])


@ACTIVATIONS.register
class Mish(Activation):
    """a = z tanh(log(1 + exp(z)))."""

    kind = "mish"
    label = "Mish"
    summary = "The sum times the tanh of its softplus: smooth, with a dip below zero."
    formula = "a = z tanh(log(1 + exp(z)))"
    source = "Misra, Mish, 2019"
    needs_input = True

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        # tanh(log(1 + e)) = n / (n + 2) with e = exp(z) and n = e (e + 2).
        # Beyond 30 it is 1 in any precision, and e² would overflow soon after.
        total = work.scratch(*z.shape)
        work.forward(np.minimum, z, work.scalar(30), out=a)
        work.forward(np.exp, a, out=a)
        work.forward(np.add, a, work.scalar(2), out=total)
        work.forward(np.multiply, a, total, out=a)
        work.forward(np.add, a, work.scalar(2), out=total)
        work.forward(np.divide, a, total, out=a)
        work.forward(np.multiply, a, z, out=a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # slope = n / m + z (4 e / m) ((1 + e) / m) with m = n + 2.
        e, m = work.scratch(*z.shape), work.scratch(*z.shape)
        n, part = work.scratch(*z.shape), work.scratch(*z.shape)
        work.backward(np.minimum, z, work.scalar(30), out=e)
        work.backward(np.exp, e, out=e)
        work.backward(np.add, e, work.scalar(2), out=n)
        work.backward(np.multiply, n, e, out=n)
        work.backward(np.add, n, work.scalar(2), out=m)
        work.backward(np.divide, n, m, out=n)
        work.backward(np.add, e, work.scalar(1), out=part)
        work.backward(np.divide, part, m, out=part)
        work.backward(np.divide, e, m, out=e)
        work.backward(np.multiply, e, part, out=e)
        work.backward(np.multiply, e, z, out=e)
        work.backward(np.multiply, e, work.scalar(4), out=e)
        work.backward(np.add, n, e, out=n)
        work.backward(np.multiply, gradient, n, out=gradient)

    def value(self, z: Array) -> Array:
        return np.asarray(z * np.tanh(np.logaddexp(z, 0)))

    def slope(self, z: Array) -> Array:
        gate = np.tanh(np.logaddexp(z, 0))
        return np.asarray(gate + z * (1 - gate**2) * plain_sigmoid(z))

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        gate = graph.node("Tanh", [graph.node("Softplus", [x])])
        return graph.node("Mul", [x, gate])


@ACTIVATIONS.register
class HardSwish(Activation):
    """a = z min(max(z / 6 + 1/2, 0), 1): SiLU with a gate of straight lines."""

    kind = "hard_swish"
    label = "Hard swish"
    summary = "SiLU with a gate of three straight lines: cheap to compute."
    formula = "a = z min(max(z / 6 + 1/2, 0), 1)"
    source = "Howard et al., Searching for MobileNetV3, 2019"
    needs_input = True

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        self._bind_gate(work, z, a, training=False)
        work.forward(np.multiply, a, z, out=a)

    @staticmethod
    def _bind_gate(work: Workspace, z: Array, out: Array, *, training: bool) -> None:
        add_step = work.backward if training else work.forward
        add_step(np.multiply, z, work.scalar(1 / 6), out=out)
        add_step(np.add, out, work.scalar(0.5), out=out)
        add_step(np.maximum, out, work.scalar(0), out=out)
        add_step(np.minimum, out, work.scalar(1), out=out)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # gate + z / 6 between the bends; there alone gate (1 - gate) is above 0.
        gate, part = work.scratch(*z.shape), work.scratch(*z.shape)
        self._bind_gate(work, z, gate, training=True)
        work.backward(np.subtract, work.scalar(1), gate, out=part)
        work.backward(np.multiply, part, gate, out=part)
        work.backward(np.sign, part, out=part)
        work.backward(np.multiply, part, work.scalar(1 / 6), out=part)
        work.backward(np.multiply, part, z, out=part)
        work.backward(np.add, gate, part, out=gate)
        work.backward(np.multiply, gradient, gate, out=gradient)

    def value(self, z: Array) -> Array:
        return np.asarray(z * np.clip(z / 6 + 0.5, 0, 1))

    def slope(self, z: Array) -> Array:
        inside = np.abs(z) < 3
        return np.where(inside, z / 3 + 0.5, np.where(z > 0, 1.0, 0.0))

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("HardSwish", [x])
