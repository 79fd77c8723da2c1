"""What the gradient, the updates and the outputs of a node say about it."""

import math

import pytest

from engine.diagnosis.health import health


def test_a_gradient_like_the_others_is_healthy():
    found = health(0.02, 1e-3, strongest=0.1)

    assert found.level == "ok"
    assert found.sentence == "Healthy: the gradient's norm is 2.0e-02."


def test_a_gradient_far_below_the_strongest_is_small():
    found = health(2e-6, 1e-4, strongest=0.1)

    assert found.level == "warning"
    assert found.sentence == "The gradient is small: 2.0e-05 of the strongest in the network."


def test_gradients_that_have_all_faded_are_no_sickness():
    assert health(2e-6, 1e-6, strongest=4e-6).level == "ok"


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_not_finite_is_bad(value):
    assert health(value).level == "bad"
    assert health(0.1, value).level == "bad"


def test_an_exploding_gradient_and_a_step_too_large_are_bad():
    assert health(5e4, 1e-3, strongest=5e4).level == "bad"
    assert health(0.1, 0.8, strongest=0.1).sentence == (
        "One step changes 80% of the weights' size. Lower the rate."
    )


def test_units_that_are_always_zero_are_dead():
    assert health(0.0, 0.0, strongest=0.1, dead=1.0).level == "bad"
    assert health(0.1, 1e-3, strongest=0.1, dead=0.6).level == "warning"


def test_a_node_that_no_gradient_reaches_is_bad():
    assert health(0.0, 0.0, strongest=0.1).level == "bad"


def test_a_saturated_node_learns_little():
    found = health(0.1, 1e-3, strongest=0.1, saturated=0.95)

    assert found.level == "warning"
    assert found.sentence.startswith("95% of the outputs are at the flat ends")
