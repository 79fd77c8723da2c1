"""Sums in float32: as good as the last digit, however many numbers are added up."""

from __future__ import annotations

import numpy as np
import pytest

from engine.sums import DENSE, LONG, bind_products, bind_sums
from tests.tools.allocation import SLACK, most_allocated
from tests.tools.lone import LoneWorkspace, run

EPSILON = np.finfo(np.float32).eps
PRIME = 100_003


def work_of(dtype=np.float32):
    return LoneWorkspace(1, dtype, training=True, fused=False)


def numbers(*shape, dtype=np.float32):
    return (1 + np.random.default_rng(0).random(shape)).astype(dtype)


@pytest.mark.parametrize(
    "shape", [(1, LONG, 3), (1, LONG + 1, 3), (3, 1000, 2), (2, 2**16, 8), (1, PRIME, 1)]
)
def test_sums_along_an_axis_are_right_to_the_last_digits(shape):
    work, values = work_of(), numbers(*shape)
    out = np.full((shape[0], 1, shape[2]), np.nan, np.float32)
    bind_sums(work, work.forward, values, out)
    run(work.forward_steps)

    np.testing.assert_allclose(
        out, values.sum(axis=1, keepdims=True, dtype=float), rtol=4 * EPSILON
    )


@pytest.mark.parametrize("shape", [(1, 7), (3, 7), (1, DENSE), (2, DENSE + 3), (1, 1_000_003)])
def test_sums_of_products_are_right_to_the_last_digits(shape):
    work, left, right = work_of(), numbers(*shape), numbers(*shape)[:, ::-1].copy()
    out = np.full(len(left), np.nan, np.float32)
    bind_products(work, work.forward, left, right, out)
    run(work.forward_steps)

    np.testing.assert_allclose(out, (left.astype(float) * right).sum(axis=1), rtol=2 * EPSILON)


def test_in_parts_or_not_the_sums_are_the_same_in_float64():
    work, values = work_of(np.float64), numbers(2, 5000, 3, dtype=np.float64)
    sums, products = np.empty((2, 1, 3)), np.empty(2)
    bind_sums(work, work.forward, values, sums)
    rows = np.tile(values.reshape(2, -1), 10)
    bind_products(work, work.forward, rows, rows, products)
    run(work.forward_steps)

    np.testing.assert_allclose(sums[:, 0], values.sum(axis=1), rtol=1e-13)
    np.testing.assert_allclose(products, (rows * rows).sum(axis=1), rtol=1e-13)


def test_sums_in_parts_allocate_nothing():
    work, values, rows = work_of(), numbers(2, 1500, 3), numbers(2, DENSE + 3)
    bind_sums(work, work.forward, values, np.empty((2, 1, 3), np.float32))
    bind_products(work, work.forward, rows, rows, np.empty(2, np.float32))

    assert most_allocated(lambda: run(work.forward_steps)) <= SLACK
