"""Frozen nodes, and nodes that learn at rates of their own, with every optimiser."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.graph.infer import infer
from engine.optimizers import OPTIMIZERS
from engine.plan.parameters import Parameters
from engine.training.gradients import GradientRules
from engine.training.objectives import Objective
from engine.training.settings import TrainingSettings
from engine.training.statistics import Statistics
from engine.training.trainer import Trainer
from tests.engine.plan.networks import chain, classifier, clouds, compiled, graph, node
from tests.engine.plan.test_compile import check_gradients
from tests.tools import witness_training

KINDS = sorted(kind.kind for kind in OPTIMIZERS)
WITNESSED = sorted(set(KINDS) - {"implicit_sgd", "lion"})


def three_layers(**changes):
    """x -> a -> b -> c -> loss; changes: properties of nodes, by id."""
    nodes = [
        node("x", "input", shape=[4]),
        node("a", "dense", units=5, activation="tanh"),
        node("b", "dense", units=5, activation="tanh"),
        node("c", "dense", units=3, activation="softmax"),
        node("loss", "loss"),
    ]
    return chain(*(replace(n, **changes.get(n.id, {})) for n in nodes))


def decaying(kind):
    """An optimiser that decays weights, where it can."""
    optimizer = OPTIMIZERS.get(kind)()
    decays = any(field.name == "weight_decay" for field, _ in optimizer)
    return optimizer.replaced(weight_decay=0.1) if decays else optimizer


@pytest.mark.parametrize("still", [{"frozen": True}, {"rate": 0.0}], ids=["frozen", "rate 0"])
@pytest.mark.parametrize("kind", KINDS)
def test_weights_that_do_not_learn_stay_as_they_are_bit_for_bit(kind, still):
    drawn = three_layers(a=still, b=still)
    settings = TrainingSettings(
        optimizer=decaying(kind), epochs=3, clip_norm=0.1, l1=0.01, l2=0.01, batch_size=16
    )
    trainer = Trainer(drawn, clouds(), settings)
    before = trainer.weights()
    trainer.run()
    after = trainer.weights()

    for key, array in before.items():
        assert np.array_equal(array, after[key]) == (key[0] in "ab"), key


def test_the_norm_that_clips_counts_what_is_trained_alone():
    plan = compiled(three_layers(a={"frozen": True}))
    parameters = plan.parameters
    parameters.gradient[:] = 100
    ((part, _),) = parameters.parts()
    parameters.gradient[part] = 1
    GradientRules(parameters, TrainingSettings(clip_norm=1.0)).apply()

    assert np.linalg.norm(parameters.gradient[part]) == pytest.approx(1, rel=1e-5)
    assert (parameters.gradient_of("a") == 100).all()


def test_no_gradient_is_worked_out_before_the_first_node_that_learns():
    plan = compiled(three_layers(a={"frozen": True}, b={"frozen": True}))

    assert plan.values["a"][0].gradient is None
    assert plan.values["b"][0].gradient is None
    check_gradients(compiled(three_layers(b={"frozen": True})))


def test_a_frozen_neuron_stays_out_of_the_group_of_those_that_learn():
    nodes = [node(f"n{i}", "neuron") for i in range(4)]
    nodes[1] = replace(nodes[1], frozen=True)
    drawn = graph(
        [
            node("x", "input", shape=[2]),
            *nodes,
            node("y", "neuron"),
            node("loss", "loss", loss="squared_error"),
        ],
        *(f"x>n{i}" for i in range(4)),
        *(f"n{i}>y" for i in range(4)),
        "y>loss.prediction",
    )
    plan = compiled(drawn)
    plan.forward()
    plan.backward()

    assert not plan.parameters.gradient_of("n1").any()
    check_gradients(compiled(drawn))


def test_a_frozen_batch_norm_uses_its_running_statistics_and_leaves_them():
    drawn = chain(
        node("x", "input", shape=[3]),
        node("a", "dense", units=4),
        replace(node("norm", "batch_norm"), frozen=True),
        node("loss", "loss", loss="squared_error"),
    )
    plan = compiled(drawn)
    state = plan.parameters.state.of("norm")
    state["running_mean"][:] = [1, 2, 3, 4]
    state["running_variance"][:] = [4, 9, 16, 25]
    kept = {name: array.copy() for name, array in state.items()}
    plan.forward()
    plan.backward()
    arriving, own = plan.values["a"][0].array, plan.parameters.of("norm")
    normal = (arriving - kept["running_mean"][:, None]) / np.sqrt(
        kept["running_variance"][:, None] + 1e-5
    )

    expected = own["scale"][:, None] * normal + own["shift"][:, None]
    np.testing.assert_allclose(plan.values["norm"][0].array, expected, rtol=1e-12)
    for name, array in kept.items():
        np.testing.assert_array_equal(state[name], array)
    check_gradients(compiled(drawn))


def test_parameters_of_equal_rates_lie_together_and_frozen_ones_at_the_end():
    drawn = three_layers(a={"frozen": True}, b={"rate": 0.5})
    parameters = Parameters(drawn, infer(drawn))

    assert parameters.nodes == ("c", "b", "a")
    assert parameters.parts() == ((slice(0, 18), 1.0), (slice(18, 48), 0.5))
    assert parameters.parts(["a", "b"]) == ((slice(18, 48), 0.5),)


def test_weights_are_taken_by_name_where_the_other_network_is_frozen_elsewhere():
    drawn, other = three_layers(), three_layers(a={"frozen": True})
    ours, theirs = Parameters(drawn, infer(drawn)), Parameters(other, infer(other))
    theirs.initialize(5)
    ours.take(theirs)

    for key, array in theirs.to_dict().items():
        np.testing.assert_array_equal(ours.to_dict()[key], array)


def test_statistics_are_those_of_nodes_that_learn():
    plan = compiled(three_layers(a={"frozen": True}, b={"rate": 2.0}))
    plan.forward()
    plan.backward()
    statistics = Statistics(plan.parameters)
    statistics.before()
    found = statistics.after()

    assert set(found) == {"gradient/b", "gradient/c", "update/b", "update/c"}
    for node_id in "bc":
        norm = np.linalg.norm(plan.parameters.gradient_of(node_id))
        assert found[f"gradient/{node_id}"] == pytest.approx(norm)


@pytest.fixture
def double_torch(torch):
    """Torch that keeps its own running numbers in float64 as well."""
    torch.set_default_dtype(torch.float64)
    yield torch
    torch.set_default_dtype(torch.float32)


@pytest.mark.witness
@pytest.mark.parametrize("kind", WITNESSED)
def test_rates_are_those_of_parameter_groups(double_torch, kind):
    torch = double_torch
    plan = compiled(three_layers(a={"rate": 0.25}, b={"rate": 3.0}), batch=8)
    objective = Objective(plan.losses, plan.parameters, decaying(kind))
    tensors = {
        key: torch.tensor(array, requires_grad=True)
        for key, array in plan.parameters.to_dict().items()
    }
    rate = objective.optimizer.rate
    groups = [
        {"params": [t for key, t in tensors.items() if key[0] == name], "lr": rate * factor}
        for name, factor in (("a", 0.25), ("b", 3.0), ("c", 1.0))
    ]
    witness = witness_training.optimizer(torch, objective.optimizer, groups)
    for _ in range(50):
        plan.forward()
        plan.backward()
        gradients = plan.parameters.views(plan.parameters.gradient)
        for key, tensor in tensors.items():
            tensor.grad = torch.tensor(gradients[key].copy())
        witness.step()
        objective.update(rate, plan.loss())

    for key, array in plan.parameters.to_dict().items():
        theirs = tensors[key].detach().numpy()
        np.testing.assert_allclose(array, theirs, rtol=1e-10, atol=1e-10 * np.abs(theirs).max())


def test_a_rate_of_one_changes_nothing():
    settings = TrainingSettings(epochs=2)
    plain = Trainer(classifier(), clouds(), settings)
    plain.run()
    same = classifier()
    same.set_rate("hidden", 1.0)
    other = Trainer(same, clouds(), settings)
    other.run()

    np.testing.assert_array_equal(plain.parameters.vector, other.parameters.vector)


@pytest.mark.parametrize("decay", [0.0, 0.4])
def test_implicit_steps_are_the_same_whatever_the_order_of_the_parts(decay):
    """One step length for all parts, from the sum of rate times squared gradient."""
    rates = {"a": 0.5, "b": 1.0, "c": 2.0}
    plan = compiled(three_layers(**{name: {"rate": rate} for name, rate in rates.items()}))
    optimizer = OPTIMIZERS.get("implicit_sgd")(weight_decay=decay)
    objective = Objective(plan.losses, plan.parameters, optimizer)
    plan.forward()
    plan.backward()
    before, loss = plan.parameters.vector.copy(), plan.loss()
    gradients = {name: plan.parameters.gradient_of(name).copy() for name in rates}
    objective.update(0.1, loss)

    total = sum(rates[name] * (g @ g) for name, g in gradients.items())
    for name, gradient in gradients.items():
        here = plan.parameters.slice(name)
        step = 0.1 * rates[name] / (1 + 0.1 * total / (2 * loss))
        expected = (before[here] - step * gradient) / (1 + 0.1 * rates[name] * decay)
        np.testing.assert_allclose(plan.parameters.vector[here], expected, rtol=1e-13, atol=1e-15)
