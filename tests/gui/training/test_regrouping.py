"""A paused run goes on after its neurons were collapsed or its layer expanded."""

import numpy as np
import pytest

from engine.graph.regroup import expand
from engine.project.file import open_project, save_project
from engine.training.trainer import Trainer
from gui.document.document import Document
from gui.training.controller import State, TrainingController
from tests.gui.training.conftest import iris_project


@pytest.fixture
def paused(qtbot, controller, document):
    """A run that has made three steps."""
    for _ in range(3):
        with qtbot.waitSignal(
            controller.state_changed, timeout=10_000, check_params_cb=lambda s: s is State.PAUSED
        ):
            controller.step()
    return controller


def finish(qtbot, controller):
    with qtbot.waitSignal(
        controller.state_changed, timeout=10_000, check_params_cb=lambda s: s is State.FINISHED
    ):
        controller.train()


def outputs(document, weights):
    """What the first layer puts out for one flower, whether it is a layer or neurons."""
    x = np.array([0.3, -0.2, 0.9, 0.1])
    nodes = [n.id for n in document.graph.nodes if n.layer.kind == "neuron"] or ["dense_1"]
    rows = [weights[i, "weight"].reshape(-1, 4) @ x + weights[i, "bias"] for i in nodes]
    return np.concatenate([np.atleast_1d(row) for row in rows])


def test_resume_goes_on_with_the_same_run_weights_and_optimiser(qtbot, paused, document):
    said = []
    paused.message.connect(said.append)
    regrouping = expand(document.graph, "dense_1")
    whole = Trainer(document.graph.copy(), document.dataset, document.training)
    document.expand("dense_1")
    assert paused.state is State.PAUSED
    assert paused.shows_run
    finish(qtbot, paused)
    whole.run()

    assert said == []
    assert [run.id for run in document.runs] == ["run_1"]
    expected = regrouping.carry(whole.weights())
    assert document.weights.keys() == expected.keys()
    for key, array in document.weights.items():
        np.testing.assert_allclose(array, expected[key], rtol=1e-3, atol=1e-4, err_msg=key)


def test_undo_after_more_training_keeps_what_was_learnt(qtbot, paused, document):
    document.expand("dense_1")
    finish(qtbot, paused)
    learnt = outputs(document, document.weights)

    document.undo.undo()
    np.testing.assert_allclose(outputs(document, document.weights), learnt, rtol=1e-12)
    assert paused.state is State.FINISHED
    assert paused.shows_run
    document.undo.redo()
    np.testing.assert_allclose(outputs(document, document.weights), learnt, rtol=1e-12)
    document.undo.undo()
    document.set_training(document.training.replaced(epochs=22))
    finish(qtbot, paused)
    assert [run.id for run in document.runs] == ["run_1"]


def test_a_number_set_by_hand_moves_along(qtbot, paused, document):
    document.set_weight("dense_1", "weight", 0, 7.0)
    neurons = document.expand("dense_1")
    assert document.weights[neurons[0], "weight"][0] == 7.0
    finish(qtbot, paused)

    assert abs(document.weights[neurons[0], "weight"][0] - 7.0) < 1.5


def test_a_saved_project_goes_on_with_the_changed_network(qtbot, paused, document, tmp_path):
    document.expand("dense_1")
    path = tmp_path / "neurons.glassbox"
    save_project(document.project(), path)
    opened = Document(open_project(path)[0])
    other = TrainingController(opened)

    assert other.state is State.PAUSED
    finish(qtbot, other)
    other.shut_down()
    assert [run.id for run in opened.runs] == ["run_1"]


def test_a_run_of_another_network_stays_as_it_is(qtbot, paused, document):
    document.set_field("dense_2", "activation", "tanh")
    document.expand("dense_1")

    assert not paused.shows_run
    assert paused.graph.node("dense_1").layer.kind == "dense"


def test_neurons_of_a_run_under_way_are_expanded_for_the_next_one(qtbot, qapp):
    document = Document(iris_project(epochs=100_000))
    controller = TrainingController(document)
    with qtbot.waitSignal(controller.refreshed, timeout=10_000):
        controller.train()
    document.expand("dense_1")

    assert controller.graph.node("dense_1").layer.kind == "dense"
    controller.shut_down()
