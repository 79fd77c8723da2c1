"""ONNX's own examples of its training operators, run through our optimisers."""

from __future__ import annotations

import numpy as np
import pytest

from engine.optimizers import OPTIMIZERS
from tests.tools.onnx_vectors import vectors

CASES = [
    pytest.param(vector, id=vector.name)
    for module, operator in (("adam", "Adam"), ("momentum", "Momentum"), ("adagrad", "Adagrad"))
    for vector in vectors(module, operator)
]
NEVER_CORRECTED = 10**9
"""A step so late that Adam's corrections are 1: ONNX leaves them out in the first step."""


def adam(vector, rate):
    a = vector.attributes
    optimizer = OPTIMIZERS.get("adam")(
        rate=rate,
        beta1=a["alpha"],
        beta2=a["beta"],
        epsilon=a["epsilon"],
        weight_decay=a["norm_coefficient"],
    )
    # Our running means leave the factor out: M = m / (1 - share).
    return optimizer, NEVER_CORRECTED, {"mean": 1 - a["alpha"], "variance": 1 - a["beta"]}


def momentum(vector, rate):
    a = vector.attributes
    optimizer = OPTIMIZERS.get("sgd")(
        rate=rate,
        momentum=a["alpha"],
        nesterov=a["mode"] == b"nesterov",
        weight_decay=a["norm_coefficient"],
    )
    return optimizer, 1, {"velocity": 1}


def adagrad(vector, rate):
    a = vector.attributes
    optimizer = OPTIMIZERS.get("adagrad")(
        rate=rate,
        slowing=a["decay_factor"],
        epsilon=a["epsilon"],
        weight_decay=a["norm_coefficient"],
    )
    return optimizer, int(vector.inputs[1]) + 1, {"sum": 1}


BY_OPERATOR = {"Adam": adam, "Momentum": momentum, "Adagrad": adagrad}


def test_all_examples_are_found():
    assert len(CASES) == 7


@pytest.mark.parametrize("vector", CASES)
def test_weights_and_state_after_a_step_are_those_of_onnx(vector):
    """Inputs are rate, number of past steps, then weights, gradients and each state, of each."""
    if vector.operator == "Momentum":
        # Its gradient counts wholly in the first step and by `beta` later; ours always wholly.
        assert vector.inputs[1] == 0 or vector.attributes["beta"] == 1
    optimizer, step, shares = BY_OPERATOR[vector.operator](vector, float(vector.inputs[0]))
    if vector.operator == "Adam":
        assert vector.inputs[1] == 0
    tensors = (len(vector.inputs) - 2) // (2 + len(shares))
    columns = [vector.inputs[2 + n * tensors : 2 + (n + 1) * tensors] for n in range(4)]
    weights, gradients = (np.float64(np.concatenate(column)) for column in columns[:2])
    slots = {
        name: np.float64(np.concatenate(column)) / share
        for (name, share), column in zip(shares.items(), columns[2:], strict=False)
    }
    update = optimizer.bind(
        weights, gradients, slots, lambda: np.empty_like(weights), np.array(0.0)
    )
    update(step, optimizer.rate)
    results = [weights, *(slots[name] * share for name, share in shares.items())]
    for number, ours in enumerate(results):
        theirs = np.concatenate(vector.outputs[number * tensors : (number + 1) * tensors])

        np.testing.assert_allclose(ours, theirs, rtol=2e-6)
