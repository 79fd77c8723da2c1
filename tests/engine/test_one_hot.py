"""Classes as rows with a one, made when they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data import DataSettings
from engine.data.dataset import prepare
from engine.graph.infer import infer
from engine.one_hot import OneHot
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.feed import Examples, Feed
from engine.plan.parameters import Parameters
from engine.plan.steps import run
from engine.project.templates import open_template
from engine.randomness import NodeStreams
from tests.tools.allocation import SLACK, most_allocated


def test_a_row_has_a_one_at_its_class_and_none_where_there_is_no_class():
    rows = OneHot(np.array([2, 0, -1, 1]), 3, (3,))

    assert (len(rows), rows.shape, rows.dtype) == (4, (4, 3), np.float32)
    np.testing.assert_array_equal(rows, [[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 1, 0]])
    np.testing.assert_array_equal(rows[np.array([3, 0])], [[0, 1, 0], [0, 0, 1]])
    np.testing.assert_array_equal(rows[1], [1, 0, 0])


def test_each_step_of_a_sequence_has_a_row_of_its_own():
    rows = OneHot(np.array([[1, 0], [0, -1]]), 2, (2, 2))

    np.testing.assert_array_equal(rows[1:], [[[1, 0], [0, 0]]])


@pytest.mark.parametrize("template", ["digits", "tagging"])
def test_a_plan_is_fed_with_the_rows_of_its_examples_and_takes_no_memory_for_it(template):
    project = open_template(template)
    dataset = prepare(project.data or DataSettings())
    graph, inference = project.graph, infer(project.graph)
    parameters = Parameters(graph, inference)
    examples = Examples(graph, dataset, parameters.dtype)
    plan = compile_plan(
        *(graph, inference, parameters, 32, Mode.TRAIN, NodeStreams(0)),
        weighted=examples.weighted,
    )
    chosen = np.arange(32) * 3
    steps = Feed(plan, examples).loading(chosen)
    run(steps)
    ((node_id, target),) = plan.targets.items()
    loss = graph.node(node_id).layer.loss
    wanted = dataset.targets_as(loss.target, target.shape[:-1])[chosen]

    np.testing.assert_array_equal(np.moveaxis(target, -1, 0), wanted)
    assert set(np.unique(target)) <= {0.0, 1.0}
    assert most_allocated(lambda: run(steps)) <= SLACK
