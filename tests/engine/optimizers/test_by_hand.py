"""First steps of each optimiser by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.optimizers.adaptive import AdaDelta, AdaGrad, RMSProp
from engine.optimizers.averaged import AveragedSGD
from engine.optimizers.descent import SGD
from engine.optimizers.implicit import ImplicitSGD
from engine.optimizers.moments import Adam, AdamW, Lion


def bound(optimizer, weights, gradients, loss=1.0):
    slots = {name: np.zeros_like(weights) for name in optimizer.slots}

    def scratch():
        return np.empty_like(weights)

    return slots, optimizer.bind(weights, gradients, slots, scratch, np.array(loss))


def after(optimizer, steps, weight=2.0, gradient=1.0):
    w, g = np.array([weight]), np.array([gradient])
    _, update = bound(optimizer, w, g)
    for step in range(1, steps + 1):
        update(step, optimizer.rate)
    return w[0]


@pytest.mark.parametrize(
    ("optimizer", "steps", "expected"),
    [
        (SGD(rate=0.5), 2, 2 - 0.5 - 0.5),
        (SGD(rate=0.5, weight_decay=0.1), 1, 2 - 0.5 * (1 + 0.2)),
        (SGD(rate=0.5, momentum=0.5), 3, 2 - 0.5 * (1 + 1.5 + 1.75)),
        (SGD(rate=0.5, momentum=0.5, nesterov=True), 2, 2 - 0.5 * (1.5 + 1.75)),
        (RMSProp(rate=0.1, keep=0.75), 1, 2 - 0.1 / (math.sqrt(0.25) + 1e-8)),
        (RMSProp(rate=0.1, keep=0.0, momentum=0.5), 2, 2 - 0.1 * (1 + 1.5)),
        (Adam(rate=0.1), 2, 2 - 0.2),  # every step is as long as the rate
        (Adam(rate=0.1, epsilon=1.0), 1, 2 - 0.1 / 2),
        (AdamW(rate=0.1, weight_decay=0.5), 1, 2 * 0.95 - 0.1),
        (AdaGrad(rate=0.1), 2, 2 - 0.1 - 0.1 / math.sqrt(2)),
        (AdaGrad(rate=0.1, initial=3.0), 1, 2 - 0.1 / 2),
        (AdaGrad(rate=0.1, slowing=1.0), 2, 2 - 0.1 - 0.05 / math.sqrt(2)),
        (AdaDelta(keep=0.0, epsilon=1.0), 1, 2 - math.sqrt(1 / 2)),
        (AveragedSGD(rate=0.1, shrink=0.0), 3, 2 - 0.3),
        (ImplicitSGD(rate=1.0), 1, 2 - 1 / (1 + 1 / 2)),
        (ImplicitSGD(rate=1.0, weight_decay=1.0), 1, (2 - 1 / (1 + 1 / 2)) / 2),
        (Lion(rate=0.1), 3, 2 - 0.3),  # every step is as long as the rate
        (Lion(rate=0.1, weight_decay=0.5), 1, 2 * 0.95 - 0.1),
    ],
)
def test_the_first_steps(optimizer, steps, expected):
    assert after(optimizer, steps) == pytest.approx(expected, rel=1e-6)


def test_only_momentum_needs_a_velocity():
    assert SGD().slots == ()
    assert SGD(momentum=0.9).slots == ("velocity",)
    assert RMSProp().slots == ("variance",)
    assert RMSProp(momentum=0.9).slots == ("variance", "velocity")
    assert Adam().slots == AdamW().slots == ("mean", "variance")
    assert Adam(amsgrad=True).slots == ("mean", "variance", "largest")
    assert RMSProp(centered=True, momentum=0.5).slots == ("variance", "mean", "velocity")


def test_averaged_sgd_keeps_the_mean_of_the_weights_since_its_start():
    w, g = np.array([0.0]), np.array([-1.0])
    slots, update = bound(AveragedSGD(start=2, shrink=0.0), w, g)
    for step in range(1, 7):
        update(step, 1.0)  # w is 1, 2, 3, ...

    assert slots["average"] == np.mean([4, 5, 6])
    assert w == 6


@pytest.mark.parametrize("rate", [1e-3, 1.0, 1e6])
def test_implicit_sgd_solves_the_implicit_equation_of_one_example_exactly(rate):
    """L(w) = (w x - t)², and w' = w - rate dL/dw(w')."""
    rng = np.random.default_rng(1)
    x, t, w = rng.standard_normal(5), 3.0, rng.standard_normal(5)
    before, error = w.copy(), w @ x - t
    _, update = bound(ImplicitSGD(), w, 2 * error * x, loss=error**2)
    update(1, rate)

    np.testing.assert_allclose(w, before - rate * 2 * (w @ x - t) * x, rtol=1e-9, atol=1e-9 * rate)


def test_implicit_sgd_stands_still_where_the_loss_is_zero():
    w = np.array([1.0])
    _, update = bound(ImplicitSGD(), w, np.zeros(1), loss=0.0)
    update(1, 0.5)

    assert w == 1


def test_centred_rmsprop_of_a_constant_gradient_stays_finite():
    """The spread is then zero, and rounding could make it negative."""
    w, g = np.array([1.0], np.float32), np.array([0.1], np.float32)
    _, update = bound(RMSProp(centered=True, keep=0.5), w, g)
    for step in range(1, 200):
        update(step, 1e-9)

    assert np.isfinite(w)
