"""A run that stops early is over, and says so, in the window."""

from __future__ import annotations

from engine.project.project import Project
from gui.document.document import Document
from gui.training.controller import State, TrainingController
from tests.gui.training.test_controller import reach

STALLED = {"optimizer": {"kind": "sgd", "rate": 1e-12}, "patience": 3}


def test_a_run_that_stops_early_is_finished(qtbot, controller, document):
    document.set_training(document.training.replaced(**STALLED))
    reach(qtbot, controller, State.FINISHED, controller.train)

    assert controller.telemetry.progress.epoch == 4
    assert document.runs[0].epochs == 4


def test_training_again_after_an_early_stop_begins_a_new_run(qtbot, controller, document):
    document.set_training(document.training.replaced(**STALLED))
    reach(qtbot, controller, State.FINISHED, controller.train)
    reach(qtbot, controller, State.FINISHED, controller.train)

    assert [run.epochs for run in document.runs] == [4, 4]


def test_more_patience_lets_the_same_run_go_on(qtbot, controller, document):
    document.set_training(document.training.replaced(**STALLED))
    reach(qtbot, controller, State.FINISHED, controller.train)
    document.set_training(document.training.replaced(patience=6))
    reach(qtbot, controller, State.FINISHED, controller.train)

    assert [run.epochs for run in document.runs] == [7]


def test_after_an_early_stop_another_rate_lets_the_same_run_go_on(qtbot, controller, document):
    document.set_training(document.training.replaced(**STALLED))
    reach(qtbot, controller, State.FINISHED, controller.train)
    other = {"kind": "sgd", "rate": 1e-13}
    document.set_training(document.training.replaced(optimizer=other))
    reach(qtbot, controller, State.FINISHED, controller.train)

    assert [run.epochs for run in document.runs] == [7]


def reopened(document):
    """The same project as from a file."""
    return Document(
        Project(
            graph=document.graph.copy(),
            data=document.data,
            training=document.training,
            weights=dict(document.weights),
            runs=list(document.runs),
        )
    )


def test_a_run_that_stopped_early_is_over_when_its_project_is_opened_again(
    qtbot, controller, document
):
    document.set_training(document.training.replaced(**STALLED))
    reach(qtbot, controller, State.FINISHED, controller.train)
    again = reopened(document)
    later = TrainingController(again)
    assert later.state is State.FINISHED

    reach(qtbot, later, State.FINISHED, later.train)
    assert [run.epochs for run in again.runs] == [4, 4]
    other = {"kind": "sgd", "rate": 1e-13}
    again.set_training(again.training.replaced(optimizer=other))
    reach(qtbot, later, State.FINISHED, later.train)
    assert [run.epochs for run in again.runs] == [4, 7]
    later.shut_down()


def test_a_run_kept_before_a_data_setting_was_known_goes_on(qtbot, controller, document):
    reach(qtbot, controller, State.FINISHED, controller.train)
    again = reopened(document)
    (run,) = again.runs
    del run.checkpoint.plain["data"]["parts"]
    later = TrainingController(again)

    assert later.state is State.FINISHED
    later.shut_down()


def test_a_run_on_data_that_is_no_longer_known_does_not_go_on(qtbot, controller, document):
    reach(qtbot, controller, State.FINISHED, controller.train)
    again = reopened(document)
    (run,) = again.runs
    run.checkpoint.plain["data"]["source"] = "gone"
    later = TrainingController(again)

    assert later.state is State.IDLE
    later.shut_down()


def test_the_weights_of_a_run_that_averages_are_the_averages(qtbot, controller, document):
    optimizer = {"kind": "averaged_sgd", "rate": 0.1, "start": 3}
    document.set_training(document.training.replaced(optimizer=optimizer))
    reach(qtbot, controller, State.FINISHED, controller.train)
    trainer = controller._session.trainer
    average = trainer.parameters.views(trainer.turns.current.objective.slots["average"])

    for key, array in average.items():
        assert (document.weights[key] == array).all()
        assert (controller.weights()[key] == array).all()
