"""The size of a network."""

from __future__ import annotations

from engine.graph.infer import infer
from engine.graph.model import Graph
from engine.graph.summary import Summary, summarise
from tests.tools.sample_projects import iris_project


def test_a_network_is_summed_up():
    graph = iris_project().graph

    # 4 -> 8 -> 3 -> loss: (4 + 1) 8 + (8 + 1) 3 parameters, 4 8 + 8 3 multiply-adds
    assert summarise(graph, infer(graph)) == Summary(
        layers=2, parameters=67, multiply_adds=56, values=15, deepest_path=4
    )


def test_an_empty_graph_has_no_size():
    assert summarise(Graph(), {}) == Summary(0, 0, 0, 0, 0)


def test_training_takes_parameters_gradients_slots_and_a_batch_of_values_twice():
    summary = Summary(layers=1, parameters=10, multiply_adds=0, values=3, deepest_path=1)

    assert summary.training_bytes(batch=5, slots=2) == 4 * (10 * 4 + 3 * 5 * 2)
