"""Which states of a run are kept to fall back to."""

from __future__ import annotations

import numpy as np
import pytest

from engine.optimizers import OPTIMIZERS
from engine.training.divergence import Snapshot
from engine.training.objectives import Objective
from tests.engine.plan.networks import chain, classifier, compiled, node


def normalised():
    return chain(
        node("x", "input", shape=[4]),
        node("norm", "batch_norm"),
        node("out", "dense", units=3, activation="softmax"),
        node("loss", "loss", loss="categorical_cross_entropy"),
    )


def begun(drawn):
    """An objective, and its snapshot at step 1, when the loss was 0.5."""
    plan = compiled(drawn)
    objective = Objective(plan.losses, plan.parameters, OPTIMIZERS.get("adam")())
    snapshot = Snapshot([objective])
    snapshot.offer(1, 0.5, objective)
    return objective, snapshot


@pytest.mark.parametrize(("loss", "is_kept"), [(0.2, True), (1.0, True), (1.001, False)])
def test_a_state_is_good_while_the_loss_is_at_most_twice_the_first(loss, is_kept):
    objective, snapshot = begun(classifier())
    vector = objective.parameters.vector
    before = vector.copy()
    vector += 1
    snapshot.offer(2, loss, objective)
    after = vector.copy()
    vector.fill(np.nan)
    snapshot.restore()

    assert snapshot.step == (2 if is_kept else 1)
    np.testing.assert_array_equal(vector, after if is_kept else before)


@pytest.mark.parametrize("loss", [np.nan, np.inf])
def test_a_state_whose_loss_is_no_number_is_not_good(loss):
    objective, snapshot = begun(classifier())
    snapshot.offer(2, loss, objective)

    assert snapshot.step == 1


def test_a_state_whose_running_statistics_are_not_finite_is_not_good():
    objective, snapshot = begun(normalised())
    objective.parameters.state.vector[0] = np.inf
    snapshot.offer(2, 0.1, objective)

    assert snapshot.step == 1


def test_the_updates_of_an_optimiser_are_counted_from_the_good_state_on():
    objective, snapshot = begun(classifier())
    for step in (2, 3):
        objective.updates = step
        snapshot.offer(step, 0.4 if step == 2 else 9.0, objective)
    snapshot.restore()

    assert objective.updates == 2
