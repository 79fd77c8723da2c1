"""Cross-entropies: how surprised the predicted probabilities are by what is true.

Behind a sigmoid or softmax the loss is computed from the weighted sums z and
not from the rounded probabilities: exact for any z, and its gradient is
simply prediction minus target. Where only probabilities are known, their logarithms are
held, and the slope below the least is that of the least: it leads back, where Keras has none.
"""

from __future__ import annotations

import math

import numpy as np

from engine.activations.base import bind_softplus
from engine.errors import ShapeError
from engine.fields import Real, Reals
from engine.losses.base import (
    LOSSES,
    Loss,
    bind_columns,
    bind_from_columns,
    bind_weighted_sum,
    column_positions,
    columns_like,
    positions_in,
    prediction_gradient,
    spread,
    summed_columns,
)
from engine.shapes import Shape
from engine.workspace import Array, Workspace

# The least probability whose logarithm is taken where only probabilities are known.
LEAST = 1e-12


def check_classes(
    label: str, prediction: Shape, what: str = "probability", activation: str = "softmax"
) -> None:
    """Raises ShapeError for what is no row of two or more classes, nor one at each step."""
    if len(prediction) not in (1, 2) or prediction[-1] < 2:
        raise ShapeError(
            f"{label} needs one {what} per class, (K,) or at each step (T, K), for 2 or more "
            f"classes, got {prediction}. Put a Dense with one unit per class and {activation} "
            "before it."
        )


