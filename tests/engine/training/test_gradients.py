"""Gradients on their way to the optimiser: averaged over batches, clipped, penalised."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.gradients import Accumulation, GradientRules
from engine.training.settings import TrainingSettings
from tests.engine.plan.networks import classifier, clouds, compiled
from tests.engine.training.test_trainer import assert_same_state, through_a_file, trainer
from tests.tools.allocation import SLACK, most_allocated


def parameters_of(dtype=np.float64, seed=3):
    """A network's parameters with random weights and gradients."""
    parameters = compiled(classifier(), dtype=dtype).parameters
    rng = np.random.default_rng(seed)
    parameters.gradient[:] = 3 * rng.standard_normal(parameters.size)
    return parameters


def after_rules(parameters, **settings):
    GradientRules(parameters, TrainingSettings(**settings)).apply()
    return parameters.gradient


def test_without_rules_gradients_stay_as_they_are():
    parameters = parameters_of()
    before = parameters.gradient.copy()

    np.testing.assert_array_equal(after_rules(parameters), before)


def test_clipping_by_value_holds_every_number():
    parameters = parameters_of()
    before = parameters.gradient.copy()

    np.testing.assert_array_equal(
        after_rules(parameters, clip_value=0.5), np.clip(before, -0.5, 0.5)
    )


@pytest.mark.witness
@pytest.mark.parametrize("limit", [0.1, 5.0, 1e9])
def test_clipping_by_norm_is_that_of_torch(limit, torch):
    parameters = parameters_of()
    tensors = [torch.zeros(5, 1), torch.zeros(parameters.size - 5)]
    for tensor, part in zip(tensors, np.split(parameters.gradient.copy(), [5]), strict=True):
        tensor.grad = torch.tensor(part).reshape(tensor.shape).float()
    torch.nn.utils.clip_grad_norm_(tensors, limit)
    expected = np.concatenate([tensor.grad.ravel() for tensor in tensors])

    np.testing.assert_allclose(after_rules(parameters, clip_norm=limit), expected, rtol=1e-5)


def test_gradients_whose_squares_overflow_are_shortened_all_the_same():
    parameters = parameters_of(np.float32)
    direction = parameters.gradient / np.linalg.norm(parameters.gradient)
    parameters.gradient[:] = direction * np.float32(1e30)
    with np.errstate(over="ignore"):
        after = after_rules(parameters, clip_norm=2.0)

    np.testing.assert_allclose(after, 2 * direction, rtol=1e-5)


def test_values_are_clipped_before_the_norm_is_taken():
    parameters = parameters_of()
    clipped = np.clip(parameters.gradient, -0.5, 0.5)
    expected = clipped / (np.linalg.norm(clipped) + 1e-6)

    np.testing.assert_allclose(after_rules(parameters, clip_value=0.5, clip_norm=1.0), expected)


def test_penalties_are_slopes_of_the_weights_and_spare_biases():
    parameters = parameters_of()
    before = {key: view.copy() for key, view in parameters.views(parameters.gradient).items()}
    after_rules(parameters, l1=0.25, l2=0.5)
    weights = parameters.views(parameters.vector)
    for key, gradient in parameters.views(parameters.gradient).items():
        w = weights[key]
        penalty = 0.25 * np.sign(w) + 0.5 * w if key[1] == "weight" else 0

        np.testing.assert_allclose(gradient, before[key] + penalty, rtol=1e-13)


def test_a_penalty_is_not_clipped():
    parameters = parameters_of()
    parameters.gradient[:] = 0
    parameters.vector[:] = 10

    assert after_rules(parameters, clip_norm=0.1, clip_value=0.1, l2=1.0).max() == 10


def test_rules_and_accumulation_allocate_nothing():
    parameters = parameters_of(np.float32)
    settings = TrainingSettings(clip_norm=0.1, clip_value=1.0, l1=0.1, l2=0.1)
    rules, gathered = GradientRules(parameters, settings), Accumulation(parameters, 2)

    def step():
        gathered.add(4, 0.5)
        gathered.add(4, 0.5)
        gathered.take()
        rules.apply()

    assert most_allocated(step) <= SLACK


