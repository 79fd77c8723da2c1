"""What every optimiser must keep, checked over all that are registered."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from engine.optimizers import OPTIMIZERS
from engine.optimizers.base import CHUNK
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.witness_training import optimizer as witness_optimizer

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
        {"centered": True, "epsilon": 1e-3, "momentum": 0.5, "weight_decay": 0.1},
    ],
    "averaged_sgd": [
        {"start": 0, "rate": 0.05},
        {"start": 10, "shrink": 0.1, "power": 0.5, "weight_decay": 0.1},
    ],
    "implicit_sgd": [{"rate": 0.7}, {"weight_decay": 0.2}],
    "adagrad": [
        {"rate": 0.1, "slowing": 0.05},
        {"initial": 0.3, "epsilon": 0.2, "weight_decay": 0.1},
    ],
    "adadelta": [{"keep": 0.7, "epsilon": 0.01}, {"weight_decay": 0.1, "rate": 0.5}],
    "nadam": [
        {"rate": 0.02, "beta1": 0.8, "decline": 0.1},
        {"epsilon": 0.3, "weight_decay": 0.1},
    ],
    "lion": [{"rate": 0.01, "beta1": 0.5}, {"weight_decay": 0.3, "beta2": 0.5}],
    "adam": [
        {"rate": 0.02, "beta1": 0.8, "beta2": 0.99},
        {"epsilon": 0.3},
        {"weight_decay": 0.1},
        {"amsgrad": True, "beta2": 0.6},
    ],
    "adamw": [
        {"rate": 0.02, "weight_decay": 0.2},
        {"epsilon": 0.3, "weight_decay": 0.0},
        {"beta1": 0.0},
        {"amsgrad": True, "beta2": 0.6},
    ],
}
CASES = [
    pytest.param(kind(**settings), id=f"{kind.kind}-{number}")
    for kind in OPTIMIZERS
    for number, settings in enumerate([{}, *VARIANTS[kind.kind]])
]


def implicit(optimizer, w):
    """Proximal point of the square of a linear √L, from the paper's equation."""

    def step(number, rate, following, gradient):
        loss = 0.1 * number
        w[...] = w - rate * gradient / (1 + rate * (gradient**2).sum() / (2 * loss))
        w[...] = w / (1 + rate * optimizer.weight_decay)
        return w

    return step


def lion(optimizer, w):
    """Algorithm 2 of the paper."""
    mean = np.zeros_like(w)

    def step(number, rate, following, gradient):
        direction = np.sign(optimizer.beta1 * mean + (1 - optimizer.beta1) * gradient)
        w[...] = w - rate * (direction + optimizer.weight_decay * w)
        mean[...] = optimizer.beta2 * mean + (1 - optimizer.beta2) * gradient
        return w

    return step


BY_FORMULA = {"implicit_sgd": implicit, "lion": lion}
"""Kinds that PyTorch has not, as their papers write them."""

each_case = pytest.mark.parametrize("optimizer", CASES)
LOOKS_AT_THE_WHOLE = frozenset({"implicit_sgd"})
"""Kinds whose step depends on the norm of all gradients."""


class Bound:
    """An optimiser on vectors of its own."""

    def __init__(self, optimizer, weights):
        self.weights = weights.copy()
        self.gradients = np.zeros_like(weights)
        self.slots = {name: np.zeros_like(weights) for name in optimizer.slots}
        self.loss = np.array(0.7)
        self.update = optimizer.bind(
            self.weights,
            self.gradients,
            self.slots,
            lambda: np.full_like(weights, np.nan),
            self.loss,
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


@pytest.fixture
def exact(torch):
    """torch keeps numbers of its own, such as a slowed rate, in its default precision."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def rates(optimizer):
    """A learning rate for each of fifty steps, changed twice on the way."""
    return [optimizer.rate * (1 if n <= 20 else 0.3 if n <= 40 else 2) for n in range(1, 52)]


def assert_same_path(optimizer, theirs):
    """Fifty steps; theirs: takes step, rate, next rate and gradient, gives weights."""
    weights, gradients = history(12, 50)
    ours, other = Bound(optimizer, weights), theirs(weights)
    every = rates(optimizer)
    for number, gradient in enumerate(gradients, start=1):
        rate, following = every[number - 1 : number + 1]
        ours.loss[()] = 0.1 * number
        ours.step(number, rate, gradient)
        expected = other(number, rate, following, gradient)

        np.testing.assert_allclose(ours.weights, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.witness
@pytest.mark.parametrize("optimizer", [c for c in CASES if c.values[0].kind not in BY_FORMULA])
def test_fifty_steps_follow_torch_through_changes_of_the_rate(optimizer, torch, exact):
    def theirs(weights):
        tensor = torch.tensor(weights.copy(), requires_grad=True)
        witness = witness_optimizer(torch, optimizer, [tensor])

        def step(number, rate, following, gradient):
            # Its averaged SGD makes up its mind about a rate one step ahead.
            witness.param_groups[0]["lr"] = following if optimizer.kind == "averaged_sgd" else rate
            tensor.grad = torch.tensor(gradient)
            witness.step()
            return tensor.detach().numpy()

        return step

    assert_same_path(optimizer, theirs)


@pytest.mark.witness
@pytest.mark.parametrize("optimizer", [c for c in CASES if c.values[0].kind == "averaged_sgd"])
def test_the_average_follows_torch(optimizer, torch, exact):
    weights, gradients = history(12, 50)
    ours = Bound(optimizer, weights)
    tensor = torch.tensor(weights.copy(), requires_grad=True)
    theirs = witness_optimizer(torch, optimizer, [tensor])
    for number, gradient in enumerate(gradients, start=1):
        tensor.grad = torch.tensor(gradient)
        theirs.step()
        ours.step(number, optimizer.rate, gradient)
        expected = theirs.state[tensor]["ax"]

        np.testing.assert_allclose(ours.slots["average"], expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("optimizer", [c for c in CASES if c.values[0].kind in BY_FORMULA])
def test_fifty_steps_follow_the_written_formula(optimizer):
    def theirs(weights):
        return BY_FORMULA[optimizer.kind](optimizer, weights.copy())

    assert_same_path(optimizer, theirs)


def test_a_step_that_is_a_thousandth_too_long_is_noticed():
    def theirs(weights):
        exact = BY_FORMULA["implicit_sgd"](OPTIMIZERS.get("implicit_sgd")(), weights.copy())
        return lambda number, rate, following, gradient: exact(
            number, 1.001 * rate, following, gradient
        )

    with pytest.raises(AssertionError):
        assert_same_path(OPTIMIZERS.get("implicit_sgd")(), theirs)


@pytest.mark.parametrize(
    "optimizer", [c for c in CASES if c.values[0].kind not in LOOKS_AT_THE_WHOLE]
)
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
