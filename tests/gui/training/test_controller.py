"""Training from the window: a real thread, a real network, no sleeping."""

from __future__ import annotations

import numpy as np
import pytest

from engine.project.file import open_project, save_project
from engine.training.trainer import Trainer
from gui.document.document import Document
from gui.training.controller import State, TrainingController
from tests.gui.training.conftest import iris_project


def reach(qtbot, controller, state, act):
    """Do something and wait until the controller is in a state."""
    with qtbot.waitSignal(
        controller.state_changed, timeout=10_000, check_params_cb=lambda s: s is state
    ):
        act()


def run_a_while(qtbot, controller):
    """Train until the window has been refreshed, and so in the middle of a run."""
    with qtbot.waitSignal(controller.refreshed, timeout=10_000):
        controller.train()


def settle(qtbot, controller, act):
    """Do something and wait until the controller rests, whatever the state."""
    resting = (State.PAUSED, State.FINISHED, State.FAILED)
    with qtbot.waitSignal(
        controller.state_changed, timeout=10_000, check_params_cb=lambda s: s in resting
    ):
        act()


def same_weights(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)


def test_training_loads_the_data_runs_and_finishes(qtbot, controller, document):
    states = []
    controller.state_changed.connect(states.append)

    reach(qtbot, controller, State.FINISHED, controller.train)

    assert states == [State.LOADING, State.RUNNING, State.FINISHED]
    assert document.dataset is not None
    assert controller.telemetry.progress.epoch == 20


def test_a_finished_run_leaves_its_weights_and_itself_in_the_document(qtbot, controller, document):
    reach(qtbot, controller, State.FINISHED, controller.train)

    (run,) = document.runs
    assert document.modified
    assert run.id == "run_1"
    assert run.metrics["validation"].keys() == {"loss", "accuracy"}
    assert set(document.weights) == {
        (node, name) for node in ("dense_1", "dense_2") for name in ("weight", "bias")
    }


def test_the_window_and_the_engine_alone_learn_the_same_bit_for_bit(qtbot, controller, document):
    reach(qtbot, controller, State.FINISHED, controller.train)
    alone = Trainer(document.graph, document.dataset, document.training)
    alone.run()

    assert same_weights(document.weights, alone.parameters.to_dict())


