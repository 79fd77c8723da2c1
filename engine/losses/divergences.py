"""Divergences: how far one distribution, or one set of amounts, is from another.

Logarithms and quotients are taken of numbers held at a least value, so that a
prediction or target of exactly zero gives a large and finite loss. Below that value the slope
stays as it is there, so that training leads back.
"""

from __future__ import annotations

import numpy as np

from engine.losses.base import (
    LOSSES,
    Loss,
    bind_weighted_sum,
    column_positions,
    positions_in,
    prediction_gradient,
    summed_columns,
)
from engine.losses.cross_entropy import LEAST, check_classes
from engine.shapes import Shape
from engine.workspace import Array, Workspace

FLOOR = 1e-6
"""The least amount that is divided by where the quotient is squared."""

SHIFT = 1e-8
"""What is added to a rate before its logarithm is taken, as in PyTorch."""


def _bind_held(work: Workspace, array: Array, least: float) -> Array:
    held = work.buffer(*array.shape)
    work.forward(np.maximum, array, work.scalar(least), out=held)
    return held


def _bind_logarithm(work: Workspace, array: Array) -> Array:
    logarithm = work.buffer(*array.shape)
    work.forward(np.log, array, out=logarithm)
    return logarithm


@LOSSES.register
class KullbackLeibler(Loss):
    """L = mean over examples of Σ_k t_k log(t_k / p_k), where 0 log 0 = 0.

    Shapes: p and t (K, N) or (T, K, N), columns sum to 1. Probabilities, not their logarithms
    as PyTorch takes; the mean is its "batchmean".
    """

    kind = "kullback_leibler"
    label = "Kullback-Leibler"
    summary = "How far the predicted probabilities are from wished ones; for soft targets."
    synonyms = ("kl divergence", "relative entropy", "distillation")
    formula = "L = mean Σ_k t_k log(t_k / p_k)"
    source = "Kullback and Leibler, On information and sufficiency, 1951"
    target = "classes"
    expects = "distribution"
    fuses = frozenset({"softmax"})

    def positions(self, prediction: Shape) -> Shape:
        return column_positions(prediction)

    def check(self, prediction: Shape) -> None:
        check_classes(self.label, prediction)

    def bind(self, work: Workspace) -> None:
        prediction, target = work.inputs["prediction"][0], work.target
        p = prediction.array
        share = 1 / positions_in(p, self)
        entropy = _bind_logarithm(work, _bind_held(work, target, LEAST))
        gradient = prediction_gradient(work)
        if work.fused:
            logits = prediction.logits
            assert logits is not None
            assert logits.total is not None  # a softmax keeps it
            total = _bind_logarithm(work, logits.total)
            parts = [(total, work.constant(1, total.size), share), (target, logits.values, -share)]
            if gradient is not None:
                work.backward(np.subtract, p, target, out=gradient)
                work.backward(np.multiply, gradient, work.scalar(share), out=gradient)
        else:
            held = _bind_held(work, p, LEAST)
            parts = [(target, _bind_logarithm(work, held), -share)]
            if gradient is not None:
                work.backward(np.divide, target, held, out=gradient)
                work.backward(np.multiply, gradient, work.scalar(-share), out=gradient)
        bind_weighted_sum(work, [(target, entropy, share), *parts])

    def each(self, prediction: Array, target: Array) -> Array:
        logarithms = [np.log(np.maximum(x, LEAST)) for x in (target, prediction)]
        return summed_columns(target * (logarithms[0] - logarithms[1]))


