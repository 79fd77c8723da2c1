"""Training: it learns, repeats itself bit for bit, pauses, goes on, and says when it fails."""

from __future__ import annotations

import json
import threading

import numpy as np
import pytest

from engine.errors import DataError, ProjectError, ShapeError
from engine.training.checkpoints import Checkpoint
from engine.training.control import Control, StopReason
from engine.training.settings import TrainingSettings
from engine.training.trainer import Trainer
from tests.engine.plan.networks import chain, classifier, clouds, corners, node, xor

FAST = {"kind": "adam", "rate": 0.02}


def trainer(graph=None, data=None, checkpoint=None, **settings):
    settings = {"optimizer": FAST, "epochs": 6, "batch_size": 16, "seed": 5} | settings
    graph = classifier(dropout=0.2) if graph is None else graph
    data = clouds() if data is None else data
    return Trainer(graph, data, TrainingSettings(**settings), checkpoint=checkpoint)


def through_a_file(checkpoint):
    """As a project file keeps it: arrays, and JSON."""
    arrays = {name: array.copy() for name, array in checkpoint.arrays.items()}
    return Checkpoint(arrays, json.loads(json.dumps(checkpoint.plain)))


def assert_same_state(one, other):
    first, second = one.checkpoint(), other.checkpoint()

    assert first.plain == second.plain
    assert first.arrays.keys() == second.arrays.keys()
    for name, array in first.arrays.items():
        np.testing.assert_array_equal(array, second.arrays[name], err_msg=name)


def test_a_classifier_learns():
    run = trainer(classifier(), epochs=40)
    reason = run.run(Control())

    latest = run.telemetry.latest()

    assert reason is StopReason.FINISHED
    assert run.finished
    assert latest["accuracy/validation"] >= 0.9
    assert latest["loss/train"] < 0.2


def test_xor_is_learned_by_three_neurons():
    run = trainer(xor(), corners(), epochs=300, batch_size=4, seed=1)
    run.run()

    assert run.telemetry.latest()["accuracy/train"] == 1.0


def test_values_are_learned_with_their_own_metrics():
    data = clouds()
    data.kind, data.targets = "values", data.features[:, :1] * 2
    drawn = chain(
        node("x", "input", shape=[4]),
        node("y", "dense", units=1, activation="linear"),
        node("loss", "loss", loss="squared_error"),
    )
    run = trainer(drawn, data, epochs=100)
    run.run()

    latest = run.telemetry.latest()

    assert latest["mae/validation"] < 0.1
    assert latest["rmse/validation"] == pytest.approx(latest["loss/validation"] ** 0.5, rel=1e-4)


def test_the_same_seed_gives_the_same_run_bit_for_bit():
    one, other = trainer(), trainer()
    one.run()
    other.run()

    assert_same_state(one, other)


def test_another_seed_gives_another_run():
    one, other = trainer(), trainer(seed=6)

    assert not np.array_equal(one.parameters.vector, other.parameters.vector)


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "rmsprop", "adamw"])
@pytest.mark.parametrize("steps", [1, 7, 10, 23])
def test_a_run_resumed_from_a_file_gives_the_numbers_of_one_never_interrupted(steps, optimizer):
    settings = {"optimizer": {"kind": optimizer, "schedule": "cosine"}}
    if optimizer == "sgd":
        settings["optimizer"] |= {"momentum": 0.9}
    whole, broken = trainer(**settings), trainer(**settings)
    for _ in range(steps):
        broken.step()
    resumed = trainer(checkpoint=through_a_file(broken.checkpoint()), **settings)
    whole.run()
    resumed.run()

    assert_same_state(whole, resumed)


def test_a_pause_in_the_middle_of_an_epoch_changes_no_number():
    whole, paused = trainer(), trainer()
    whole.run()
    for _ in range(7):
        paused.step()
    control = Control()
    control.pause()
    assert paused.run(control) is StopReason.PAUSED
    control.clear()
    assert paused.run(control) is StopReason.FINISHED

    assert_same_state(whole, paused)


def test_a_pause_from_another_thread_stops_before_the_next_step():
    run = trainer(epochs=1_000_000)
    control = Control()
    reasons = []
    worker = threading.Thread(target=lambda: reasons.append(run.run(control)))
    worker.start()
    while run.telemetry.step < 20:
        pass
    control.pause()
    worker.join(timeout=10)

    assert reasons == [StopReason.PAUSED]
    assert run.telemetry.progress.step == run.steps_done


def test_a_finished_run_goes_on_with_more_epochs():
    once = trainer(epochs=9)
    once.run()
    first = trainer(epochs=4)
    first.run()
    more = trainer(epochs=9, checkpoint=first.checkpoint())

    assert not more.finished
    assert more.epoch == 4
    more.run()
    np.testing.assert_array_equal(more.parameters.vector, once.parameters.vector)


def test_other_data_goes_on_from_the_start_of_the_epoch():
    run = trainer()
    for _ in range(12):
        run.step()
    assert run.epoch == 2
    resumed = trainer(batch_size=32, checkpoint=run.checkpoint())

    assert resumed.epoch == 2
    assert resumed.steps_done == 2 * resumed.steps_per_epoch


def test_a_checkpoint_of_another_network_is_refused():
    run = trainer(classifier(hidden=9))

    with pytest.raises(ShapeError):
        trainer(classifier(hidden=5), checkpoint=run.checkpoint())


def test_an_empty_training_part_is_refused():
    data = clouds()
    data.parts["train"] = []

    with pytest.raises(DataError):
        trainer(data=data)


