"""First steps of each optimiser by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.optimizers.adaptive import Adam, AdamW, RMSProp
from engine.optimizers.descent import SGD


def after(optimizer, steps, weight=2.0, gradient=1.0):
    w, g = np.array([weight]), np.array([gradient])
    slots = {name: np.zeros(1) for name in optimizer.slots}
    update = optimizer.bind(w, g, slots, lambda: np.empty(1))
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