@LOSSES.register
class Hellinger(Loss):
    """L = mean over examples of ½ Σ_k (√p_k - √t_k)²: the squared distance, from 0 to 1.

    Shapes: p and t (K, N) or (T, K, N), columns sum to 1.
    """

    kind = "hellinger"
    label = "Hellinger"
    summary = "How far the predicted probabilities are from wished ones; never above 1."
    synonyms = ("bhattacharyya",)
    formula = "L = mean ½ Σ_k (√p_k - √t_k)²"
    source = "Hellinger, Neue Begründung der Theorie quadratischer Formen, 1909"
    target = "classes"
    expects = "distribution"

    def positions(self, prediction: Shape) -> Shape:
        return column_positions(prediction)

    def check(self, prediction: Shape) -> None:
        check_classes(self.label, prediction)

    def bind(self, work: Workspace) -> None:
        p, t = work.inputs["prediction"][0].array, work.target
        share = 0.5 / positions_in(p, self)
        root, other = _bind_held(work, p, LEAST), _bind_held(work, t, 0)
        difference = work.buffer(*p.shape)
        work.forward(np.sqrt, root, out=root)
        work.forward(np.sqrt, other, out=other)
        work.forward(np.subtract, root, other, out=difference)
        bind_weighted_sum(work, [(difference, difference, share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.divide, difference, root, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(share), out=gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        root = np.sqrt(np.maximum(prediction, LEAST))
        return 0.5 * summed_columns((root - np.sqrt(np.maximum(target, 0))) ** 2)


@LOSSES.register
class GeneralisedKullbackLeibler(Loss):
    """L = mean over all values of t log(t / p) - t + p, where 0 log 0 = 0.

    Kullback-Leibler for amounts that need not add up to 1. Shapes: p and t (*shape, N),
    never negative.
    """

    kind = "generalised_kullback_leibler"
    label = "Generalised Kullback-Leibler"
    summary = "Kullback-Leibler for amounts that need not add up to 1, such as brightness."
    synonyms = ("i-divergence", "generalized kl divergence")
    formula = "L = mean (t log(t / p) - t + p)"
    source = "Csiszár, I-divergence geometry of probability distributions, 1975"
    target = "values"
    expects = "positive"

    def bind(self, work: Workspace) -> None:
        p, t = work.inputs["prediction"][0].array, work.target
        share, held = 1 / p.size, _bind_held(work, p, LEAST)
        ratio = work.buffer(*p.shape)
        work.forward(np.divide, _bind_held(work, t, LEAST), held, out=ratio)
        ones, logarithm = work.constant(1, p.size), _bind_logarithm(work, ratio)
        bind_weighted_sum(work, [(t, logarithm, share), (t, ones, -share), (p, ones, share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.divide, t, held, out=gradient)
            work.backward(np.subtract, work.scalar(1), gradient, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(share), out=gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        p, t = prediction, target
        ratio = np.maximum(t, LEAST) / np.maximum(p, LEAST)
        return np.asarray(t * np.log(ratio) - t + p)


@LOSSES.register
class ItakuraSaito(Loss):
    """L = mean over all values of t / p - log(t / p) - 1, both held at 0.000001 or more.

    Only the quotient counts: quiet and loud parts weigh alike. Shapes: p and t (*shape, N),
    never negative.
    """

    kind = "itakura_saito"
    label = "Itakura-Saito"
    summary = "Compares amounts by their quotient; for spectra of sound."
    synonyms = ("spectral distance",)
    formula = "L = mean (t / p - log(t / p) - 1)"
    source = "Itakura and Saito, Analysis synthesis telephony, 1968"
    target = "values"
    expects = "positive"

    def bind(self, work: Workspace) -> None:
        p, t = work.inputs["prediction"][0].array, work.target
        share, held = 1 / p.size, _bind_held(work, p, FLOOR)
        ratio = work.buffer(*p.shape)
        work.forward(np.divide, _bind_held(work, t, FLOOR), held, out=ratio)
        ones, logarithm = work.constant(1, *p.shape), _bind_logarithm(work, ratio)
        bind_weighted_sum(
            work, [(ratio, ones, share), (logarithm, ones, -share), (ones, ones, -share)]
        )
        gradient = prediction_gradient(work)
        if gradient is not None:
            # (1 - t / p) / p
            work.backward(np.subtract, work.scalar(1), ratio, out=gradient)
            work.backward(np.divide, gradient, held, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(share), out=gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        ratio = np.maximum(target, FLOOR) / np.maximum(prediction, FLOOR)
        return np.asarray(ratio - np.log(ratio) - 1)


@LOSSES.register
class Poisson(Loss):
    """L = mean of p - t log(p + 1e-8): p is the expected count itself and not its logarithm.

    Up to a term of t alone the negative log-likelihood. Shapes: p and t (*shape, N), never
    negative.
    """

    kind = "poisson"
    label = "Poisson"
    summary = "For counts: how many calls, visits, defects."
    synonyms = ("counts", "negative log-likelihood", "rate")
    formula = "L = mean (p - t log(p + 1e-8))"
    source = "PyTorch, torch.nn.PoissonNLLLoss with log_input=False"
    target = "values"
    expects = "positive"

    def bind(self, work: Workspace) -> None:
        p, t = work.inputs["prediction"][0].array, work.target
        share, shifted = 1 / p.size, work.buffer(*p.shape)
        work.forward(np.maximum, p, work.scalar(0), out=shifted)
        work.forward(np.add, shifted, work.scalar(SHIFT), out=shifted)
        logarithm = _bind_logarithm(work, shifted)
        bind_weighted_sum(work, [(p, work.constant(1, p.size), share), (t, logarithm, -share)])
        gradient = prediction_gradient(work)
        if gradient is not None:
            work.backward(np.divide, t, shifted, out=gradient)
            work.backward(np.subtract, work.scalar(1), gradient, out=gradient)
            work.backward(np.multiply, gradient, work.scalar(share), out=gradient)

    def each(self, prediction: Array, target: Array) -> Array:
        return np.asarray(prediction - target * np.log(np.maximum(prediction, 0) + SHIFT))
