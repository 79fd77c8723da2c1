"""The numbers of one example, against central differences of the loss."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from gui.inspector.worked import WorkedExamples
from tests.tools.sample_projects import xor_project


@pytest.fixture(scope="module")
def dataset():
    return prepare(xor_project().data)


def loss(examples: WorkedExamples) -> float:
    examples._plan.forward()
    return examples._plan.loss()


@pytest.mark.parametrize("node_id", ["neuron_1", "neuron_3"])
def test_the_loss_changes_with_z_as_stated(dataset, node_id):
    examples = WorkedExamples(xor_project().graph, dataset, seed=3)
    worked = examples.run(5, {}, node_id)
    bias = examples.parameters.of(node_id)["bias"]
    bias += 1e-6
    above = loss(examples)
    bias -= 2e-6
    below = loss(examples)

    assert worked.down == pytest.approx((above - below) / 2e-6, rel=1e-4, abs=1e-7)


def test_z_is_the_weighted_sum_and_a_its_activation(dataset):
    worked = WorkedExamples(xor_project().graph, dataset, seed=1).run(0, {}, "neuron_2")

    assert worked.z == pytest.approx(sum(x * w for x, w in worked.terms) + worked.bias)
    assert worked.a == pytest.approx(np.tanh(worked.z))
    assert worked.slope == pytest.approx(1 - worked.a**2)
    assert worked.up * worked.slope == pytest.approx(worked.down)


def test_a_neuron_without_bias_tells_the_same_slope_of_the_loss(dataset):
    graph = xor_project().graph
    graph.replace_layer("neuron_1", graph.node("neuron_1").layer.replaced(bias=False))
    with_bias = WorkedExamples(xor_project().graph, dataset, seed=1).run(2, {}, "neuron_1")
    without = WorkedExamples(graph, dataset, seed=1).run(2, {}, "neuron_1")

    assert without.bias is None
    assert without.down == pytest.approx(with_bias.down)
