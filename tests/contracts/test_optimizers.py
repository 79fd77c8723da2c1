"""What every optimiser must keep, checked over all that are registered."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from engine.optimizers import OPTIMIZERS
from engine.optimizers.base import CHUNK
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.witness import optimizer as witness_optimizer

VARIANTS = {
    "sgd": [
        {"rate": 0.05, "momentum": 0.9},
        {"rate": 0.05, "momentum": 0.8, "nesterov": True, "weight_decay": 0.1},
        {"weight_decay": 0.02},
    ],
    "rmsprop": [
        {"rate": 0.003, "momentum": 0.7, "weight_decay": 0.1},
        {"epsilon": 0.5, "keep": 0.9},
        {"momentum": 0.9},
    ],
    "adam": [
        {"rate": 0.02, "beta1": 0.8, "beta2": 0.99},
        {"epsilon": 0.3},
        {"weight_decay": 0.1},
    ],
    "adamw": [
        {"rate": 0.02, "weight_decay": 0.2},
        {"epsilon": 0.3, "weight_decay": 0.0},
        {"beta1": 0.0},
    ],
}
CASES = [
    pytest.param(kind(**settings), id=f"{kind.kind}-{number}")
    for kind in OPTIMIZERS
    for number, settings in enumerate([{}, *VARIANTS[kind.kind]])
]
each_case = pytest.mark.parametrize("optimizer", CASES)


class Bound:
    """An optimiser on vectors of its own."""

    def __init__(self, optimizer, weights):
        self.weights = weights.copy()
        self.gradients = np.zeros_like(weights)
        self.slots = {name: np.zeros_like(weights) for name in optimizer.slots}
        self.update = optimizer.bind(
            self.weights, self.gradients, self.slots, lambda: np.full_like(weights, np.nan)
        )

    def step(self, number, rate, gradient):
        self.gradients[...] = gradient
        self.update(number, rate)


def history(size, steps, seed=0):
    """First weights and a gradient for each step; one weight's gradient is always zero."""
    rng = np.random.default_rng(seed)
    gradients = rng.standard_normal((steps, size)) * np.geomspace(1e-4, 10, size)
    gradients[:, 0] = 0
    return rng.standard_normal(size), gradients


@pytest.mark.parametrize("kind", OPTIMIZERS, ids=lambda kind: kind.kind)
def test_an_optimiser_has_a_formula_a_source_and_an_explanation(kind):
    assert kind.formula
    assert kind.source
    assert inspect.getdoc(kind)
    assert kind.kind in VARIANTS


@pytest.mark.witness
@each_case
def test_fifty_steps_follow_torch_through_changes_of_the_rate(optimizer, torch):
    weights, gradients = history(12, 50)
    ours = Bound(optimizer, weights)
    tensor = torch.tensor(weights.copy(), requires_grad=True)
    theirs = witness_optimizer(torch, optimizer, [tensor])
    for number, gradient in enumerate(gradients, start=1):
        rate = optimizer.rate * (1 if number <= 20 else 0.3 if number <= 40 else 2)
        theirs.param_groups[0]["lr"] = rate
        tensor.grad = torch.tensor(gradient)
        ours.step(number, rate, gradient)
        theirs.step()

        np.testing.assert_allclose(ours.weights, tensor.detach(), rtol=1e-10, atol=1e-12)


@each_case
def test_a_long_vector_is_worked_on_in_pieces_with_the_same_result(optimizer):
    size = 2 * CHUNK + 17
    weights, gradients = history(size, 3)
    whole = Bound(optimizer, weights)
    parts = [Bound(optimizer, part) for part in np.array_split(weights, 5)]
    for number, gradient in enumerate(gradients, start=1):
        whole.step(number, optimizer.rate, gradient)
        for part, piece in zip(parts, np.array_split(gradient, 5), strict=True):
            part.step(number, optimizer.rate, piece)

    np.testing.assert_array_equal(whole.weights, np.concatenate([p.weights for p in parts]))


@each_case
def test_going_on_from_saved_slots_gives_the_same_numbers_bit_for_bit(optimizer):
    weights, gradients = history(9, 20)
    straight = Bound(optimizer, weights)
    for number, gradient in enumerate(gradients, start=1):
        straight.step(number, optimizer.rate, gradient)
        if number == 10:
            resumed = Bound(optimizer, straight.weights)
            for name, vector in resumed.slots.items():
                vector[...] = straight.slots[name]
    for number, gradient in enumerate(gradients[10:], start=11):
        resumed.step(number, optimizer.rate, gradient)

    np.testing.assert_array_equal(straight.weights, resumed.weights)


@each_case
def test_gradients_are_left_as_they_are(optimizer):
    weights, gradients = history(9, 1)
    bound = Bound(optimizer, weights)
    bound.step(1, optimizer.rate, gradients[0])

    np.testing.assert_array_equal(bound.gradients, gradients[0])


@each_case
def test_a_rate_of_zero_changes_nothing(optimizer):
    weights, gradients = history(9, 3)
    bound = Bound(optimizer, weights)
    for number, gradient in enumerate(gradients, start=1):
        bound.step(number, 0.0, gradient)

    np.testing.assert_array_equal(bound.weights, weights)


@each_case
def test_a_quadratic_bowl_is_descended(optimizer):
    weights, _ = history(9, 1)
    bound = Bound(optimizer, weights)
    for number in range(1, 200):
        bound.step(number, optimizer.rate, bound.weights)

    assert np.linalg.norm(bound.weights) < np.linalg.norm(weights)


@each_case
@pytest.mark.parametrize("size", [100, CHUNK + 5])
def test_an_update_allocates_nothing_and_keeps_the_precision(optimizer, size):
    weights = np.ones(size, np.float32)
    bound = Bound(optimizer, weights)
    bound.gradients.fill(0.1)

    assert most_allocated(lambda: bound.update(3, 0.001)) <= SLACK
    assert bound.weights.dtype == np.float32
    assert all(vector.dtype == np.float32 for vector in bound.slots.values())


@each_case
def test_no_parameters_at_all_are_no_trouble(optimizer):
    bound = Bound(optimizer, np.zeros(0))
    bound.update(1, 0.1)

    assert bound.weights.size == 0
