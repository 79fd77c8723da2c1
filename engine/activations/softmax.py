"""Softmax and its logarithm, over the first axis: features, or the channels of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.activations.base import ACTIVATIONS, Activation
from engine.workspace import Array, Logits, Workspace

if TYPE_CHECKING:
    from engine.interop.onnx_graph import OnnxGraph


def _matrix(array: Array) -> Array:
    """(K, *rest, N) -> (K, M), the same memory."""
    return array.reshape(array.shape[0], -1)


def _bind_column_sums(work: Workspace, matrix: Array, out: Array, *, forward: bool) -> None:
    """(K, M) -> (1, M). A product with ones is four times faster than add.reduce."""
    ones = work.buffer(matrix.shape[0])
    ones.fill(1)
    add_step = work.forward if forward else work.backward
    add_step(np.dot, ones, matrix, out.reshape(-1))


def _bind_shifted(work: Workspace, z: Array) -> tuple[Array, Array]:
    """Add z minus its column maximum (K, M). Returns it and a row to spare (1, M)."""
    # Subtract the maximum first: exp overflows float32 above 88.
    row, shifted = work.buffer(1, z.shape[1]), work.buffer(*z.shape)
    work.forward(np.maximum.reduce, z, axis=0, out=row[0])
    work.forward(np.subtract, z, row, out=shifted)
    return shifted, row


@ACTIVATIONS.register
class Softmax(Activation):
    """a_k = exp(z_k) / Σ_j exp(z_j): K probabilities that sum to 1."""

    kind = "softmax"
    label = "Softmax"
    summary = "Turns K sums into K probabilities that add up to 1; for the classes at the end."
    synonyms = ("probabilities",)
    formula = "a_k = exp(z_k) / Σ_j exp(z_j)"
    source = "Bridle, Probabilistic interpretation of feedforward classification, 1990"

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        columns = _matrix(a)
        shifted, total = _bind_shifted(work, _matrix(z))
        work.forward(np.exp, shifted, out=columns)
        _bind_column_sums(work, columns, total, forward=True)
        work.forward(np.divide, columns, total, out=columns)
        work.output.logits = Logits(shifted, total)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # dL/dz_k = a_k (g_k - Σ_j g_j a_j)
        a, gradient = _matrix(a), _matrix(gradient)
        part, total = work.buffer(*a.shape), work.buffer(1, a.shape[1])
        work.backward(np.multiply, gradient, a, out=part)
        _bind_column_sums(work, part, total, forward=False)
        work.backward(np.subtract, gradient, total, out=gradient)
        work.backward(np.multiply, gradient, a, out=gradient)

    def value(self, z: Array) -> Array:
        grown = np.exp(z - z.max(axis=0, keepdims=True))
        return np.asarray(grown / grown.sum(axis=0, keepdims=True))

    def slope(self, z: Array) -> Array:
        a = self.value(z)
        return np.asarray(a * (1 - a))

    def onnx(self, graph: OnnxGraph, x: str) -> str:
        return graph.node("Softmax", [x], axis=1)


@ACTIVATIONS.register
class LogSoftmax(Activation):
    """a_k = z_k - log Σ_j exp(z_j): the logarithms of softmax's probabilities."""

    kind = "log_softmax"
    label = "Log-softmax"
    summary = "The logarithms of softmax's probabilities."
    formula = "a_k = z_k - log Σ_j exp(z_j)"

    def forward(self, work: Workspace, z: Array, a: Array) -> None:
        columns = _matrix(a)
        shifted, total = _bind_shifted(work, _matrix(z))
        work.forward(np.exp, shifted, out=columns)
        _bind_column_sums(work, columns, total, forward=True)
        work.forward(np.log, total, out=total)
        work.forward(np.subtract, shifted, total, out=columns)

    def bind_backward(self, work: Workspace, z: Array, a: Array, gradient: Array) -> None:
        # dL/dz_k = g_k - exp(a_k) Σ_j g_j
        a, gradient = _matrix(a), _matrix(gradient)
        part, total = work.buffer(*a.shape), work.buffer(1, a.shape[1])
        _bind_column_sums(work, gradient, total, forward=False)
        work.backward(np.exp, a, out=part)
        work.backward(np.multiply, part, total, out=part)
        work.backward(np.subtract, gradient, part, out=gradient)

    def value(self, z: Array) -> Array:
        shifted = z - z.max(axis=0, keepdims=True)
        return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=0, keepdims=True)))

    def slope(self, z: Array) -> Array:
        return np.asarray(1 - np.exp(self.value(z)))

    def onnx(self, graph: OnnxGraph, x: str) -> str:
        return graph.node("LogSoftmax", [x], axis=1)