def test_editing_the_drawing_leaves_the_run_alone():
    drawn = classifier()
    run = trainer(drawn)
    drawn.remove_node("out")

    assert run.run() is StopReason.FINISHED


def test_a_network_of_many_layers_has_a_point_of_every_curve_in_each_epoch():
    layers = [node(f"d{n}", "dense", units=2) for n in range(60)]
    deep = chain(node("x", "input", shape=(4,)), *layers, *classifier().nodes[-2:])
    run = trainer(deep, epochs=4, batch_size=4)
    run.run()

    assert len(run.parameters.nodes) > run.steps_per_epoch
    assert len(run.telemetry.curves["loss/train"]) >= 4
    assert len(run.telemetry.curves["gradient/d0"]) >= 4


def test_telemetry_has_a_curve_for_every_loss_metric_and_node():
    run = trainer()
    run.run()

    assert set(run.telemetry.curves) == {
        "loss/train",
        "loss/validation",
        "accuracy/train",
        "accuracy/validation",
        "gradient/hidden",
        "gradient/out",
        "update/hidden",
        "update/out",
    }
    assert run.telemetry.progress.step == 6 * run.steps_per_epoch
    assert run.telemetry.progress.seconds_left == 0


def test_validation_is_measured_when_an_epoch_ends():
    run = trainer(epochs=3, batch_size=4)  # 18 steps an epoch
    run.run()

    np.testing.assert_array_equal(run.telemetry.curves["loss/validation"].points()[0], [1, 2, 3])


def test_a_learning_rate_that_is_too_high_stops_the_run_and_names_step_and_layer():
    run = trainer(classifier(), optimizer={"kind": "sgd", "rate": 1e30}, epochs=50)
    start = run.parameters.vector.copy()

    reason = run.run()

    assert reason is StopReason.DIVERGED
    assert run.divergence.node == "out"
    assert run.divergence.step <= 5
    assert str(run.divergence) == (
        f"Training diverged at step {run.divergence.step}: the output of Dense (out) is no "
        "longer finite. Lower the learning rate, now 1e+30; the last good weights were kept."
    )
    np.testing.assert_array_equal(run.parameters.vector, start)


def test_the_last_good_weights_are_those_before_it_went_wrong():
    run = trainer(classifier(), epochs=10)
    for _ in range(40):
        run.step()
    good = run.telemetry.loss
    run.parameters.vector[:] *= np.float32(1e30)
    reason = run.run()

    assert reason is StopReason.DIVERGED
    assert np.isfinite(run.parameters.vector).all()
    assert np.abs(run.parameters.vector).max() < 10
    assert run.step() is None
    assert run.telemetry.loss < 3 * good + 1


def test_data_that_is_not_finite_is_named():
    data = clouds()
    data.features[3, 0] = np.nan
    run = trainer(classifier(), data)

    assert run.run() is StopReason.DIVERGED
    assert run.divergence.node == "x"
    assert "Look for missing or infinite values in the data." in str(run.divergence)


def test_targets_that_a_loss_cannot_judge_are_refused_before_training():
    data = clouds()
    data.kind, data.targets = "values", data.features[:, :1]
    drawn = chain(
        node("x", "input", shape=[4]),
        node("y", "dense", units=1, activation="softplus"),
        node("loss", "loss", loss="poisson"),
    )

    with pytest.raises(DataError) as refusal:
        trainer(drawn, data)
    assert str(refusal.value) == (
        f"Poisson needs targets that are never negative, got {data.targets.min():.4g}. Switch "
        "'Standardise target' off in the data settings, or use squared error."
    )


def test_yes_is_a_score_above_zero_behind_a_hinge():
    data = clouds(classes=2)
    data.kind = "binary"
    drawn = chain(
        node("x", "input", shape=[4]),
        node("y", "dense", units=1, activation="linear"),
        node("loss", "loss", loss="hinge"),
    )
    run = trainer(drawn, data, epochs=60)
    run.run()
    plan = run.turns.current.plan
    right = np.mean((plan.values["y"][0].array > 0) == (plan.targets["loss"] > 0.5))

    assert run.telemetry.latest()["accuracy/validation"] >= 0.9
    assert right >= 0.8


def test_training_can_start_from_given_weights():
    first = trainer()
    first.run()
    given = first.parameters.to_dict()
    second = Trainer(first.graph, clouds(), first.settings, weights=given)

    np.testing.assert_array_equal(second.parameters.vector, first.parameters.vector)
    assert second.steps_done == 0


def test_a_run_of_a_few_steps_has_a_training_loss_too():
    run = trainer(epochs=1, batch_size=35)
    run.run()

    np.testing.assert_array_equal(run.telemetry.curves["loss/train"].points()[0], [1])


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("step", None, "The checkpoint needs a whole number under 'step', got None."),
        ("optimizer", 3, "The checkpoint needs a text under 'optimizer', got 3."),
        ("loss_sum", "x", "The checkpoint needs a number under 'loss_sum', got 'x'."),
        ("streams", [], "The checkpoint needs named entries under 'streams', got []."),
    ],
)
def test_a_damaged_checkpoint_is_refused(name, value, sentence):
    run = trainer()
    run.step()
    kept = run.checkpoint()
    kept.plain[name] = value

    with pytest.raises(ProjectError) as caught:
        trainer(checkpoint=kept)

    assert str(caught.value) == f"{sentence} The file is damaged: train again from the start."


def test_a_random_stream_that_is_damaged_is_refused():
    run = trainer()
    run.step()
    kept = run.checkpoint()
    kept.plain["streams"] = {"drop": {"words": ["not a number"]}}

    with pytest.raises(ProjectError):
        trainer(checkpoint=kept)
