"""The numbers of one example, against central differences of the loss."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.dataset import prepare
from engine.project.templates import open_template
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


def test_a_frozen_neuron_has_the_numbers_that_it_would_learn_by(dataset):
    graph = xor_project().graph
    graph.set_frozen("neuron_1", True)
    learning = WorkedExamples(xor_project().graph, dataset, seed=1).run(2, {}, "neuron_1")
    frozen = WorkedExamples(graph, dataset, seed=1)

    assert frozen.run(2, {}, "neuron_1").down == learning.down
    assert frozen.fits(graph, dataset, seed=1)
    assert not frozen.fits(xor_project().graph, dataset, seed=1)


def test_each_neuron_of_those_that_share_weights_has_a_slope_of_its_own(dataset):
    graph = xor_project().graph
    graph.share("neuron_2", "neuron_1")
    examples = WorkedExamples(graph, dataset, seed=1)
    weights = {("neuron_1", "weight"): np.array([0.5, -2.0]), ("neuron_1", "bias"): np.ones(1)}
    one, other = (examples.run(2, weights, f"neuron_{i}") for i in (1, 2))

    assert one.z == other.z
    assert one.bias == other.bias == 1
    assert one.down != other.down  # what reads them weighs them otherwise


def test_a_neuron_that_is_off_has_no_numbers(dataset):
    graph = xor_project().graph
    graph.set_switch("neuron_1", "muted")

    with pytest.raises(KeyError):
        WorkedExamples(graph, dataset, seed=1).run(2, {}, "neuron_1")


def test_a_neuron_that_computes_step_by_step_has_no_one_sum_to_show():
    project = open_template("feedback")
    examples = WorkedExamples(project.graph, prepare(project.data), seed=1)

    for node_id in ("neuron_1", "neuron_4"):
        with pytest.raises(KeyError):
            examples.run(0, {}, node_id)
