"""ReLU and its relatives: straight for positive sums, something else below zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.activations.base import ACTIVATIONS, Activation, bind_softplus, plain_sigmoid
from engine.fields import Boolean, Real
from engine.initializers import Constant
from engine.sums import bind_products
from engine.workspace import AddStep, Array, ParameterSpec, Workspace

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


CHUNK = 65_536
"""Numbers whose slopes are kept at one time, so that they stay in the cache."""


@ACTIVATIONS.register
class ReLU(Activation):
    """a = max(z, 0), with slope 0 at 0."""

    kind = "relu"
    label = "ReLU"
    summary = "Keeps positive sums and silences the rest; the usual choice in hidden layers."
    synonyms = ("rectifier", "rectified linear unit")
    formula = "a = max(z, 0)"
    source = "Nair and Hinton, Rectified linear units improve RBMs, 2010"

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        floor = work.scalar(0)
        if z.size <= 16_384:
            # While all stays in the cache, an array of zeros is read faster than one zero.
            floor = work.constant(0, *z.shape)
        work.forward(np.maximum, z, floor, out=a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # Only the bits of 0 are all clear: the sign of a's bits, read as a whole
        # number, is the slope, and multiplying the gradient's bits by it keeps
        # or clears them. Half the time of the same on floats. (Where a is -0,
        # which `forward` makes on no common processor, the slope is 1.)
        whole = np.dtype(f"u{a.itemsize}")
        in_line = a.flags.c_contiguous and gradient.flags.c_contiguous
        length = min(a.size, CHUNK) if in_line else a.size
        alive = work.scratch(length, dtype=whole)
        if not in_line:
            slope = alive.reshape(a.shape)
            work.backward(np.sign, a.view(whole), out=slope)
            work.backward(np.multiply, gradient.view(whole), slope, out=gradient.view(whole))
            return
        values, bits = (array.reshape(-1).view(whole) for array in (a, gradient))
        for start in range(0, a.size, length):
            part = slice(start, start + length)
            some = alive[: len(bits[part])]
            work.backward(np.sign, values[part], out=some)
            work.backward(np.multiply, bits[part], some, out=bits[part])

    def value(self, z: Array) -> Array:
        return np.maximum(z, 0)

    def slope(self, z: Array) -> Array:
        return np.where(z > 0, 1.0, 0.0)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("Relu", [x])


@ACTIVATIONS.register
class LeakyReLU(Activation):
    """a = max(z, leak z): a ReLU that lets a little through below zero.

    The leak is 0.01 unless set, as in PyTorch and ONNX; Keras takes 0.3.
    """

    kind = "leaky_relu"
    label = "Leaky ReLU"
    summary = "A ReLU that lets a small share of negative sums through, so no neuron dies."
    formula = "a = max(z, leak z)"
    source = "Maas, Hannun and Ng, Rectifier nonlinearities, 2013"
    needs_input = True

    leak = Real(0.01, minimum=0, maximum=1, help="Slope below zero.")

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        work.forward(np.multiply, z, work.scalar(self.leak), out=a)
        work.forward(np.maximum, z, a, out=a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        slope = work.scratch(*z.shape)
        work.backward(np.sign, z, out=slope)
        work.backward(np.maximum, slope, work.scalar(self.leak), out=slope)
        work.backward(np.multiply, gradient, slope, out=gradient)

    def value(self, z: Array) -> Array:
        return np.where(z > 0, z, self.leak * z)

    def slope(self, z: Array) -> Array:
        return np.where(z > 0, 1.0, self.leak)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("LeakyRelu", [x], alpha=self.leak)


@ACTIVATIONS.register
class PReLU(Activation):
    """a = max(z, 0) + leak min(z, 0), where training finds the leak.

    One for the whole layer, or one for each feature of a row or step and each channel of an
    image; it starts at 0.25, unless set, as in PyTorch, while Keras starts at 0.
    """

    kind = "prelu"
    label = "PReLU"
    summary = "A leaky ReLU whose slope below zero is learned."
    synonyms = ("parametric relu",)
    formula = "a = max(z, 0) + leak min(z, 0)"
    source = "He, Zhang, Ren and Sun, Delving deep into rectifiers, 2015"
    needs_input = True

    start = Real(0.25, help="Slope below zero before training.")
    per_channel = Boolean(
        False,
        label="One for each channel",
        advanced=True,
        help="Whether each feature or channel learns a slope of its own, instead of one for all.",
    )

    @property
    def by_feature(self) -> bool:
        return self.per_channel

    def parameters(self, features: int) -> tuple[ParameterSpec, ...]:
        count = features if self.per_channel else 1
        return (ParameterSpec("leak", (count,), Constant(value=self.start)),)

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        negative = work.scratch(*z.shape)
        leak = self._spread_leak(work, work.forward, z)
        work.forward(np.minimum, z, work.scalar(0), out=negative)
        work.forward(np.multiply, negative, leak, out=negative)
        work.forward(np.maximum, z, work.scalar(0), out=a)
        work.forward(np.add, a, negative, out=a)

    def _spread_leak(self, work: Workspace, add_step: AddStep, z: Array) -> Array:
        """The leak as it meets z: one number, or that of each channel at all its places."""
        leak = work.parameter("leak")
        if not self.per_channel:
            return leak.reshape(())
        spread = work.scratch(*z.shape)
        add_step(np.copyto, spread, leak.reshape(-1, *[1] * (z.ndim - 1)))
        return spread

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        part = work.scratch(*z.shape)
        leak = self._spread_leak(work, work.backward, z)
        fall = work.scratch(*leak.shape)
        leak_gradient = work.parameter_gradient("leak")
        if leak_gradient is not None:
            work.backward(np.minimum, z, work.scalar(0), out=part)
            rows = (len(leak_gradient), -1)
            # (C, M) · (C, M) -> (C,), of each channel with itself
            pair = gradient.reshape(rows), part.reshape(rows)
            bind_products(work, work.backward, *pair, leak_gradient)
        # The slope is leak + (1 - leak) max(sign(z), 0).
        work.backward(np.sign, z, out=part)
        work.backward(np.maximum, part, work.scalar(0), out=part)
        work.backward(np.subtract, work.scalar(1), leak, out=fall)
        work.backward(np.multiply, part, fall, out=part)
        work.backward(np.add, part, leak, out=part)
        work.backward(np.multiply, gradient, part, out=gradient)

    def value(self, z: Array) -> Array:
        return np.where(z > 0, z, self.start * z)

    def slope(self, z: Array) -> Array:
        return np.where(z > 0, 1.0, self.start)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        count = len(graph.weight("leak"))
        shape = (count, *[1] * places) if self.per_channel else (count,)
        return graph.node("PRelu", [x, graph.parameter("leak", shape)])


class _Exponential(Activation):
    """a = scale z above 0, scale alpha (exp(z) - 1) below."""

    def _scale_and_alpha(self) -> tuple[float, float]:
        raise NotImplementedError  # ELU's and SELU's own

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        scale, alpha = self._scale_and_alpha()
        negative = work.scratch(*z.shape)
        work.forward(np.minimum, z, work.scalar(0), out=negative)
        work.forward(np.expm1, negative, out=negative)
        if scale * alpha != 1:
            work.forward(np.multiply, negative, work.scalar(scale * alpha), out=negative)
        work.forward(np.maximum, z, work.scalar(0), out=a)
        if scale != 1:
            work.forward(np.multiply, a, work.scalar(scale), out=a)
        work.forward(np.add, a, negative, out=a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # Below zero the slope is a + scale alpha, above it is scale.
        scale, alpha = self._scale_and_alpha()
        slope = work.scratch(*a.shape)
        work.backward(np.minimum, a, work.scalar(0), out=slope)
        work.backward(np.add, slope, work.scalar(scale * alpha), out=slope)
        if alpha != 1:
            jump = work.scratch(*a.shape)
            work.backward(np.sign, a, out=jump)
            work.backward(np.maximum, jump, work.scalar(0), out=jump)
            work.backward(np.multiply, jump, work.scalar(scale - scale * alpha), out=jump)
            work.backward(np.add, slope, jump, out=slope)
        work.backward(np.multiply, gradient, slope, out=gradient)

    def value(self, z: Array) -> Array:
        scale, alpha = self._scale_and_alpha()
        return np.asarray(scale * np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0))))

    def slope(self, z: Array) -> Array:
        scale, alpha = self._scale_and_alpha()
        return np.asarray(scale * np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0))))


@ACTIVATIONS.register
class ELU(_Exponential):
    """a = z above 0, alpha (exp(z) - 1) below."""

    kind = "elu"
    label = "ELU"
    summary = "Straight above zero, an exponential that levels off below."
    synonyms = ("exponential linear unit",)
    formula = "a = z if z > 0 else alpha (exp(z) - 1)"
    source = "Clevert, Unterthiner and Hochreiter, ELUs, 2016"

    alpha = Real(1.0, above=0, help="Where it levels off below zero: at -alpha.")

    def _scale_and_alpha(self) -> tuple[float, float]:
        return 1.0, self.alpha

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("Elu", [x], alpha=self.alpha)


@ACTIVATIONS.register
class SELU(_Exponential):
    """a = 1.0507 (z above 0, 1.6733 (exp(z) - 1) below): keeps mean 0 and variance 1."""

    kind = "selu"
    label = "SELU"
    summary = "A scaled ELU that keeps signals at mean 0 and variance 1 (with LeCun normal)."
    synonyms = ("self-normalising",)
    formula = "a = 1.0507 (z if z > 0 else 1.6733 (exp(z) - 1))"
    source = "Klambauer et al., Self-normalizing neural networks, 2017"

    _SCALE = 1.0507009873554804934193349852946
    _ALPHA = 1.6732632423543772848170429916717

    def _scale_and_alpha(self) -> tuple[float, float]:
        return self._SCALE, self._ALPHA

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("Selu", [x], alpha=self._ALPHA, gamma=self._SCALE)


@ACTIVATIONS.register
class Softplus(Activation):
    """a = log(1 + exp(z)): a ReLU without the corner.

    Exact everywhere; PyTorch takes z itself above 20, which differs by less than 3e-9.
    """

    kind = "softplus"
    label = "Softplus"
    summary = "A ReLU without the corner; always positive."
    formula = "a = log(1 + exp(z))"
    source = "Dugas et al., Incorporating second-order functional knowledge, 2001"

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        bind_softplus(work, z, a)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # The slope, sigmoid(z), is 1 - exp(-a): g := -(g expm1(-a)).
        part = work.scratch(*a.shape)
        work.backward(np.negative, a, out=part)
        work.backward(np.expm1, part, out=part)
        work.backward(np.multiply, gradient, part, out=gradient)
        work.backward(np.negative, gradient, out=gradient)

    def value(self, z: Array) -> Array:
        return np.logaddexp(z, 0)

    def slope(self, z: Array) -> Array:
        return plain_sigmoid(z)

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("Softplus", [x])
