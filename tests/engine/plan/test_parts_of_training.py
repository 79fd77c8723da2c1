"""Plans for some of the losses, that train some of the nodes."""

from __future__ import annotations

import numpy as np
import pytest

from engine.errors import CompileError
from engine.graph.infer import infer
from engine.plan.compile import compile_plan
from engine.plan.extent import Mode
from engine.plan.parameters import Parameters
from tests.engine.plan.networks import compiled
from tests.engine.plan.test_loss_weights import two_ends


def plan_of(whole, **choice):
    """A plan for a part, over the parameters and on the batch of a whole one."""
    drawn = two_ends()
    plan = compile_plan(drawn, infer(drawn), whole.parameters, 6, Mode.TRAIN, **choice)
    plan.inputs["x"][...] = whole.inputs["x"]
    for node_id, target in plan.targets.items():
        target[...] = whole.targets[node_id]
    return plan


@pytest.fixture
def whole():
    return compiled(two_ends())


def gradients(plan):
    plan.parameters.gradient[:] = np.nan
    plan.forward()
    plan.backward()
    return {n: plan.parameters.gradient_of(n).copy() for n in plan.parameters.nodes}


def test_only_what_the_losses_depend_on_runs(whole):
    plan = plan_of(whole, losses=["much"])
    plan.forward()
    whole.forward()

    assert list(plan.values) == ["x", "hidden", "amount", "much"]
    assert plan.losses == ("much",)
    assert plan.loss() == whole.each_loss()["much"]


def test_the_gradient_of_what_no_loss_depends_on_is_zero(whole):
    found = gradients(plan_of(whole, losses=["much"]))

    assert found["amount"].any()
    assert not found["classes"].any()


def test_gradients_flow_only_to_what_is_trained(whole):
    expected = gradients(whole)
    plan = plan_of(whole, trained=["classes"])
    found = gradients(plan)

    np.testing.assert_array_equal(found["classes"], expected["classes"])
    assert np.isnan(found["hidden"]).all()  # not so much as touched
    assert plan.values["hidden"][0].gradient is None


def test_what_is_trained_through_others_gets_the_same_gradient(whole):
    expected = gradients(whole)
    found = gradients(plan_of(whole, trained=["hidden"]))

    np.testing.assert_array_equal(found["hidden"], expected["hidden"])
    assert np.isnan(found["amount"]).all()


def test_a_plan_for_a_loss_that_is_not_there_is_refused():
    drawn = two_ends()
    inference = infer(drawn)

    with pytest.raises(CompileError, match="has no loss"):
        compile_plan(drawn, inference, Parameters(drawn, inference), 2, Mode.TRAIN, losses=["gone"])
