"""First weights are known before a plan is made."""

from __future__ import annotations

import numpy as np

from engine.graph.infer import infer
from engine.plan.initial import initial_weights
from engine.plan.parameters import Parameters
from tests.tools.sample_projects import iris_project


def test_first_weights_are_those_that_parameters_start_with():
    graph = iris_project().graph
    inference = infer(graph)
    parameters = Parameters(graph, inference)
    parameters.initialize(seed=7)
    expected = parameters.to_dict()
    found = initial_weights(inference, seed=7)

    assert found.keys() == expected.keys()
    assert all(np.array_equal(found[key], expected[key]) for key in expected)
