"""Cross-entropies: how surprised the predicted probabilities are by what is true.

Behind a sigmoid or softmax the loss is computed from the weighted sums z and
not from the rounded probabilities: exact for any z, and its gradient is
simply prediction minus target.
"""

from __future__ import annotations

import math

import numpy as np

from engine.activations.base import bind_softplus
from engine.errors import ShapeError
from engine.losses.base import (
    LOSSES,
    Loss,
    bind_weighted_sum,
    ones_like,
    prediction_gradient,
)
from engine.shapes import Shape
from engine.workspace import Array, Workspace

# The least probability whose logarithm is taken where only probabilities are known.
LEAST = 1e-12


@LOSSES.register
class CategoricalCrossEntropy(Loss):
    """L = mean over examples of -Σ_k t_k log p_k. Shapes: p and t (K, N), columns sum to 1."""

    kind = "categorical_cross_entropy"
    label = "Categorical cross-entropy"
    summary = "For one class out of several, behind a softmax."
    synonyms = ("log loss", "negative log-likelihood", "softmax loss", "classification")
    formula = "L = mean -Σ_k t_k log p_k"
    source = "PyTorch, torch.nn.CrossEntropyLoss"
    target = "classes"
    fuses = frozenset({"softmax"})

    def check(self, prediction: Shape) -> None:
        if len(prediction) != 1 or prediction[0] < 2:
            raise ShapeError(
                f"{self.label} needs one probability per class (K,) for 2 or more classes, "
                f"got {prediction}. Put a Dense with one unit per class and softmax before it."
            )

    def bind(self, work: Workspace) -> None:
        if work.fused:
            self._bind_fused(work)
        else:
            self._bind_probabilities(work)

    def _bind_fused(self, work: Workspace) -> None:
        # -Σ t log p = log Σ exp(s) - Σ t s, with s the shifted sums.
        prediction, target, batch = work.inputs["prediction"][0], work.target, work.batch
        logits = prediction.logits
        assert logits is not None
        assert logits.total is not None  # a softmax keeps it
        logarithms = work.buffer(1, batch)
        work.forward(np.log, logits.total, out=logarithms)
        bind_weighted_sum(
            work,
            [
                (logarithms, ones_like(work, logarithms), 1 / batch),
                (target, logits.values, -1 / batch),
            ],
        )
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.subtract, prediction.array, target, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(1 / batch), out=gradient)

    def _bind_probabilities(self, work: Workspace) -> None:
        prediction, target, batch = work.inputs["prediction"][0].array, work.target, work.batch
        held = work.buffer(*prediction.shape)
        logarithms = work.buffer(*prediction.shape)
        work.forward(np.maximum, prediction, work.scalar(LEAST), out=held)
        work.forward(np.log, held, out=logarithms)
        bind_weighted_sum(work, [(target, logarithms, -1 / batch)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.divide, target, held, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(-1 / batch), out=gradient)

    def value(self, prediction: Array, target: Array) -> float:
        logarithms = np.log(np.maximum(np.float64(prediction), LEAST))
        return float(-np.mean(np.sum(target * logarithms, axis=0)))


@LOSSES.register
class BinaryCrossEntropy(Loss):
    """L = mean -(t log p + (1 - t) log(1 - p)). Shapes: p and t (*shape, N), t from 0 to 1."""

    kind = "binary_cross_entropy"
    label = "Binary cross-entropy"
    summary = "For yes or no, behind a sigmoid; with several outputs, for several questions."
    synonyms = ("log loss", "logistic loss", "bce", "classification")
    formula = "L = mean -(t log p + (1 - t) log(1 - p))"
    source = "PyTorch, torch.nn.BCELoss and BCEWithLogitsLoss"
    target = "binary"
    fuses = frozenset({"sigmoid"})

    def bind(self, work: Workspace) -> None:
        if work.fused:
            self._bind_fused(work)
        else:
            self._bind_probabilities(work)

    def _bind_fused(self, work: Workspace) -> None:
        # -(t log p + (1 - t) log(1 - p)) = log(1 + exp(z)) - t z
        prediction, target = work.inputs["prediction"][0], work.target
        assert prediction.logits is not None
        z = prediction.logits.values
        softplus = work.buffer(*z.shape)
        bind_softplus(work, z, softplus)
        share = 1 / z.size
        bind_weighted_sum(work, [(softplus, ones_like(work, softplus), share), (target, z, -share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.subtract, prediction.array, target, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(share), out=gradient)

    def _bind_probabilities(self, work: Workspace) -> None:
        p, target = work.inputs["prediction"][0].array, work.target
        share = 1 / p.size
        yes, no, against = (work.buffer(*p.shape) for _ in range(3))
        # Logarithms are held at -100, as in PyTorch.
        least = work.scalar(max(math.exp(-100), float(np.finfo(work.dtype).tiny)))
        floor = work.scalar(-100)
        work.forward(np.maximum, p, least, out=yes)
        work.forward(np.log, yes, out=yes)
        work.forward(np.maximum, yes, floor, out=yes)
        work.forward(np.subtract, work.scalar(1), p, out=no)
        work.forward(np.maximum, no, least, out=no)
        work.forward(np.log, no, out=no)
        work.forward(np.maximum, no, floor, out=no)
        work.forward(np.subtract, work.scalar(1), target, out=against)
        bind_weighted_sum(work, [(target, yes, -share), (against, no, -share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            # (p - t) / (p (1 - p))
            width = work.buffer(*p.shape)
            work.backward(np.subtract, work.scalar(1), p, out=width)
            work.backward(np.multiply, width, p, out=width)
            work.backward(np.maximum, width, work.scalar(LEAST), out=width)
            work.backward(np.subtract, p, target, out=gradient)
            work.backward(np.divide, gradient, width, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(share), out=gradient)

    def value(self, prediction: Array, target: Array) -> float:
        p, least = np.float64(prediction), math.exp(-100)
        yes, no = np.log(np.maximum(p, least)), np.log(np.maximum(1 - p, least))
        return float(-np.mean(target * yes + (1 - target) * no))
