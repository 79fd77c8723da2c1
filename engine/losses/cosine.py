"""A loss on directions."""

from __future__ import annotations

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.losses.base import (
    LOSSES,
    Loss,
    bind_columns,
    bind_from_columns,
    bind_weighted_sum,
    column_positions,
    columns_like,
    prediction_gradient,
    summed_columns,
)
from engine.shapes import Shape
from engine.workspace import Array, Workspace

SHORTEST = 1e-8
"""The least length that a prediction or target is taken to have, as in PyTorch."""


@LOSSES.register
class Cosine(Loss):
    """L = mean over examples of 1 - <p, t> / (|p| |t|): 0 for one direction, 2 for opposite ones.

    Keras's loss is this less 1. The length of a prediction does not count. Of a sequence each
    step is a direction by itself.
    Shapes: p and t (*shape, N) or (T, K, N), 2 or more values.
    """

    kind = "cosine"
    label = "Cosine distance"
    summary = "Compares directions and not lengths; for embeddings."
    synonyms = ("cosine similarity", "angle", "embedding")
    formula = "L = mean (1 - <p, t> / (|p| |t|))"
    source = "PyTorch, torch.nn.functional.cosine_similarity (Keras has it without the 1)"
    target = "values"
    expects = "number"

    def check(self, prediction: Shape) -> None:
        if shapes.size(prediction) < 2 or (len(prediction) == 2 and prediction[1] < 2):
            raise ShapeError(
                f"{self.label} needs 2 or more values, got {shapes.text(prediction)}: a single "
                "number has no direction. Use squared error."
            )

    def positions(self, prediction: Shape) -> Shape:
        return column_positions(prediction)

    def bind(self, work: Workspace) -> None:
        p = bind_columns(work, work.inputs["prediction"][0].array)
        t = bind_columns(work, work.target)
        size, count = p.shape
        product, ones = work.buffer(size, count), work.constant(1, 1, size)
        length, other, cosine = (work.buffer(1, count) for _ in range(3))
        for x, y, out in ((p, p, length), (t, t, other), (p, t, cosine)):
            work.forward(np.multiply, x, y, out=product)
            work.forward(np.dot, ones, product, out=out)
        for out in (length, other):
            work.forward(np.sqrt, out, out=out)
            work.forward(np.maximum, out, work.scalar(SHORTEST), out=out)
        work.forward(np.multiply, other, length, out=other)
        work.forward(np.divide, cosine, other, out=cosine)
        row = work.constant(1, cosine.size)
        bind_weighted_sum(work, [(row, row, 1 / count), (cosine, row, -1 / count)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            # dL/dp = (p cos / |p|² - t / (|p| |t|)) / N
            column, slopes = work.constant(1 / count, size, 1), columns_like(work, gradient)
            factor = work.buffer(size, count)
            work.backward(np.divide, cosine, length, out=cosine)
            work.backward(np.divide, cosine, length, out=cosine)
            work.backward(np.dot, column, cosine, out=factor)
            work.backward(np.multiply, p, factor, out=slopes)
            work.backward(np.reciprocal, other, out=other)
            work.backward(np.dot, column, other, out=factor)
            work.backward(np.multiply, t, factor, out=factor)
            work.backward(np.subtract, slopes, factor, out=slopes)
            bind_from_columns(work, slopes, gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        p, t = prediction, target
        lengths = [np.maximum(np.sqrt(summed_columns(x * x)), SHORTEST) for x in (p, t)]
        return np.asarray(1 - summed_columns(p * t) / (lengths[0] * lengths[1]))
