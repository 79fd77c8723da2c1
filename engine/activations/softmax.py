"""Softmax and its logarithm, over the first axis: features, or the channels of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.activations.base import ACTIVATIONS, Activation
from engine.workspace import AddStep, Array, Logits, Workspace

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


def _matrix(array: Array) -> Array:
    """(K, *rest, N) -> (K, M), the same memory."""
    return array.reshape(array.shape[0], -1)


# Columns are summed and rows repeated by products with ones: a product is several
# times faster than add.reduce, and a ufunc that repeats a row buffers what it reads.


def _bind_sums(work: Workspace, add_step: AddStep, columns: Array, out: Array) -> None:
    """Add the steps that write the sum over each column of (K, M) to all its rows in `out`."""
    rows = columns.shape[0]
    if rows <= 32:
        add_step(np.dot, work.constant(1, rows, rows), columns, out=out)
        return
    total = work.scratch(1, columns.shape[1])
    add_step(np.dot, work.constant(1, 1, rows), columns, out=total)
    add_step(np.dot, work.constant(1, rows, 1), total, out=out)


def _bind_shifted(work: Workspace, z: Array) -> Array:
    """Add the steps that subtract from (K, M) the maximum of each column."""
    # Without that exp overflows float32 above 88.
    most, shifted = work.scratch(1, z.shape[1]), work.buffer(*z.shape)
    work.forward(np.maximum.reduce, z, axis=0, out=most[0])
    work.forward(np.dot, work.constant(1, z.shape[0], 1), most, out=shifted)
    work.forward(np.subtract, z, shifted, out=shifted)
    return shifted


@ACTIVATIONS.register
class Softmax(Activation):
    """a_k = exp(z_k) / Σ_j exp(z_j): K probabilities that sum to 1."""

    kind = "softmax"
    label = "Softmax"
    summary = "Turns K sums into K probabilities that add up to 1; for the classes at the end."
    synonyms = ("probabilities",)
    formula = "a_k = exp(z_k) / Σ_j exp(z_j)"
    source = "Bridle, Probabilistic interpretation of feedforward classification, 1990"
    elementwise = False

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        columns = _matrix(a)
        shifted, total = _bind_shifted(work, _matrix(z)), work.buffer(*columns.shape)
        work.forward(np.exp, shifted, out=columns)
        _bind_sums(work, work.forward, columns, total)
        work.forward(np.divide, columns, total, out=columns)
        work.output.logits = Logits(shifted, total[:1])

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # dL/dz_k = a_k (g_k - Σ_j g_j a_j)
        a, gradient = _matrix(a), _matrix(gradient)
        part, total = work.scratch(*a.shape), work.scratch(*a.shape)
        work.backward(np.multiply, gradient, a, out=part)
        _bind_sums(work, work.backward, part, total)
        work.backward(np.subtract, gradient, total, out=gradient)
        work.backward(np.multiply, gradient, a, out=gradient)

    def value(self, z: Array) -> Array:
        grown = np.exp(z - z.max(axis=0, keepdims=True))
        return np.asarray(grown / grown.sum(axis=0, keepdims=True))

    def slope(self, z: Array) -> Array:
        a = self.value(z)
        return np.asarray(a * (1 - a))

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("Softmax", [x], axis=-1 - places)


@ACTIVATIONS.register
class LogSoftmax(Activation):
    """a_k = z_k - log Σ_j exp(z_j): the logarithms of softmax's probabilities."""

    kind = "log_softmax"
    label = "Log-softmax"
    summary = "The logarithms of softmax's probabilities."
    formula = "a_k = z_k - log Σ_j exp(z_j)"
    elementwise = False

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        columns, (rows, width) = _matrix(a), _matrix(a).shape
        shifted, total = _bind_shifted(work, _matrix(z)), work.scratch(1, width)
        work.forward(np.exp, shifted, out=columns)
        work.forward(np.dot, work.constant(1, 1, rows), columns, out=total)
        work.forward(np.log, total, out=total)
        work.forward(np.dot, work.constant(1, rows, 1), total, out=columns)
        work.forward(np.subtract, shifted, columns, out=columns)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # dL/dz_k = g_k - exp(a_k) Σ_j g_j
        a, gradient = _matrix(a), _matrix(gradient)
        part, total = work.scratch(*a.shape), work.scratch(*a.shape)
        _bind_sums(work, work.backward, gradient, total)
        work.backward(np.exp, a, out=part)
        work.backward(np.multiply, part, total, out=part)
        work.backward(np.subtract, gradient, part, out=gradient)

    def value(self, z: Array) -> Array:
        shifted = z - z.max(axis=0, keepdims=True)
        return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True)))

    def slope(self, z: Array) -> Array:
        return np.asarray(1 - np.exp(self.value(z)))

    def onnx(self, graph: OnnxGraph, x: str, places: int = 0) -> str:
        return graph.node("LogSoftmax", [x], axis=-1 - places)
