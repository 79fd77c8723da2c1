"""What every layer must keep for any settings and shapes that fit, not for its examples alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.layers import LAYERS
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.configurations import CONFIGURATIONS, ENDS
from tests.tools.configured import (
    agrees_with_onnxruntime,
    agrees_with_torch,
    is_differentiable,
)
from tests.tools.gradients import layer_gradients
from tests.tools.lone import LoneLayer, run

drawn = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
each_kind = pytest.mark.parametrize("kind", CONFIGURATIONS)
anything = given(data=st.data())


def test_every_registered_layer_has_configurations_or_a_reason_for_having_none():
    registered = {kind.kind for kind in LAYERS}

    assert registered == CONFIGURATIONS.keys() | ENDS.keys(), (
        "Give each new layer its configurations in tests/tools/configured_*.py, and its "
        "witness in tests/tools/witness*.py."
    )
    assert not CONFIGURATIONS.keys() & ENDS.keys()


@each_kind
@drawn
@anything
@pytest.mark.witness
def test_values_and_gradients_agree_with_torch(kind, data, torch):
    agrees_with_torch(torch, data.draw(CONFIGURATIONS[kind]))


@each_kind
@drawn
@anything
def test_gradients_agree_with_central_differences(kind, data):
    configuration = data.draw(CONFIGURATIONS[kind])
    if is_differentiable(configuration):
        layer_gradients(configuration.lone(), projected=True)


@each_kind
@drawn
@anything
def test_onnxruntime_computes_the_same(kind, data):
    agrees_with_onnxruntime(data.draw(CONFIGURATIONS[kind]))


@each_kind
@drawn
@anything
def test_a_step_allocates_nothing(kind, data):
    lone = data.draw(CONFIGURATIONS[kind]).lone(batch=600, dtype=np.float32)
    for value in lone.work.outputs:
        value.gradient.fill(0.5)

    def step():
        run(lone.work.forward_steps)
        run(lone.work.backward_steps)

    assert most_allocated(step, warm_up=1, times=2) <= SLACK


class SlightlyWrong(LoneLayer):
    """One of its gradients is 0.1 % too large: of an input or a parameter, by its number."""

    wrong = 0

    def backward(self, upstream):
        super().backward(upstream)
        gradients = [*self.input_gradients, *self.parameter_gradients.values()]
        gradients[self.wrong][...] *= 1.001


@each_kind
def test_a_gradient_wrong_by_a_thousandth_is_caught_in_every_layer(kind):
    caught = 0
    for example in LAYERS.get(kind).examples:
        layer = LAYERS.get(kind)(**example.settings)
        right = LoneLayer(layer, example.by_port)
        right.forward()
        right.backward(right.upstream())
        for number, gradient in enumerate(
            [*right.input_gradients, *right.parameter_gradients.values()]
        ):
            # Where nothing learns, such as the numbers of tokens, there is nothing to be wrong.
            if np.abs(gradient).max() < 1e-6:
                continue
            lone = SlightlyWrong(layer, example.by_port)
            lone.wrong = number
            with pytest.raises(AssertionError):
                layer_gradients(lone)
            caught += 1

    assert caught
