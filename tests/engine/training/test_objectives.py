"""An objective's updates, beside PyTorch's and in the long run."""

from __future__ import annotations

import numpy as np
import pytest

from engine.optimizers import OPTIMIZERS
from engine.optimizers.base import Optimizer
from engine.training.objectives import Objective
from engine.training.statistics import Statistics
from tests.engine.plan.networks import classifier, compiled


def objective_of(plan, kind="adam", **settings):
    return Objective(plan.losses, plan.parameters, OPTIMIZERS.get(kind)(**settings))


def test_the_rate_follows_the_schedule():
    plan = compiled(classifier())
    objective = objective_of(plan, rate=0.4, schedule={"kind": "step", "every": 2, "drop": 0.5})

    assert [objective.rate(epoch, 8) for epoch in (0, 1.9, 2, 4.5)] == [0.4, 0.4, 0.2, 0.1]


def test_statistics_are_the_norms_of_each_nodes_part():
    plan = compiled(classifier())
    plan.forward()
    plan.backward()
    parameters, statistics = plan.parameters, Statistics(plan.parameters)
    before = parameters.vector.copy()
    statistics.before()
    objective_of(plan, "sgd", rate=0.5).update(0.5, 1.0)
    found = statistics.after()

    for node_id in ("hidden", "out"):
        part = parameters.slice(node_id)
        gradient = np.linalg.norm(parameters.gradient[part])
        assert found[f"gradient/{node_id}"] == pytest.approx(gradient)
        assert found[f"update/{node_id}"] == pytest.approx(
            0.5 * gradient / np.linalg.norm(before[part])
        )


@pytest.mark.witness
@pytest.mark.parametrize("kind", ["adam", "sgd"])
def test_a_classifier_learns_as_in_pytorch(torch, kind):
    plan = compiled(classifier(activation="tanh"), batch=8)
    weights = {
        key: torch.tensor(array, requires_grad=True)
        for key, array in plan.parameters.to_dict().items()
    }
    x, labels = torch.tensor(plan.inputs["x"].T.copy()), plan.targets["loss"].argmax(axis=0)
    if kind == "adam":
        witness = torch.optim.Adam(weights.values(), lr=0.01)
        objective = objective_of(plan, rate=0.01)
    else:
        witness = torch.optim.SGD(weights.values(), lr=0.01, momentum=0.9, nesterov=True)
        objective = objective_of(plan, "sgd", rate=0.01, momentum=0.9, nesterov=True)
    for _ in range(100):
        hidden = torch.tanh(x @ weights["hidden", "weight"].T + weights["hidden", "bias"])
        scores = hidden @ weights["out", "weight"].T + weights["out", "bias"]
        witness.zero_grad()
        torch.nn.functional.cross_entropy(scores, torch.tensor(labels)).backward()
        witness.step()
        objective.step(plan, 0.01)

    for key, array in plan.parameters.to_dict().items():
        np.testing.assert_allclose(array, weights[key].detach().numpy(), rtol=1e-8, atol=1e-10)


class Keeping(Optimizer):
    """Trains like plain gradient descent, and ends with the first weights it saw."""

    kind = "keeping"
    label = "Keeping"
    result = "kept"
    slots = ("kept",)

    def bind_part(self, w, g, slots, spare):
        def update(step, rate):
            if step == 1:
                slots["kept"][:] = w
            w[:] -= rate * g

        return update


def test_an_optimiser_may_end_with_other_parameters_than_it_trains():
    plan = compiled(classifier())
    parameters = plan.parameters
    objective = Objective(plan.losses, parameters, Keeping())
    first = parameters.vector.copy()
    with objective.result_in_place():
        np.testing.assert_array_equal(parameters.vector, first)
    for _ in range(3):
        objective.step(plan, 0.1)
    trained = parameters.vector.copy()

    with objective.result_in_place():
        np.testing.assert_array_equal(parameters.vector, first)
    np.testing.assert_array_equal(parameters.vector, trained)
    assert not np.array_equal(trained, first)


def test_an_optimiser_sees_the_loss_of_its_batch():
    plan = compiled(classifier())
    seen = []

    class Watching(Keeping):
        def bind(self, parameters, gradients, slots, scratch, loss, parts):
            return lambda step, rate: seen.append(loss.item())

    Objective(plan.losses, plan.parameters, Watching()).step(plan, 0.1)

    assert seen == [plan.loss()]