@LOSSES.register
class CategoricalCrossEntropy(Loss):
    """L = Σ_n Σ_k -w_k t_kn log p_kn / Σ_n Σ_k w_k t_kn.

    Shapes: p and t (K, N), or (T, K, N) for a class at each step; columns sum to 1.
    Without class weights w that is the mean over examples and steps. Smoothing ε takes
    (1 - ε) t + ε / K for t in the upper sum, as PyTorch does with weights too.
    With weights or smoothing an example whose target is all zeros is left out, as is one of a
    class of weight 0, so that batches add up: PyTorch counts the smoothing part of these in the
    upper sum alone. If none is left the loss is 0, where PyTorch has no number.
    """

    kind = "categorical_cross_entropy"
    label = "Cross-entropy"
    summary = "For one class out of several, behind a softmax."
    synonyms = (
        "categorical cross-entropy",
        "log loss",
        "negative log-likelihood",
        "softmax loss",
        "classification",
        "sparse categorical cross-entropy",
    )
    formula = "L = mean -Σ_k t_k log p_k"
    source = "PyTorch, torch.nn.CrossEntropyLoss"
    target = "classes"
    expects = "distribution"
    fuses = frozenset({"softmax"})

    smoothing = Real(
        0.0,
        minimum=0,
        below=1,
        advanced=True,
        label="Label smoothing",
        help="Share of each target that is spread over all classes, against overconfidence.",
    )
    class_weights = Reals(
        (),
        minimum=0,
        advanced=True,
        help="How much each class counts, in the order of the classes; none means all alike.",
    )

    def positions(self, prediction: Shape) -> Shape:
        return column_positions(prediction)

    def check(self, prediction: Shape) -> None:
        check_classes(self.label, prediction)
        if self.class_weights and len(self.class_weights) != prediction[-1]:
            raise ShapeError(
                f"{self.label} needs one weight for each of {prediction[-1]} classes, got "
                f"{len(self.class_weights)}. List one for each class, or none."
            )

    def bind(self, work: Workspace) -> None:
        if self.smoothing or self.class_weights:
            self._bind_weighted(work)
        elif work.fused:
            self._bind_logits(work)
        else:
            self._bind_probabilities(work)

    def _bind_logits(self, work: Workspace) -> None:
        # -Σ t log p = log Σ exp(s) - Σ t s, with s the shifted sums.
        prediction, target = work.inputs["prediction"][0], work.target
        share, logits = 1 / positions_in(prediction.array, self), prediction.logits
        assert logits is not None
        assert logits.total is not None  # a softmax keeps it
        logarithms = work.buffer(*logits.total.shape)
        work.forward(np.log, logits.total, out=logarithms)
        bind_weighted_sum(
            work,
            [
                (logarithms, work.constant(1, logarithms.size), share),
                (target, logits.values, -share),
            ],
        )
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.subtract, prediction.array, target, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(share), out=gradient)

    def _bind_probabilities(self, work: Workspace) -> None:
        prediction, target = work.inputs["prediction"][0].array, work.target
        share = 1 / positions_in(prediction, self)
        held = work.buffer(*prediction.shape)
        logarithms = work.buffer(*prediction.shape)
        work.forward(np.maximum, prediction, work.scalar(LEAST), out=held)
        work.forward(np.log, held, out=logarithms)
        bind_weighted_sum(work, [(target, logarithms, -share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.divide, target, held, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(-share), out=gradient)

    def _weights(self, classes: int) -> Array:
        """(K, 1)"""
        return np.array(self.class_weights or [1.0] * classes)[:, None]

    def _bind_weighted(self, work: Workspace) -> None:
        """With u = w ((1 - ε) t + ε / K) where w t > 0, else 0: L = -<u, log p> / Σ w t."""
        prediction, target = work.inputs["prediction"][0], self._bind_target(work)
        p = bind_columns(work, prediction.array)
        classes, batch = p.shape
        weights = self._weights(classes)
        kept, spread = work.buffer(classes, batch), work.buffer(classes, 1)
        kept[...], spread[...] = (1 - self.smoothing) * weights, self.smoothing / classes * weights
        row, ones = work.buffer(1, classes), work.constant(1, 1, classes)
        row[...] = weights.T
        counts, counted, there, shares = (work.buffer(1, batch) for _ in range(4))
        u, part = work.buffer(classes, batch), work.buffer(classes, batch)
        work.weight_sum = total = work.buffer(1)
        inverse = work.buffer(1)
        work.forward(np.dot, row, target, out=counts)
        work.forward(np.sign, counts, out=counted)
        work.forward(np.dot, ones, target, out=there)
        work.forward(np.multiply, there, counted, out=there)
        work.forward(np.dot, spread, there, out=part)
        work.forward(np.multiply, target, kept, out=u)
        work.forward(np.add, u, part, out=u)
        work.forward(np.dot, ones, u, out=shares)
        work.forward(np.dot, counts[0], work.constant(1, batch), out=total.reshape(()))
        work.forward(np.maximum, total, work.scalar(LEAST), out=inverse)
        work.forward(np.reciprocal, inverse, out=inverse)
        gradient = prediction_gradient(work)
        if work.fused:
            logits = prediction.logits
            assert logits is not None
            assert logits.total is not None  # a softmax keeps it
            logarithms = work.buffer(1, batch)
            work.forward(np.log, logits.total.reshape(1, batch), out=logarithms)
            z = bind_columns(work, logits.values)
            bind_weighted_sum(work, [(logarithms, shares, 1), (u, z, -1)])
            if gradient is not None:
                work.backward(np.dot, work.constant(1, classes, 1), shares, out=part)
                work.backward(np.multiply, part, p, out=part)
                work.backward(np.subtract, part, u, out=part)
        else:
            held, logarithms = work.buffer(classes, batch), work.buffer(classes, batch)
            work.forward(np.maximum, p, work.scalar(LEAST), out=held)
            work.forward(np.log, held, out=logarithms)
            bind_weighted_sum(work, [(u, logarithms, -1)])
            if gradient is not None:
                work.backward(np.divide, u, held, out=part)
                work.backward(np.negative, part, out=part)
        work.forward(np.multiply, work.loss, inverse, out=work.loss)
        if gradient is not None:
            slopes = columns_like(work, gradient)
            work.backward(np.multiply, part, inverse, out=slopes)
            bind_from_columns(work, slopes, gradient)

    def _bind_target(self, work: Workspace) -> Array:
        """The target as columns (K, M), times the weights of positions: all is linear in it."""
        target = work.target
        if work.weights is not None:
            weighed = work.buffer(*target.shape)
            work.forward(np.multiply, target, spread(work, target), out=weighed)
            work.per_weight, target = None, weighed
        return bind_columns(work, target)

    def each(self, prediction: Array, target: Array) -> Array:
        return -summed_columns(target * np.log(np.maximum(prediction, LEAST)))

    def value(self, prediction: Array, target: Array, weights: Array | None = None) -> float:
        if not (self.smoothing or self.class_weights):
            return super().value(prediction, target, weights)
        p, t = (np.moveaxis(x.astype(np.float64), -2, 0) for x in (prediction, target))
        t = t if weights is None else t * weights
        w = self._weights(len(t)).reshape(-1, *(1,) * (t.ndim - 1))
        counts = np.sum(w * t, axis=0)
        there = t.sum(axis=0) * (counts > 0)
        u = w * ((1 - self.smoothing) * t + self.smoothing / len(t) * there)
        logarithms = np.log(np.maximum(p, LEAST))
        return float(-np.sum(u * logarithms) / max(np.sum(counts), LEAST))


@LOSSES.register
class BinaryCrossEntropy(Loss):
    """L = mean -(c t log p + (1 - t) log(1 - p)). Shapes: p and t (*shape, N), t from 0 to 1.

    c, the weight of yes, multiplies only its own part; the mean is over all
    values. Logarithms of probabilities are held at -100, as in PyTorch. Smoothing ε
    takes t (1 - ε) + ε / 2 for t.
    """

    kind = "binary_cross_entropy"
    label = "Binary cross-entropy"
    summary = "For yes or no, behind a sigmoid; with several outputs, for several questions."
    synonyms = ("log loss", "logistic loss", "bce", "classification")
    formula = "L = mean -(t log p + (1 - t) log(1 - p))"
    source = "PyTorch, torch.nn.BCELoss and BCEWithLogitsLoss"
    target = "binary"
    expects = "probability"
    fuses = frozenset({"sigmoid"})

    smoothing = Real(
        0.0,
        minimum=0,
        below=1,
        advanced=True,
        label="Label smoothing",
        help="Draws yes and no together by this share, against overconfidence.",
    )
    positive_weight = Real(
        1.0,
        above=0,
        advanced=True,
        label="Weight of yes",
        help="How much a yes counts: above 1 where yes is rare.",
    )

    def bind(self, work: Workspace) -> None:
        target = work.target
        if self.smoothing:
            smooth = work.buffer(*target.shape)
            work.forward(np.multiply, target, work.scalar(1 - self.smoothing), out=smooth)
            work.forward(np.add, smooth, work.scalar(self.smoothing / 2), out=smooth)
            target = smooth
        if work.fused:
            self._bind_logits(work, target)
        else:
            self._bind_probabilities(work, target)

    def _bind_logits(self, work: Workspace, target: Array) -> None:
        # With c = 1: log(1 + exp(z)) - t z. Else (1 + (c - 1) t) log(1 + exp(z)) - c t z.
        prediction, more = work.inputs["prediction"][0], self.positive_weight
        assert prediction.logits is not None
        z = prediction.logits.values
        softplus, share = work.buffer(*z.shape), 1 / z.size
        bind_softplus(work, z, softplus)
        weight = None
        if more == 1:
            weights = work.constant(1, softplus.size)
        else:
            weights = weight = work.buffer(*z.shape)
            work.forward(np.multiply, target, work.scalar(more - 1), out=weight)
            work.forward(np.add, weight, work.scalar(1), out=weight)
        bind_weighted_sum(work, [(softplus, weights, share), (target, z, -share * more)])
        gradient = prediction_gradient(work)
        if gradient is None:
            return
        if weight is None:
            work.backward(np.subtract, prediction.array, target, out=gradient)
        else:
            part = work.buffer(*z.shape)
            work.backward(np.multiply, target, work.scalar(more), out=part)
            work.backward(np.multiply, prediction.array, weight, out=gradient)
            work.backward(np.subtract, gradient, part, out=gradient)
        work.backward(np.multiply, gradient, work.scalar(share), out=gradient)

    def _bind_probabilities(self, work: Workspace, target: Array) -> None:
        p, more = work.inputs["prediction"][0].array, self.positive_weight
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
        bind_weighted_sum(work, [(target, yes, -share * more), (against, no, -share)])
        gradient = prediction_gradient(work)
        if gradient is None:
            return
        # ((1 - t) p - c t (1 - p)) / (p (1 - p)): with c = 1 that is (p - t) / ...
        width = work.buffer(*p.shape)
        work.backward(np.subtract, work.scalar(1), p, out=width)
        if more == 1:
            work.backward(np.subtract, p, target, out=gradient)
        else:
            part = work.buffer(*p.shape)
            work.backward(np.multiply, target, work.scalar(more), out=part)
            work.backward(np.multiply, part, width, out=part)
            work.backward(np.multiply, against, p, out=gradient)
            work.backward(np.subtract, gradient, part, out=gradient)
        work.backward(np.multiply, width, p, out=width)
        work.backward(np.maximum, width, work.scalar(LEAST), out=width)
        work.backward(np.divide, gradient, width, out=gradient)
        work.backward(np.multiply, gradient, work.scalar(share), out=gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        p, least = prediction, math.exp(-100)
        t = target * (1 - self.smoothing) + self.smoothing / 2
        yes, no = np.log(np.maximum(p, least)), np.log(np.maximum(1 - p, least))
        return np.asarray(-(self.positive_weight * t * yes + (1 - t) * no))
