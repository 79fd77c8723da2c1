from __future__ import annotations

import numpy as np
import pytest

from engine.errors import ShapeError
from engine.layers import LAYERS
from engine.layers.base import ArrivingShapes
from tests.tools.lone import LoneLayer


def of_two(kind, a, b):
    return LoneLayer(LAYERS.get(kind)(), {"a": (a,), "b": (b,)}, batch=1)


def test_a_scalar_product_by_hand():
    lone = of_two("dot", (3,), (3,))
    lone.inputs[0][...] = [[1], [2], [3]]
    lone.inputs[1][...] = [[4], [5], [-6]]
    (y,) = lone.forward()
    lone.backward([np.array([[2.0]])])

    assert y == [[-4]]
    np.testing.assert_array_equal(lone.input_gradients[0], [[8], [10], [-12]])
    np.testing.assert_array_equal(lone.input_gradients[1], [[2], [4], [6]])


def test_a_matrix_product_by_hand():
    lone = of_two("matmul", (1, 2), (2, 2))
    lone.inputs[0][..., 0] = [[1, 2]]
    lone.inputs[1][..., 0] = [[3, 4], [5, 6]]
    (y,) = lone.forward()

    np.testing.assert_array_equal(y[..., 0], [[13, 16]])


@pytest.mark.parametrize(
    ("kind", "a", "b", "sentence"),
    [
        (
            "dot",
            (3,),
            (4,),
            "Dot needs two rows of as many features (D,), got 3 and 4. "
            "Put a Flatten or a Dense before them.",
        ),
        (
            "matmul",
            (2, 3),
            (2, 3),
            "MatMul needs matrices (I, K) and (K, J), got 2×3 and 2×3. "
            "Put a Transpose or a Reshape before one of them.",
        ),
        (
            "subtract",
            (2, 3),
            (6,),
            "Subtract needs values of one shape, got 2×3 and 6. "
            "Make them the same, with a Dense or a Reshape.",
        ),
    ],
)
def test_values_that_do_not_fit_are_refused(kind, a, b, sentence):
    ports = [port.name for port in LAYERS.get(kind).input_ports]

    with pytest.raises(ShapeError) as refusal:
        LAYERS.get(kind)().infer(ArrivingShapes(dict(zip(ports, ((a,), (b,)), strict=True))))
    assert str(refusal.value) == sentence