# Batches


def test_batches_of_unequal_size_count_by_their_examples():
    parameters = parameters_of()
    gathered = Accumulation(parameters, 2)
    first, second = np.ones(parameters.size), np.full(parameters.size, 5.0)
    for gradient, examples, loss in ((first, 3, 1.0), (second, 1, 9.0)):
        parameters.gradient[:] = gradient
        gathered.add(examples, loss)

    assert gathered.due
    assert gathered.loss == 3
    gathered.take()
    np.testing.assert_allclose(parameters.gradient, 2)
    assert (gathered.batches, gathered.loss) == (0, 0)


PLAIN = {"kind": "sgd", "rate": 0.1, "momentum": 0.5}


def final_weights(**settings):
    run = trainer(classifier(), **({"optimizer": PLAIN} | settings))
    run.run()
    return run.parameters.vector, run.turns.current.objective.updates


def test_two_accumulated_batches_train_as_one_of_twice_the_size():
    whole, updates = final_weights(batch_size=16)
    halves, same = final_weights(batch_size=8, accumulate=2)

    assert updates == same
    np.testing.assert_allclose(halves, whole, rtol=1e-4, atol=1e-6)


def test_an_update_for_each_epoch_is_full_batch_descent():
    whole, updates = final_weights(batch_size=70, epochs=5)
    chunks, same = final_weights(batch_size=8, update="epoch", epochs=5)

    assert updates == same == 5
    np.testing.assert_allclose(chunks, whole, rtol=1e-4, atol=1e-6)


SCHEDULES = [
    "cosine",
    "polynomial",
    {"kind": "step", "every": 1},
    {"kind": "warm_up", "length": 2.0, "start": 0.0},
    "one_cycle",
]


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ({"batch_size": 70}, {"batch_size": 9, "update": "epoch"}),
        ({"batch_size": 16}, {"batch_size": 4, "accumulate": 4}),
    ],
)
@pytest.mark.parametrize("epochs", [1, 3])
def test_a_schedule_is_read_where_an_update_begins(schedule, whole, parts, epochs):
    falling = {"kind": "sgd", "rate": 0.1, "schedule": schedule}
    expected, found = (
        final_weights(optimizer=falling, epochs=epochs, **some)[0] for some in (whole, parts)
    )

    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)


def test_an_update_for_each_example_is_stochastic_descent():
    single, updates = final_weights(batch_size=1, epochs=2)
    stochastic, same = final_weights(batch_size=64, update="example", epochs=2)

    assert updates == same == 2 * 70
    np.testing.assert_array_equal(single, stochastic)


@pytest.mark.parametrize("steps", [1, 6, 13])
def test_a_run_resumed_between_accumulated_batches_gives_the_same_numbers(steps):
    settings = {"accumulate": 4, "batch_size": 7, "clip_norm": 0.5, "l1": 1e-3, "l2": 1e-3}
    whole, broken = trainer(**settings), trainer(**settings)
    for _ in range(steps):
        broken.step()
    resumed = trainer(checkpoint=through_a_file(broken.checkpoint()), **settings)
    whole.run()
    resumed.run()

    assert_same_state(whole, resumed)


def test_an_l1_penalty_makes_weights_that_help_little_small():
    free, held = trainer(classifier(), epochs=60), trainer(classifier(), epochs=60, l1=0.02)
    free.run()
    held.run()
    sizes = [np.median(np.abs(run.parameters.of("hidden")["weight"])) for run in (free, held)]

    assert sizes[1] < 0.5 * sizes[0]


def test_a_rate_that_would_diverge_is_tamed_by_clipping():
    data = clouds()
    data.features *= 1e4
    settings = {"optimizer": {"kind": "sgd", "rate": 0.01}, "epochs": 20}
    run = trainer(classifier(), data, clip_norm=1.0, **settings)
    run.run()

    assert run.divergence is None
    assert np.isfinite(run.parameters.vector).all()
