"""Several losses on one graph: what is minimised is the sum of all, each times its weight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engine.plan.networks import compiled, graph, node
from tests.engine.plan.test_compile import check_gradients


def two_ends(first=1.0, second=1.0):
    """x -> hidden -> classes and an amount, each judged by a loss of its own."""
    return graph(
        [
            node("x", "input", shape=[4]),
            node("hidden", "dense", units=5, activation="tanh"),
            node("classes", "dense", units=3, activation="softmax"),
            node("amount", "dense", units=1, activation="linear"),
            node("which", "loss", weight=first),
            node("much", "loss", loss="squared_error", weight=second),
        ],
        *("x>hidden", "hidden>classes", "hidden>amount"),
        *("classes>which.prediction", "amount>much.prediction"),
    )


def test_the_sum_counts_each_loss_by_its_weight():
    plan = compiled(two_ends(0.25, 3.0))
    plan.forward()
    each = plan.each_loss()

    assert set(each) == {"which", "much"}
    assert plan.loss() == pytest.approx(0.25 * each["which"] + 3 * each["much"], rel=1e-12)
    check_gradients(plan)


def test_a_loss_with_a_weight_of_0_teaches_nothing():
    plan = compiled(two_ends(0.0, 1.0))
    plan.forward()
    plan.backward()

    assert plan.loss() == pytest.approx(plan.each_loss()["much"], rel=1e-12)
    assert not plan.parameters.gradient_of("classes").any()
    assert plan.parameters.gradient_of("amount").any()


def test_a_critic_learns_to_tell_what_is_far_apart():
    """With weights 1 and -1, D(fake) - D(real) falls, as Wasserstein's critic wants."""
    drawn = graph(
        [
            node("real", "input", shape=[2]),
            node("fake", "input", shape=[2]),
            node("critic", "dense", units=1, activation="linear"),
            replace(node("again", "dense", units=1, activation="linear"), same_as="critic"),
            node("of_real", "loss", loss="value", weight=-1),
            node("of_fake", "loss", loss="value"),
        ],
        *("real>critic", "fake>again"),
        *("critic>of_real.prediction", "again>of_fake.prediction"),
    )
    plan = compiled(drawn)
    plan.forward()
    plan.backward()
    between = (plan.inputs["fake"] - plan.inputs["real"]).mean(axis=1)

    check_gradients(plan)
    np.testing.assert_allclose(
        plan.parameters.views(plan.parameters.gradient)["critic", "weight"],
        between[None],
        rtol=1e-9,
    )
    assert plan.loss() == pytest.approx(
        plan.each_loss()["of_fake"] - plan.each_loss()["of_real"], rel=1e-12
    )


def test_the_weight_is_on_the_card():
    assert two_ends(2.0).node("which").layer.line() == "classes · × 2"
    assert two_ends().node("which").layer.line() == "classes"


@pytest.mark.witness
def test_weighted_losses_are_those_of_pytorch(torch):
    plan = compiled(two_ends(0.25, 3.0))
    weights = {
        key: torch.tensor(array, requires_grad=True)
        for key, array in plan.parameters.to_dict().items()
    }

    def dense(name, x):
        return weights[name, "weight"] @ x + weights[name, "bias"][:, None]

    hidden = torch.tanh(dense("hidden", torch.tensor(plan.inputs["x"])))
    labels = torch.tensor(plan.targets["which"].argmax(0))
    which = torch.nn.functional.cross_entropy(dense("classes", hidden).T, labels)
    much = ((dense("amount", hidden) - torch.tensor(plan.targets["much"])) ** 2).mean()
    total = 0.25 * which + 3 * much
    total.backward()
    plan.forward()
    plan.backward()

    assert plan.loss() == pytest.approx(total.item(), rel=1e-9)
    for key, gradient in plan.parameters.views(plan.parameters.gradient).items():
        expected = weights[key].grad.numpy()
        np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-12)
