"""Stopping early, lowering the rate on plateaus, and averaged weights, in whole runs."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from engine.evaluation.evaluate import evaluate
from engine.training.control import StopReason
from engine.training.patience import Patience
from engine.training.settings import ObjectiveSettings
from tests.engine.plan.networks import classifier, clouds, graph, node
from tests.engine.training.test_trainer import assert_same_state, through_a_file, trainer

OVERFITTING = {"optimizer": {"kind": "adam", "rate": 0.1}, "epochs": 400, "patience": 4}


def overfitting(**settings):
    """A network with far more weights than examples."""
    data = clouds()
    rng = np.random.default_rng(4)
    data.targets = np.where(rng.random(90) < 0.3, rng.integers(0, 3, 90), data.targets)
    return trainer(classifier(hidden=40), data, **(OVERFITTING | settings))


def test_a_run_stops_when_the_validation_loss_has_not_fallen_and_brings_the_best_weights_back():
    run = overfitting()
    reason = run.run()
    epochs, losses = run.telemetry.curves["loss/validation"].points()
    best = int(np.argmin(losses))
    now = evaluate(run.graph, run.weights(), run.dataset, "validation")

    assert reason is StopReason.EARLY
    assert run.finished
    assert len(losses) == best + 1 + 4
    assert run.epoch == epochs[-1] < 400
    assert now["loss"] == pytest.approx(losses[best], rel=1e-5)
    assert run.step() is StopReason.EARLY


def test_without_patience_all_epochs_are_trained():
    run = overfitting(patience=0, epochs=30)

    assert run.run() is StopReason.FINISHED
    assert run.epoch == 30


def test_a_run_that_ends_before_its_patience_keeps_the_best_weights_too():
    run = overfitting(epochs=30, patience=29)
    assert run.run() is StopReason.FINISHED
    losses = run.telemetry.curves["loss/validation"].points()[1]
    now = evaluate(run.graph, run.weights(), run.dataset, "validation")

    assert now["loss"] == pytest.approx(losses.min(), rel=1e-5)


def test_without_validation_examples_the_loss_in_training_is_watched():
    data = clouds()
    data.parts["validation"] = []
    run = trainer(
        classifier(), data, optimizer={"kind": "sgd", "rate": 1e-12}, epochs=50, patience=3
    )

    assert run.run() is StopReason.EARLY
    assert run.epoch == 4


@pytest.mark.parametrize("steps", [3, 12, 33])
def test_a_run_with_patience_resumes_bit_for_bit(steps):
    settings = {"optimizer": {"kind": "adam", "rate": 0.1, "schedule": "plateau"}}
    whole, broken = overfitting(**settings), overfitting(**settings)
    for _ in range(steps):
        broken.step()
    checkpoint = through_a_file(broken.checkpoint())
    resumed = trainer(whole.graph, whole.dataset, checkpoint, **(OVERFITTING | settings))
    whole.run()
    resumed.run()

    assert_same_state(whole, resumed)


def test_more_patience_lets_a_stopped_run_go_on():
    stopped = overfitting()
    stopped.run()
    more = trainer(
        stopped.graph, stopped.dataset, stopped.checkpoint(), **(OVERFITTING | {"patience": 9})
    )

    assert not more.finished
    assert more.step() is None


# Plateaus


@pytest.mark.witness
@pytest.mark.parametrize(("patience", "threshold"), [(0, 0.0001), (2, 0.1), (3, 0.0)])
def test_plateaus_are_those_of_torch(patience, threshold, torch):
    losses = np.abs(np.random.default_rng(patience).normal(1, 0.3, 60)) + np.geomspace(1, 0.1, 60)
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    theirs = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=0.5, patience=patience, threshold=threshold, eps=0
    )
    schedule = {"kind": "plateau", "drop": 0.5, "patience": patience, "threshold": threshold}
    run = trainer(classifier(), optimizer={"kind": "adam", "schedule": schedule})
    for loss in losses:
        theirs.step(loss)
        run._watch.look(lambda losses, loss=loss: loss)

        assert run._watch.factor(run.turns.current.objective) == pytest.approx(
            optimizer.param_groups[0]["lr"]
        )
    assert run._watch.factor(run.turns.current.objective) < 1


def test_the_rate_of_a_run_drops_on_a_plateau():
    schedule = {"kind": "plateau", "patience": 1, "drop": 0.01}
    settings = {"epochs": 12, "batch_size": 64}
    run = trainer(
        classifier(), optimizer={"kind": "sgd", "rate": 1e-12, "schedule": schedule}, **settings
    )
    run.run()

    assert run._watch.factor(run.turns.current.objective) < 1e-6


def test_a_loss_that_is_no_number_is_never_lower():
    patience = Patience()

    assert not patience.is_lower(float("nan"))
    assert patience.is_lower(2.0)
    assert not patience.is_lower(2.0)
    assert patience.waited == 1


def heads(*, second=1.0):
    """Two outputs on their own, each with a loss on the same classes."""
    return graph(
        [
            node("x", "input", shape=[4]),
            node("a", "dense", units=3, activation="softmax"),
            node("b", "dense", units=3, activation="softmax"),
            node("of_a", "loss"),
            node("of_b", "loss", weight=second),
        ],
        *("x>a", "x>b", "a>of_a.prediction", "b>of_b.prediction"),
    )


def test_an_objective_on_a_plateau_is_one_whose_own_loss_no_longer_falls():
    schedule = {"kind": "plateau", "patience": 2, "drop": 0.1}
    learns, stands = {"rate": 0.02}, {"rate": 1e-12}
    objectives = [
        ObjectiveSettings(
            name=name,
            losses=[f"of_{name}"],
            trains=[name],
            optimizer={"kind": "sgd", "schedule": schedule, **rate},
        )
        for name, rate in (("a", learns), ("b", stands))
    ]
    run = trainer(heads(second=100.0), objectives=objectives, epochs=12)
    run.run()
    own = run.telemetry.curves["loss/of_a/validation"].points()[1]

    assert all(later < before for before, later in pairwise(own))
    assert [run._watch.factor(objective) for objective in run.turns.objectives] == [
        1,
        pytest.approx(0.1**3),
    ]


# Where nothing counts in validation


def without_labels(part):
    data = clouds()
    data.present = np.ones(len(data.targets), bool)
    data.present[data.part(part)] = False
    return data


def test_a_loss_for_which_nothing_counts_in_validation_leaves_the_others_to_be_watched():
    drawn = heads()
    rebuilds = node("of_b", "loss", loss="squared_error")
    drawn = graph(
        [*(n for n in drawn.nodes if n.id != "of_b"), rebuilds, node("all", "constant", shape=[3])],
        *("x>a", "x>b", "a>of_a.prediction", "b>of_b.prediction", "all>of_b.target"),
    )
    run = trainer(drawn, without_labels("validation"), epochs=8, patience=3)

    assert run.run() is StopReason.FINISHED
    latest = run.telemetry.latest()
    assert latest["loss/validation"] == latest["loss/of_b/validation"] > 0
    assert np.isnan(latest["loss/of_a/validation"])


def test_where_nothing_at_all_counts_in_validation_training_is_watched():
    run = trainer(classifier(), without_labels("validation"), epochs=8, patience=3)

    assert run.run() is StopReason.FINISHED
    assert np.isnan(run.telemetry.latest()["loss/validation"])


# Averages


AVERAGING = {"optimizer": {"kind": "averaged_sgd", "rate": 0.3, "start": 5}, "epochs": 12}


def test_the_weights_of_a_run_that_averages_are_the_averages():
    run = trainer(classifier(), **AVERAGING)
    run.run()
    average = run.turns.current.objective.slots["average"]
    weights = run.checkpoint().weights

    assert not np.array_equal(average, run.parameters.vector)
    for key, view in run.parameters.views(average).items():
        np.testing.assert_array_equal(weights[key], view)
        np.testing.assert_array_equal(run.weights()[key], view)


def test_the_result_of_an_objective_is_a_view_of_what_is_used_in_the_end():
    averaging, plain = trainer(classifier(), **AVERAGING), trainer(classifier())

    assert averaging.turns.current.objective.result == {}  # nothing was averaged yet
    averaging.step()
    found = averaging.turns.current.objective.result
    assert found.keys() == averaging.parameters.to_dict().keys()
    average = averaging.turns.current.objective.slots["average"]
    assert all(np.shares_memory(view, average) for view in found.values())
    assert plain.turns.current.objective.result == {}


def test_what_is_measured_of_a_run_that_averages_is_the_average():
    run = trainer(classifier(), **AVERAGING)
    run.run()
    now = evaluate(run.graph, run.weights(), run.dataset, "validation")

    assert run.telemetry.latest()["loss/validation"] == pytest.approx(now["loss"], rel=1e-6)


@pytest.mark.parametrize("steps", [1, 8, 31])
@pytest.mark.parametrize("patience", [0, 5])
def test_a_run_that_averages_resumes_bit_for_bit(steps, patience):
    settings = AVERAGING | {"patience": patience}
    whole, broken = trainer(**settings), trainer(**settings)
    for _ in range(steps):
        broken.step()
    resumed = trainer(checkpoint=through_a_file(broken.checkpoint()), **settings)
    whole.run()
    resumed.run()

    assert_same_state(whole, resumed)


@pytest.mark.parametrize(
    "optimizer", ["implicit_sgd", "adagrad", "adadelta", "nadam", "lion", "averaged_sgd"]
)
def test_every_new_optimiser_teaches_a_classifier(optimizer):
    rates = {"lion": 0.005, "adagrad": 0.1, "nadam": 0.02, "averaged_sgd": 0.3}
    settings = {"kind": optimizer} | ({"rate": rates[optimizer]} if optimizer in rates else {})
    run = trainer(classifier(), optimizer=settings, epochs=60)
    run.run()

    assert run.telemetry.latest()["accuracy/validation"] >= 0.9
