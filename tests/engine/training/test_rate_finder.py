"""The search for a learning rate."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.errors import FieldError, ObjectiveError
from engine.project.templates import open_template
from engine.training.control import Control
from engine.training.rate_finder import find_rate
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer
from tests.engine.plan.networks import chain, classifier, clouds, node
from tests.engine.training.test_memory import remembering, series
from tests.engine.training.test_trainer import trainer

STANDING_STILL = {"kind": "sgd", "rate": 1e-30}


def noisy():
    """A network that draws numbers at every step."""
    return chain(
        node("x", "input", shape=[3, 2]),
        node("row", "flatten"),
        node("h", "dense", units=6, activation="tanh"),
        node("drop", "dropout", rate=0.3),
        node("y", "dense", units=1, activation="linear"),
        node("loss", "loss", loss="squared_error"),
    )


def search(optimizer="sgd", **arguments):
    settings = TrainingSettings(optimizer=optimizer, batch_size=16, epochs=30)
    return find_rate(classifier(), clouds(), settings, **arguments)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_suggested_rate_trains_well(optimizer):
    found = search(optimizer)
    run = trainer(classifier(), optimizer={"kind": optimizer, "rate": found.suggestion}, epochs=40)
    run.run()

    assert 1e-4 < found.suggestion < 3
    assert run.telemetry.latest()["accuracy/validation"] >= 0.9


@pytest.mark.parametrize("seed", range(4))
def test_batches_that_happen_to_be_easier_suggest_no_rate_too_low_to_learn(seed):
    noisy = TrainingSettings(optimizer="adam", batch_size=2, seed=seed)
    found = find_rate(classifier(), clouds(), noisy)

    assert 1e-3 < found.suggestion < 3


def test_rates_rise_evenly_and_every_one_has_a_finite_loss():
    found = search(lowest=1e-6, highest=1.0, steps=50)
    ratios = found.rates[1:] / found.rates[:-1]

    assert len(found.rates) == len(found.losses) <= 50
    assert found.rates[0] == pytest.approx(1e-6)
    np.testing.assert_allclose(ratios, ratios[0])
    assert np.isfinite(found.losses).all()


def test_the_search_ends_where_the_loss_explodes():
    found = search(highest=1e30, steps=200)

    assert len(found.rates) < 200
    assert 1.5 < found.losses[-1] / found.losses[0] <= 4


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("lowest", [0.35, 1.23, 1000.0])
@pytest.mark.parametrize("steps", [1, 2, 3, 5])
def test_a_search_of_few_steps_at_high_rates_ends_well(optimizer, lowest, steps):
    found = search(optimizer, lowest=lowest, highest=3 * lowest, steps=steps)

    assert len(found.rates) == len(found.losses) <= steps
    assert found.suggestion is None or 0 < found.suggestion < 3 * lowest


def test_a_loss_that_falls_below_zero_is_followed_too():
    down = chain(
        node("x", "input", shape=[4]),
        node("y", "dense", units=1, activation="tanh"),
        node("loss", "loss", loss="value"),
    )
    found = find_rate(down, clouds(), TrainingSettings(optimizer="adam"))

    assert len(found.rates) == 100
    assert found.losses.min() < -0.9
    assert 1e-3 < found.suggestion < 1


def test_rates_too_low_to_learn_anything_suggest_none():
    assert search(lowest=1e-12, highest=1e-10).suggestion is None


def test_equal_searches_find_the_same_and_change_nothing():
    weights = trainer(classifier()).weights()
    before = {key: array.copy() for key, array in weights.items()}
    one, other = search(weights=weights), search(weights=weights)

    np.testing.assert_array_equal(one.losses, other.losses)
    for key, array in weights.items():
        np.testing.assert_array_equal(array, before[key])


def test_it_tells_how_far_it_is_and_ends_when_asked():
    control, shares = Control(), []

    def progress(share):
        shares.append(share)
        if share >= 0.75:
            control.stop()

    found = search(control=control, progress=progress, highest=1e-3)

    np.testing.assert_allclose(np.diff(shares), 1 / 200)
    assert shares[-1] == 0.75
    assert len(found.rates) == 50


def test_a_search_that_is_ended_before_it_has_begun_found_nothing():
    control = Control()
    control.stop()
    found = search(control=control)

    assert (len(found.rates), len(found.losses), found.suggestion) == (0, 0, None)


# What is suggested trains


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("template", ["xor", "circles", "moons", "feedback", "transfer"])
def test_the_suggested_rate_trains_a_built_in_project(template, optimizer, seed):
    project = open_template(template)
    data = prepare(project.data)
    settings = project.training.replaced(seed=seed, optimizer=optimizer)
    found = find_rate(project.graph, data, settings)
    chosen = settings.optimizer.replaced(rate=found.suggestion)
    run = Trainer(project.graph, data, settings.replaced(optimizer=chosen))
    run.run()

    assert run.telemetry.latest()["accuracy/validation"] >= 0.85


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_the_suggested_rate_trains_a_network_of_sequences(optimizer, seed):
    project = open_template("one_to_many")
    data = prepare(project.data)
    settings = project.training.replaced(seed=seed, optimizer=optimizer)
    chosen = settings.optimizer.replaced(rate=find_rate(project.graph, data, settings).suggestion)
    run = Trainer(project.graph, data, settings.replaced(optimizer=chosen))
    before = run._measurements["validation"].run()["loss"]
    run.run()

    assert run.telemetry.latest()["loss/validation"] < 0.7 * before


# As the settings say


def losses_of_updates(drawn, data, settings, optimizer, count):
    """The mean loss of the batches of each update of a training."""
    run = Trainer(drawn, data, settings.replaced(optimizer=optimizer, epochs=1000))
    together = settings.batches_per_update(run.steps_per_epoch)
    losses = []
    while len(losses) < count:
        of_one = []
        while len(of_one) < together and (not of_one or run.steps_done % run.steps_per_epoch):
            run.step()
            of_one.append(run.telemetry.loss)
        losses.append(np.mean(of_one))
    return np.array(losses)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"accumulate": 2},
        {"update": "epoch"},
        {"update": "example"},
        {"clip_norm": 0.3},
        {"clip_value": 0.05},
        {"l2": 0.5},
        {"l1": 0.05, "shuffle": False},
        {"optimizer": "adam"},
    ],
    ids=str,
)
@pytest.mark.parametrize("drawn", [remembering("lstm"), noisy()], ids=["memory", "dropout"])
def test_at_one_rate_the_losses_are_those_of_a_training(drawn, given):
    data, steps, rate = series(np.arange(20)), 12, 0.05
    settings = TrainingSettings(**({"batch_size": 5, "optimizer": "sgd", "seed": 5} | given))
    standing, learning = (
        losses_of_updates(drawn, data, settings, optimizer, steps)
        for optimizer in (STANDING_STILL, settings.optimizer.replaced(rate=rate))
    )
    padded = np.pad(learning - standing, 2, mode="edge")
    expected = standing.mean() + np.convolve(padded, [1 / 12, 1 / 4, 1 / 3, 1 / 4, 1 / 12], "valid")
    found = find_rate(drawn, data, settings, rate, rate * (1 + 1e-9), steps)

    np.testing.assert_allclose(found.losses, expected, rtol=1e-4)
    assert not np.allclose(learning, standing, rtol=1e-3)


# What cannot be searched


@pytest.mark.parametrize(
    ("lowest", "highest"), [(1.0, 0.1), (0.1, 0.1), (0, 1), (-1, 1), (0.1, float("inf"))]
)
def test_rates_that_do_not_rise_are_refused(lowest, highest):
    with pytest.raises(FieldError) as refusal:
        search(lowest=lowest, highest=highest)
    assert str(refusal.value) == (
        "A search for a learning rate needs a lowest rate above 0 and a highest above that, got "
        f"{lowest:g} and {highest:g}. Exchange them, or widen the range."
    )


@pytest.mark.parametrize("place", [-1, 1])
def test_an_objective_that_is_not_there_is_refused(place):
    with pytest.raises(ObjectiveError) as refusal:
        search(objective=place)
    assert str(refusal.value) == (
        f"A search for a learning rate needs the place of an objective, from 0 to 0, got {place}. "
        "Choose one of those in the training settings."
    )
