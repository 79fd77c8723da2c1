"""ONNX's own examples of cross-entropies, run through ours.

Its images and volumes have a class for every pixel: each pixel is one of our
examples. Reductions are had from ours, a mean over weights: a sum is the mean
times the weights, and "none" is one example at a time.
"""

from __future__ import annotations

import numpy as np
import pytest

from engine.activations import ACTIVATIONS
from engine.losses import LOSSES
from tests.tools.lone_loss import LoneLoss
from tests.tools.onnx_vectors import vectors

CASES = [
    pytest.param(vector, id=vector.name)
    for module, operator in (
        ("softmax_cross_entropy_loss", "SoftmaxCrossEntropyLoss"),
        ("negativeloglikelihoodloss", "NegativeLogLikelihoodLoss"),
    )
    for vector in vectors(module, operator)
]


def columns(array):
    """(N, C, d1, d2, ...) -> (C, N d1 d2 ...)"""
    return np.moveaxis(array, 1, 0).reshape(array.shape[1], -1)


def one_hot(numbers, classes, ignored):
    """What is ignored has no class at all."""
    numbers = numbers.reshape(-1)
    target = (np.arange(classes)[:, None] == numbers).astype(float)
    target[:, numbers == ignored] = 0
    return target


def evaluated(loss, through, scores, target):
    lone = LoneLoss(loss, (len(scores),), batch=scores.shape[1], through=through)
    (lone.z if through else lone.prediction)[...] = scores if through else np.exp(scores)
    lone.target[...] = target
    return lone.forward()


def test_all_examples_are_found():
    assert len(CASES) == 52


@pytest.mark.parametrize("vector", CASES)
def test_losses_are_those_of_onnx(vector):
    scores = columns(vector.inputs[0].astype(np.float64))
    target = one_hot(vector.inputs[1], len(scores), vector.attributes.get("ignore_index"))
    weights = vector.inputs[2] if len(vector.inputs) > 2 else np.ones(len(scores))
    loss = LOSSES.get("categorical_cross_entropy")(class_weights=tuple(map(float, weights)))
    through = "softmax" if vector.operator == "SoftmaxCrossEntropyLoss" else None
    counted = weights @ target
    reduction = vector.attributes["reduction"]
    if reduction == b"none":
        few = slice(0, 40)
        ours = [
            evaluated(loss, through, scores[:, [n]], target[:, [n]]) * counted[n]
            for n in range(len(counted))[few]
        ]
        theirs = vector.outputs[0].reshape(-1)[few]
    else:
        ours = evaluated(loss, through, scores, target)
        ours *= counted.sum() if reduction == b"sum" else 1
        theirs = vector.outputs[0]

    np.testing.assert_allclose(ours, theirs, rtol=2e-5, atol=1e-6)
    if len(vector.outputs) > 1:
        logarithms = ACTIVATIONS.get("log_softmax")().value(scores)
        np.testing.assert_allclose(logarithms, columns(vector.outputs[1]), rtol=1e-5, atol=1e-6)
