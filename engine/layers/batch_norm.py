"""Batch normalisation: each channel with mean 0 and variance 1 over the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.errors import CompileError, ShapeError
from engine.fields import Real
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    StateSpec,
    Workspace,
)
from engine.layers.normalisation import Normalisation
from engine.layers.repeat import Repeat
from engine.shapes import Shape
from engine.sums import LONG, bind_products

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


@LAYERS.register
class BatchNorm(Normalisation):
    """Give each channel mean 0 and variance 1 over the batch, then scale and shift it.

    y = γ (x - μ) / √(σ² + ε) + β. While training μ and σ² are those of the batch,
    over examples and places, σ² divided by their number. Running means follow them
    for later: r = (1 - m) r + m r_batch, that of σ² divided by one less, as in
    PyTorch. Keras and ONNX call 1 - m the momentum. Frozen, it normalises with the
    running statistics while training too, and leaves them as they are, as in Keras.
    A single value for each channel has no spread: such a batch is refused.

    Shapes: x (C, *places, N) -> y (C, *places, N); γ, β (C,).
    """

    kind = "batch_norm"
    label = "BatchNorm"
    summary = "Gives each channel mean 0 and variance 1 over the batch; deep networks learn faster."
    synonyms = ("batch normalisation", "batch normalization", "bn")
    formula = "y = γ (x - μ) / √(σ² + ε) + β"
    source = "Ioffe and Szegedy, Batch normalization, 2015; PyTorch, torch.nn.BatchNorm1d"
    examples = (
        Example({}, ((3,),)),
        Example({"momentum": 0.3, "epsilon": 0.01}, ((2, 3, 4),)),
        Example({"affine": False}, ((2, 5),)),
        Example({}, ((2, 20, 30),)),
    )

    momentum = Real(
        0.1,
        minimum=0,
        maximum=1,
        help="How far the running mean and variance move towards those of each batch.",
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        if not arriving.one:
            raise ShapeError(
                f"{self.label} needs values with at least one axis, got (). "
                "Put a Reshape before it."
            )
        return (arriving.one,)

    def state(self, arriving: ArrivingShapes) -> tuple[StateSpec, ...]:
        channels = arriving.one[:1]
        return StateSpec("running_mean", channels), StateSpec("running_variance", channels, 1.0)

    def bind(self, work: Workspace) -> None:
        learns = work.training and not work.frozen
        (self._bind_training if learns else self._bind_at_rest)(work)

    def _bind_at_rest(self, work: Workspace) -> None:
        x, y = _by_channel(work.input.array), _by_channel(work.output.array)
        inverse, repeat = work.buffer(len(x), 1), Repeat(work)
        self.bind_inverse_root(work, _column(work.state("running_variance")), inverse)
        repeat(work.forward_all, np.subtract, x, _column(work.state("running_mean")), out=y)
        slope = self._bind_scaling(work, repeat, y, inverse)
        gradient = work.output.gradient
        if work.training and gradient is not None and work.input.gradient is not None:
            out = _by_channel(work.input.gradient)
            repeat(work.backward_all, np.multiply, _by_channel(gradient), slope, out=out)

    def _bind_training(self, work: Workspace) -> None:
        x = _by_channel(work.input.array)
        channels, count = x.shape
        if count == 1:
            raise CompileError(
                f"{self.label} needs two or more values of each channel while training, got a "
                "batch of 1. Choose a batch size that leaves no batch of one example."
            )
        repeat, share, column = Repeat(work), work.scalar(1 / count), work.constant(1, count, 1)
        mean, variance, inverse = (work.buffer(channels, 1) for _ in range(3))
        centred = work.buffer(channels, count)
        work.forward(np.dot, x, column, out=mean)
        work.forward(np.multiply, mean, share, out=mean)
        # The mean comes off before the squares: mean(x²) - μ² would lose digits.
        repeat(work.forward_all, np.subtract, x, mean, out=centred)
        if count > LONG:
            self._bind_rest(work, repeat, centred, column, mean)
        bind_products(work, work.forward, centred, centred, variance[:, 0])
        work.forward(np.multiply, variance, share, out=variance)
        self._bind_running(work, "running_mean", mean, 1)
        self._bind_running(work, "running_variance", variance, count / (count - 1))
        self.bind_inverse_root(work, variance, inverse)
        slope = self._bind_scaling(work, repeat, centred, inverse)
        if work.output.gradient is not None:
            self._bind_backward(work, repeat, centred, inverse, slope)

    def _bind_rest(
        self, work: Workspace, repeat: Repeat, centred: Array, column: Array, mean: Array
    ) -> None:
        """Take off, and add to the mean, what rounding left of it: much, where it is far from 0."""
        rest = work.scratch(*mean.shape)
        work.forward(np.dot, centred, column, out=rest)
        work.forward(np.multiply, rest, work.scalar(1 / len(column)), out=rest)
        repeat(work.forward_all, np.subtract, centred, rest, out=centred)
        work.forward(np.add, mean, rest, out=mean)

    def _bind_running(self, work: Workspace, name: str, new: Array, correction: float) -> None:
        """r = (1 - m) r + m correction new."""
        running, part = _column(work.state(name)), work.buffer(*new.shape)
        work.forward(np.multiply, running, work.scalar(1 - self.momentum), out=running)
        work.forward(np.multiply, new, work.scalar(self.momentum * correction), out=part)
        work.forward(np.add, running, part, out=running)

    def _bind_scaling(
        self, work: Workspace, repeat: Repeat, centred: Array, inverse: Array
    ) -> Array:
        """Add the steps that write y. Returns what the centred values are multiplied by, (C, 1)."""
        y, slope = _by_channel(work.output.array), inverse
        if self.affine:
            slope = work.buffer(*inverse.shape)
            work.forward(np.multiply, inverse, _column(work.parameter("scale")), out=slope)
        repeat(work.forward_all, np.multiply, centred, slope, out=y)
        if self.affine:
            repeat(work.forward_all, np.add, y, _column(work.parameter("shift")), out=y)
        return slope

    def _bind_backward(
        self, work: Workspace, repeat: Repeat, centred: Array, inverse: Array, slope: Array
    ) -> None:
        # dL/dx = slope (g - mean(g) - c mean(g c) / (σ² + ε)) with c = x - μ
        x, y = work.input, work.output
        if y.gradient is None:
            return
        gradient = _by_channel(y.gradient)
        channels, count = gradient.shape
        share, total, moment = work.scalar(1 / count), *(work.buffer(channels, 1) for _ in "gc")
        work.backward(np.dot, gradient, work.constant(1, count, 1), out=total)
        bind_products(work, work.backward, gradient, centred, moment[:, 0])
        work.backward(np.multiply, moment, inverse, out=moment)
        self._bind_gradient(work, "scale", moment)
        self._bind_gradient(work, "shift", total)
        if x.gradient is None:
            return
        out = _by_channel(x.gradient)
        work.backward(np.multiply, moment, inverse, out=moment)
        work.backward(np.multiply, moment, share, out=moment)
        work.backward(np.multiply, total, share, out=total)
        repeat(work.backward_all, np.multiply, centred, moment, out=centred)
        work.backward(np.subtract, gradient, centred, out=out)
        repeat(work.backward_all, np.subtract, out, total, out=out)
        repeat(work.backward_all, np.multiply, out, slope, out=out)

    def _bind_gradient(self, work: Workspace, name: str, value: Array) -> None:
        gradient = work.parameter_gradient(name) if self.affine else None
        if gradient is not None:
            work.backward(np.copyto, gradient, value[:, 0])

    def onnx(self, graph: OnnxGraph) -> None:
        learned = self.onnx_learned(graph, graph.shapes[0][:1])
        running = [graph.parameter(name) for name in ("running_mean", "running_variance")]
        graph.result(
            graph.node(
                "BatchNormalization",
                [graph.inputs[0], *learned, *running],
                epsilon=self.epsilon,
                momentum=1 - self.momentum,
            )
        )


def _by_channel(array: Array) -> Array:
    """(C, *places, N) as (C, M), a view."""
    return array.reshape(len(array), -1)


def _column(vector: Array) -> Array:
    return vector.reshape(-1, 1)
