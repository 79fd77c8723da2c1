"""What layers say of masks is what they do."""

from __future__ import annotations

import numpy as np
import pytest

from engine.layers import LAYERS
from tests.tools.lone import LoneLayer

MIXING = {"simple_rnn", "lstm", "gru", "multi_head_attention"}
"""Kinds that pass masks on and heed them: steps reach each other, but not from padding."""

SEQUENCES = [
    pytest.param(kind, example, id=f"{kind.kind}-{number}")
    for kind in LAYERS
    for number, example in enumerate(kind.examples)
    if kind.input_ports
    and kind.output_ports
    and kind(**example.settings).masking == "passes"
    and all(len(shape) == 2 for shape in example.arriving)
]


@pytest.mark.parametrize(("kind", "example"), SEQUENCES)
def test_a_layer_that_passes_masks_on_keeps_the_steps(kind, example):
    lone = LoneLayer(kind(**example.settings), example.by_port)

    assert all(len(output) == len(lone.inputs[0]) for output in lone.outputs)


@pytest.mark.parametrize(
    ("kind", "example"), [case for case in SEQUENCES if case.values[0].kind not in MIXING]
)
def test_what_it_puts_out_at_a_step_depends_on_that_step_alone(kind, example):
    lone = LoneLayer(kind(**example.settings), example.by_port)
    before = lone.forward()
    for array in lone.inputs:
        array[-1] += 1
    after = lone.forward()

    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a[:-1], b[:-1])


@pytest.mark.parametrize(
    ("kind", "example"), [case for case in SEQUENCES if case.values[0].kind in MIXING]
)
def test_what_it_puts_out_at_real_steps_does_not_depend_on_padding(kind, example):
    steps = example.arriving[0][0]
    mask = np.ones((steps, 3))
    mask[-1] = 0
    port = "context" if "context" in example.by_port else "in"
    if port == "context":
        mask = np.ones((example.arriving[1][0], 3))
        mask[-1] = 0
    lone = LoneLayer(kind(**example.settings), example.by_port, masks={port: mask})
    place = lone.work.inputs[port][0].array
    (before,) = lone.forward()
    place[-1] += 100
    (after,) = lone.forward()
    real = before if port == "context" else before[:-1]

    np.testing.assert_array_equal(real, after[: len(real)])
