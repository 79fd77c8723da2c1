"""What a network answers at points that are in no data set."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.evaluation.answers import answering, answers
from engine.project.templates import open_template
from engine.training.trainer import Trainer


def trained(template, epochs=1):
    project = open_template(template)
    dataset = prepare(project.data)
    trainer = Trainer(project.graph, dataset, project.training.replaced(epochs=epochs))
    trainer.run()
    return project.graph, trainer.parameters.weights(), dataset


def test_points_that_are_examples_get_the_answers_of_those_examples() -> None:
    graph, weights, dataset = trained("xor", epochs=40)
    found = answers(graph, weights, dataset, dataset.features[dataset.test])
    told = found[0] > 0.5

    assert found.shape == (1, len(dataset.test))
    assert found.base is None  # so that nothing else is kept in memory with it
    np.testing.assert_array_equal(told, dataset.targets[dataset.test].ravel() == 1)


@pytest.mark.parametrize(
    ("template", "node"), [("xor", "neuron_3"), ("iris", "dense_2"), ("gru_forecast", "dense_1")]
)
def test_the_node_before_the_loss_answers(template, node) -> None:
    assert answering(open_template(template).graph) == node


def test_points_that_the_network_cannot_take_have_no_answer() -> None:
    graph, weights, dataset = trained("iris")

    assert answers(graph, weights, dataset, np.zeros((5, 2), np.float32)) is None


def test_where_nothing_is_drawn_nothing_answers() -> None:
    graph = open_template("empty").graph
    dataset = prepare(open_template("xor").data)

    assert answering(graph) == ""
    assert answers(graph, {}, dataset, dataset.features[:3]) is None
