"""What no layer may do, whatever arrives: give numbers that are none, or fail while training."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.layers import LAYERS
from engine.layers.base import ArrivingShapes
from tests.tools.lone import LoneLayer, run

COMPUTING = [kind for kind in LAYERS if kind.input_ports and kind.output_ports]
CASES = [
    pytest.param(kind, example, id=f"{kind.kind}-{number}")
    for kind in COMPUTING
    for number, example in enumerate(kind.examples)
]
each_example = pytest.mark.parametrize(("kind", "example"), CASES)
OVER_THE_BATCH = {"batch_norm"}
"""Kinds that compute from all examples together."""


def finite(arrays):
    return all(np.isfinite(array).all() for array in arrays)


@each_example
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    "fill",
    [
        lambda x: x * 1e4,
        lambda x: np.sign(x) * 1e4,
        lambda x: x * 1e-30,
        lambda x: x * 0 + 3,
        lambda x: x * 0,
        lambda x: x * 0 - 1e4,
    ],
    ids=["large", "large and alike", "tiny", "all the same", "zero", "all the same and large"],
)
def test_extreme_and_constant_inputs_give_finite_values_and_gradients(kind, example, dtype, fill):
    lone = LoneLayer(kind(**example.settings), example.by_port, dtype=dtype)
    for array in lone.inputs:
        array[...] = fill(array)
    outputs = lone.forward()
    lone.backward(lone.upstream())

    assert finite(outputs)
    assert finite(lone.input_gradients)
    assert finite(lone.parameter_gradients.values())


@each_example
def test_one_example_alone_is_computed_as_among_others(kind, example):
    """The last batch of an epoch may be smaller, down to one example."""
    layer = kind(**example.settings)
    many = LoneLayer(layer, example.by_port, batch=3, training=False)
    outputs = many.forward()
    for place in range(3):
        one = LoneLayer(layer, example.by_port, batch=1, training=False)
        for array, others in zip(one.inputs, many.inputs, strict=True):
            array[...] = others[..., place : place + 1]
        for name, array in one.parameters.items():
            array[...] = many.parameters[name]
        for found, others in zip(one.forward(), outputs, strict=True):
            np.testing.assert_allclose(found, others[..., place : place + 1], rtol=1e-12)


@each_example
def test_halves_of_a_batch_give_the_gradients_of_the_whole(kind, example):
    layer = kind(**example.settings)
    whole = LoneLayer(layer, example.by_port, batch=4)
    if kind.kind in OVER_THE_BATCH or draws(whole):
        return
    upstream = whole.upstream()
    whole.forward()
    whole.backward(upstream)
    total = dict.fromkeys(whole.parameters, 0.0)
    for half in (slice(0, 2), slice(2, 4)):
        part = LoneLayer(layer, example.by_port, batch=2)
        for array, others in zip(part.inputs, whole.inputs, strict=True):
            array[...] = others[..., half]
        for name, array in part.parameters.items():
            array[...] = whole.parameters[name]
        part.forward()
        part.backward([gradient[..., half] for gradient in upstream])
        for found, others in zip(part.input_gradients, whole.input_gradients, strict=True):
            np.testing.assert_allclose(found, others[..., half], rtol=1e-10, atol=1e-12)
        for name, gradient in part.parameter_gradients.items():
            total[name] = total[name] + gradient

    for name, gradient in whole.parameter_gradients.items():
        np.testing.assert_allclose(total[name], gradient, rtol=1e-10, atol=1e-12)


def draws(lone):
    """Whether it draws random numbers, which depend on how many examples there are."""
    first = lone.forward()
    run(lone.work.forward_steps)
    return not all(map(np.array_equal, first, lone.outputs))


SHAPES = [
    (),
    (1,),
    (2,),
    (7,),
    (1, 1),
    (3, 2),
    (1, 5),
    (2, 3, 3),
    (1, 1, 1),
    (4, 1, 6),
    (2, 2, 2, 2),
]


@each_example
def test_whatever_arrives_is_computed_or_refused_with_who_and_what_to_do(kind, example):
    """What `infer` lets pass must run: nothing is left to be found out while training."""
    layer = kind(**example.settings)
    required = [port for port in kind.input_ports if port.required]
    accepted = 0
    for shapes in itertools.product(SHAPES, repeat=min(len(required), 2)):
        for count in (1, 3) if required[0].many else (1,):
            arriving = {
                port.name: (shape,) * (count if port.many else 1)
                for port, shape in zip(required, shapes, strict=False)
            }
            try:
                layer.infer(ArrivingShapes(arriving))
            except ShapeError as refusal:
                sentence = str(refusal)
                assert sentence.startswith(layer.label), sentence
                assert sentence.endswith("."), sentence
                assert sentence.count(". ") >= 1, sentence  # what is wrong, and what to do
                continue
            lone = LoneLayer(layer, arriving, batch=3)
            accepted += 1
            assert finite(lone.forward())
            lone.backward(lone.upstream())
            assert finite(lone.input_gradients)
            assert finite(lone.parameter_gradients.values())

    assert accepted or len(required) > 1 or example.arriving[0] not in SHAPES