def test_pause_stops_within_the_epoch_and_train_goes_on_bit_for_bit(qtbot, controller, document):
    document.set_training(document.training.replaced(epochs=1_000_000))
    run_a_while(qtbot, controller)
    reach(qtbot, controller, State.PAUSED, controller.pause)
    stopped_at = controller.telemetry.progress.step
    document.set_training(document.training.replaced(epochs=stopped_at // 8 + 3))
    reach(qtbot, controller, State.FINISHED, controller.train)
    alone = Trainer(document.graph, document.dataset, document.training)
    alone.run()

    assert 0 < stopped_at < 8_000_000
    assert len(document.runs) == 1
    assert same_weights(document.weights, alone.parameters.to_dict())


def test_a_step_trains_one_batch(qtbot, controller):
    settle(qtbot, controller, controller.step)
    settle_first = controller.telemetry.progress.step
    controller.step()
    qtbot.waitUntil(lambda: controller.state is State.PAUSED)

    assert settle_first == 1
    assert controller.telemetry.progress.step == 2


def test_reset_in_the_middle_of_an_epoch_forgets_the_weights(qtbot, controller, document):
    document.set_training(document.training.replaced(epochs=1_000_000))
    run_a_while(qtbot, controller)
    controller.reset()

    assert controller.state is State.IDLE
    assert controller.telemetry is None
    assert document.weights == {}


def test_an_edit_while_training_does_not_change_the_run(qtbot, controller, document):
    document.set_training(document.training.replaced(epochs=1_000_000))
    run_a_while(qtbot, controller)
    document.set_field("dense_1", "units", 5)
    reach(qtbot, controller, State.PAUSED, controller.pause)

    assert controller.weights()["dense_1", "weight"].shape == (8, 4)


def test_a_changed_network_begins_a_new_run_and_says_so(qtbot, controller, document):
    settle(qtbot, controller, controller.step)
    document.set_field("dense_1", "units", 5)
    with qtbot.waitSignal(controller.message) as said:
        settle(qtbot, controller, controller.step)

    assert said.args == ["The network or the data has changed, so a new run begins."]
    assert [run.id for run in document.runs] == ["run_1", "run_2"]
    assert document.weights["dense_1", "weight"].shape == (5, 4)


def test_what_is_frozen_stays_as_it_is_when_other_data_or_another_head_is_learnt(
    qtbot, controller, document
):
    document.set_training(document.training.replaced(epochs=2))
    settle(qtbot, controller, controller.train)
    learnt = dict(document.weights)
    document.set_frozen(["dense_1"], True)
    document.set_data(document.data.replaced(seed=7))
    with qtbot.waitSignal(controller.message) as said:
        settle(qtbot, controller, controller.train)

    assert said.args == ["What is frozen stays as it is; all else begins anew."]
    for name in ("weight", "bias"):
        np.testing.assert_array_equal(document.weights["dense_1", name], learnt["dense_1", name])
    assert not np.array_equal(document.weights["dense_2", "weight"], learnt["dense_2", "weight"])

    document.set_field("dense_1", "units", 5)
    settle(qtbot, controller, controller.train)

    assert document.weights["dense_1", "weight"].shape == (5, 4)


def test_settings_changed_while_paused_are_taken_over(qtbot, controller, document):
    settle(qtbot, controller, controller.step)
    document.set_training(document.training.replaced(epochs=3))
    reach(qtbot, controller, State.FINISHED, controller.train)

    assert controller.telemetry.progress.epoch == 3
    assert [run.settings.epochs for run in document.runs] == [3]


def test_more_epochs_let_a_finished_run_go_on(qtbot, controller, document):
    reach(qtbot, controller, State.FINISHED, controller.train)
    document.set_training(document.training.replaced(epochs=25))
    reach(qtbot, controller, State.FINISHED, controller.train)

    assert len(document.runs) == 1
    assert controller.telemetry.progress.epoch == 25


def test_training_a_finished_run_again_begins_a_new_one(qtbot, controller, document):
    reach(qtbot, controller, State.FINISHED, controller.train)
    reach(qtbot, controller, State.FINISHED, controller.train)

    assert [run.id for run in document.runs] == ["run_1", "run_2"]
    assert [run.id for run in controller.earlier_runs(3)] == ["run_1"]


def test_a_reopened_project_goes_on_bit_for_bit(qtbot, controller, document):
    settle(qtbot, controller, controller.step)
    reopened = Document(document.project())
    second = TrainingController(reopened)
    first_state, steps = second.state, second.telemetry.progress.step
    reach(qtbot, second, State.FINISHED, second.train)
    alone = Trainer(document.graph, document.dataset, document.training)
    alone.run()

    assert (first_state, steps) == (State.PAUSED, 1)
    assert [run.id for run in reopened.runs] == ["run_1"]
    assert same_weights(reopened.weights, alone.parameters.to_dict())
    second.shut_down()


def test_a_project_saved_in_the_middle_and_opened_from_its_file_goes_on_bit_for_bit(
    qtbot, controller, document, tmp_path
):
    document.set_training(document.training.replaced(epochs=1_000_000))
    run_a_while(qtbot, controller)
    reach(qtbot, controller, State.PAUSED, controller.pause)
    path = tmp_path / "iris.glassbox"
    save_project(document.project(), path)
    project, notes = open_project(path)
    reopened = Document(project)
    second = TrainingController(reopened)
    shown = second.telemetry.latest()
    epochs = second.telemetry.progress.epoch + 3
    reopened.set_training(reopened.training.replaced(epochs=epochs))
    reach(qtbot, second, State.FINISHED, second.train)
    alone = Trainer(reopened.graph, reopened.dataset, reopened.training)
    alone.run()
    second.shut_down()

    assert notes == []
    assert shown == controller.telemetry.latest()
    assert same_weights(reopened.weights, alone.parameters.to_dict())


def test_a_reopened_project_shows_what_its_weights_compute(qtbot, controller, document):
    reach(qtbot, controller, State.FINISHED, controller.train)
    before = controller.values.on_examples()["dense_2"].copy()
    reopened = Document(document.project())
    reopened.set_dataset(document.dataset)
    second = TrainingController(reopened)

    assert np.array_equal(second.values.on_examples()["dense_2"], before)


def test_divergence_fails_with_the_engines_sentence_and_keeps_good_weights(
    qtbot, controller, document
):
    document.set_field("dense_1", "activation", "relu")
    optimizer = document.training.optimizer.replaced(rate=1e30)
    document.set_training(document.training.replaced(optimizer=optimizer, epochs=50))
    with qtbot.waitSignal(controller.run_failed, timeout=10_000) as failed:
        controller.train()

    assert controller.state is State.FAILED
    assert failed.args[0].startswith("Training diverged at step ")
    assert all(np.isfinite(array).all() for array in document.weights.values())


def test_a_network_that_cannot_run_fails_with_the_compilers_sentence(qtbot, controller, document):
    document.remove(["loss_1"])
    with qtbot.waitSignal(controller.run_failed, timeout=10_000) as failed:
        controller.train()

    assert failed.args == [
        "The network has no loss, so nothing says how good a prediction is. "
        "Add a loss and wire the last layer into it."
    ]


def test_training_without_data_says_what_to_do(qtbot, controller, document):
    document.set_data(None)
    with qtbot.waitSignal(controller.run_failed) as failed:
        controller.train()

    assert failed.args == ["There is no data to learn from. Choose a data set, or drop a CSV file."]


def test_pause_gives_up_loading_at_once(qtbot, document):
    def load(settings, progress):
        while True:
            progress(0.5)

    controller = TrainingController(document, load=load)
    reach(qtbot, controller, State.LOADING, controller.train)
    controller.pause()
    controller.shut_down()

    assert controller.state is State.IDLE
    assert document.dataset is None


def test_closing_while_training_stops_the_thread_and_keeps_what_was_learnt(
    qtbot, controller, document
):
    document.set_training(document.training.replaced(epochs=1_000_000))
    run_a_while(qtbot, controller)
    controller.shut_down()

    assert controller.state is State.PAUSED
    assert document.weights
    assert len(document.runs) == 1


def test_another_project_ends_the_run(qtbot, controller, document):
    document.set_training(document.training.replaced(epochs=1_000_000))
    run_a_while(qtbot, controller)
    document.load(iris_project(units=4))

    assert controller.state is State.IDLE
    assert document.weights == {}


def test_weights_without_a_run_are_where_training_starts(qtbot, controller, document):
    given = {
        ("dense_1", "weight"): np.full((8, 4), 0.5, np.float32),
        ("dense_1", "bias"): np.zeros(8, np.float32),
        ("dense_2", "weight"): np.full((3, 8), 0.25, np.float32),
        ("dense_2", "bias"): np.zeros(3, np.float32),
    }
    document.set_weights(given)
    optimizer = document.training.optimizer.replaced(rate=1e-6)
    document.set_training(document.training.replaced(optimizer=optimizer))
    settle(qtbot, controller, controller.step)

    assert document.weights["dense_1", "weight"] == pytest.approx(
        given["dense_1", "weight"], abs=1e-5
    )
