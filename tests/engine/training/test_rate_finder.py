"""The search for a learning rate."""

from __future__ import annotations

import numpy as np
import pytest

from engine.training.control import Control
from engine.training.rate_finder import find_rate
from engine.training.settings import TrainingSettings
from tests.engine.plan.networks import classifier, clouds
from tests.engine.training.test_trainer import trainer


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
    assert found.losses[-1] <= 4 * found.losses.min()


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
        if share >= 0.5:
            control.stop()

    found = search(control=control, progress=progress, highest=1e-3)

    assert shares[-1] == 0.5
    assert len(found.rates) == 50
