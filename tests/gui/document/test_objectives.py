"""Objectives stay true to the graph while it is edited."""

from __future__ import annotations

from engine.project.project import Project
from gui.document.document import Document
from tests.engine.training.adversaries import adversaries, generator, settings


def document():
    return Document(Project(graph=adversaries(), training=settings()))


def test_a_node_that_is_removed_leaves_the_objectives_and_comes_back_with_undo(qapp):
    edited = document()
    before = edited.training
    edited.remove(["fooled", "g2", "d1"])
    names = [(one.losses, one.trains) for one in edited.training.objectives]

    assert names == [(("says_real", "says_fake"), ("d2",)), ((), ("g1",))]
    edited.undo.undo()
    assert edited.training == before
    assert "fooled" in edited.graph
    assert edited.undo.index() == 0


def test_removing_what_no_objective_names_leaves_the_training_settings(qapp):
    edited = document()
    before = edited.training
    edited.remove(["zero"])

    assert edited.training is before


def test_the_problems_are_those_of_the_objectives(qapp):
    edited = document()
    assert not any("objective" in problem.message for problem in edited.problems)
    edited.set_training(edited.training.replaced(objectives=[generator(losses=["gone"])]))

    assert any("'gone', which is gone" in problem.message for problem in edited.problems)
    edited.undo.undo()
    assert not any("objective" in problem.message for problem in edited.problems)


def test_a_project_that_is_opened_has_its_problems_at_once(qapp):
    wrong = settings(generator(losses=["gone"]))
    opened = Document(Project(graph=adversaries(), training=wrong))

    assert any("'gone', which is gone" in problem.message for problem in opened.problems)


def test_a_layer_that_becomes_neurons_is_trained_by_the_same_objective(qapp):
    edited = document()
    before = edited.training
    made = edited.expand("g1")
    neurons = tuple(i for i in made if edited.graph.node(i).layer.kind == "neuron")

    assert len(neurons) == 4
    assert edited.training.objectives[1].trains == (*neurons, "g2")
    assert not any(problem.severity == "error" for problem in edited.problems)
    layer = edited.collapse(neurons)
    assert edited.training.objectives[1].trains == (layer, "g2")
    edited.undo.undo()
    assert edited.training.objectives[1].trains == (*neurons, "g2")
    edited.undo.undo()
    assert edited.training == before
    assert edited.undo.index() == 0
