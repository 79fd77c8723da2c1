"""A loss on directions."""

from __future__ import annotations

import numpy as np

from engine import shapes
from engine.errors import ShapeError
from engine.losses.base import (
    LOSSES,
    Loss,
    bind_weighted_sum,
    filled,
    ones_like,
    prediction_gradient,
    rows_of,
)
from engine.shapes import Shape
from engine.workspace import Array, Workspace

SHORTEST = 1e-8
"""The least length that a prediction or target is taken to have, as in PyTorch."""


@LOSSES.register
class Cosine(Loss):
    """L = mean over examples of 1 - <p, t> / (|p| |t|): 0 for one direction, 2 for opposite ones.

    The length of a prediction does not count. Shapes: p and t (*shape, N), 2 or more values.
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
        if shapes.size(prediction) < 2:
            raise ShapeError(
                f"{self.label} needs 2 or more values, got {shapes.text(prediction)}: a single "
                "number has no direction. Use squared error."
            )

    def bind(self, work: Workspace) -> None:
        p, t, batch = work.inputs["prediction"][0].array, work.target, work.batch
        product = work.buffer(*p.shape)
        ones = filled(work, 1, rows_of(p).shape[0])
        length, other, cosine = (work.buffer(1, batch) for _ in range(3))
        for x, y, out in ((p, p, length), (t, t, other), (p, t, cosine)):
            work.forward(np.multiply, x, y, out=product)
            work.forward(np.dot, ones, rows_of(product), out=out)
        for out in (length, other):
            work.forward(np.sqrt, out, out=out)
            work.forward(np.maximum, out, work.scalar(SHORTEST), out=out)
        work.forward(np.multiply, other, length, out=other)
        work.forward(np.divide, cosine, other, out=cosine)
        row = ones_like(work, cosine)
        bind_weighted_sum(work, [(row, row, 1 / batch), (cosine, row, -1 / batch)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            # dL/dp = (p cos / |p|² - t / (|p| |t|)) / N
            column = filled(work, rows_of(p).shape[0], 1, value=1 / batch)
            factor = work.buffer(*p.shape)
            work.backward(np.divide, cosine, length, out=cosine)
            work.backward(np.divide, cosine, length, out=cosine)
            work.backward(np.dot, column, cosine, out=rows_of(factor))
            work.backward(np.multiply, p, factor, out=gradient)
            work.backward(np.reciprocal, other, out=other)
            work.backward(np.dot, column, other, out=rows_of(factor))
            work.backward(np.multiply, t, factor, out=factor)
            work.backward(np.subtract, gradient, factor, out=gradient)

    def value(self, prediction: Array, target: Array) -> float:
        p, t = (rows_of(x.astype(np.float64)) for x in (prediction, target))
        lengths = [np.maximum(np.linalg.norm(x, axis=0), SHORTEST) for x in (p, t)]
        return float(np.mean(1 - (p * t).sum(axis=0) / (lengths[0] * lengths[1])))
