"""Drawing from a distribution that a network describes, so that gradients pass through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.layers.base import (
    LAYERS,
    Array,
    ArrivingShapes,
    Example,
    Layer,
    Port,
    Workspace,
    size_of,
)
from engine.shapes import Shape

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph

HIGHEST = 20.0
"""Beyond this log-variance (a deviation of 22,000) exponentials go on as straight lines."""


@LAYERS.register
class Sampling(Layer):
    """Draw from a normal distribution whose mean and log-variance arrive: z = μ + σ ε, σ² = e^s.

    While training ε is drawn anew for every number; otherwise ε is 0 and z the mean,
    so that predictions and measurements have no chance in them. The second output is
    the Kullback-Leibler divergence from a standard normal, one number per example:
    KL = ½ Σ (μ² + σ² - s - 1). Wire it into a loss "The value itself" to keep the
    codes near a standard normal, from which new examples can then be drawn. Beyond
    s = 20 both exponentials go on as the straight lines that touch them there, so that
    no log-variance gives infinity.

    Shapes: mean μ (*shape, N), log_variance s (*shape, N) -> out z (*shape, N), kl (1, N).
    """

    kind = "sampling"
    label = "Sampling"
    summary = "Draws a code from a mean and a log-variance, as a variational autoencoder does."
    synonyms = ("vae", "variational", "reparameterization", "latent", "kl divergence", "gaussian")
    category = "core"
    formula = "z = μ + exp(s / 2) ε, KL = ½ Σ (μ² + exp(s) - s - 1)"
    source = "Kingma and Welling, Auto-encoding variational Bayes, 2013"
    input_ports = (Port("mean"), Port("log_variance"))
    output_ports = (Port("out"), Port("kl"))
    examples = (
        Example({}, ((3,), (3,)), ports=("mean", "log_variance")),
        Example({}, ((1,), (1,)), ports=("mean", "log_variance")),
        Example({}, ((2, 2, 3), (2, 2, 3)), ports=("mean", "log_variance")),
    )

    def infer(self, arriving: ArrivingShapes) -> tuple[Shape, ...]:
        (mean,), (log_variance,) = arriving.at("mean"), arriving.at("log_variance")
        if mean != log_variance:
            raise ShapeError(
                f"{self.label} needs as many log-variances as means, got {shapes.text(mean)} means "
                f"and {shapes.text(log_variance)} log-variances. Make both the same size."
            )
        return (mean, (1,))

    def bind(self, work: Workspace) -> None:
        (mean,), (spread,) = work.inputs["mean"], work.inputs["log_variance"]
        z, kl = work.outputs
        divergence = _Divergence(work, _rows(mean.array), _rows(spread.array), kl.array)
        if not work.training:
            work.forward(np.copyto, z.array, mean.array)
            return
        noise, deviation = (work.buffer(*divergence.shape) for _ in range(2))
        half, out = work.scalar(0.5), _rows(z.array)
        # The line that touches e^(s/2) at the highest s: e^(held/2) (1 + beyond / 2).
        root = work.buffer(*divergence.shape)
        work.forward(np.multiply, divergence.held, half, out=root)
        work.forward(np.exp, root, out=root)
        work.forward(np.multiply, divergence.beyond, half, out=deviation)
        work.forward(np.add, deviation, half, out=deviation)
        work.forward(np.multiply, deviation, root, out=deviation)
        work.forward(work.rng.standard_normal, dtype=work.dtype, out=noise)
        work.forward(np.multiply, deviation, noise, out=out)
        work.forward(np.add, out, _rows(mean.array), out=out)
        if z.gradient is None or kl.gradient is None:
            return
        of_z, of_kl, part = _rows(z.gradient), divergence.repeated(kl.gradient), noise
        if mean.gradient is not None:
            gradient = _rows(mean.gradient)
            work.backward(np.multiply, _rows(mean.array), of_kl, out=gradient)
            work.backward(np.add, gradient, of_z, out=gradient)
        if spread.gradient is not None:
            gradient = _rows(spread.gradient)
            work.backward(np.multiply, divergence.excess, of_kl, out=gradient)
            work.backward(np.multiply, part, root, out=part)
            work.backward(np.multiply, part, of_z, out=part)
            work.backward(np.add, gradient, part, out=gradient)
            work.backward(np.multiply, gradient, half, out=gradient)

    def onnx(self, graph: OnnxGraph) -> None:
        mean, spread = graph.inputs
        one, highest = graph.constant(1.0, "one"), graph.constant(HIGHEST, "highest")
        held = graph.node("Min", [spread, highest])
        beyond = graph.node("Add", [graph.node("Sub", [spread, held]), one])
        excess = graph.node("Sub", [graph.node("Exp", [held]), one])
        terms = graph.node("Sub", [graph.node("Mul", [excess, beyond]), held])
        terms = graph.node("Add", [terms, graph.node("Mul", [mean, mean])])
        flat = graph.node("Flatten", [terms], axis=1)
        axis = graph.constant(np.array([1], np.int64), "axis")
        total = graph.node("ReduceSum", [flat, axis], keepdims=1)
        graph.result(graph.node("Identity", [mean]))
        graph.result(graph.node("Mul", [total, graph.constant(0.5, "half")]))

    def multiply_adds(self, arriving: ArrivingShapes) -> int:
        return 4 * size_of(arriving)


class _Divergence:
    """Steps that write KL = ½ Σ (μ² + excess (1 + beyond) - held), with s = held + beyond.

    held: s up to the highest, (D, N). beyond: 1 + the rest of s. excess: e^held - 1,
    which is 2 dKL/ds wherever s lies.
    """

    def __init__(self, work: Workspace, mean: Array, spread: Array, total: Array) -> None:
        self.shape = mean.shape
        self._work = work
        self.held, self.beyond, self.excess = (work.buffer(*self.shape) for _ in range(3))
        terms, squares = work.buffer(*self.shape), work.buffer(*self.shape)
        halves = work.constant(0.5, 1, self.shape[0])
        work.forward(np.minimum, spread, work.scalar(HIGHEST), out=self.held)
        work.forward(np.subtract, spread, self.held, out=self.beyond)
        work.forward(np.add, self.beyond, work.scalar(1), out=self.beyond)
        work.forward(np.expm1, self.held, out=self.excess)
        work.forward(np.multiply, self.excess, self.beyond, out=terms)
        work.forward(np.subtract, terms, self.held, out=terms)
        work.forward(np.multiply, mean, mean, out=squares)
        work.forward(np.add, terms, squares, out=terms)
        work.forward(np.dot, halves, terms, out=total)  # (1, D) @ (D, N)

    def repeated(self, gradient: Array) -> Array:
        """The gradient of KL for each of D numbers, (1, N) -> (D, N), in the backward pass."""
        ones, found = self._work.constant(1, self.shape[0], 1), self._work.buffer(*self.shape)
        self._work.backward(np.dot, ones, gradient, out=found)  # (D, 1) @ (1, N)
        return found


def _rows(array: Array) -> Array:
    """(*shape, N) -> (D, N), the same memory."""
    return array.reshape(-1, array.shape[-1])
