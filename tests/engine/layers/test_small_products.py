"""Products cut into blocks that BLAS multiplies as they lie: which are, and that they are right."""

from __future__ import annotations

import numpy as np
import pytest

from engine.layers.small_products import (
    FEW,
    NARROW,
    SMALL,
    blocks_of,
    multiply,
    multiply_groups,
    multiply_rows,
)
from tests.tools.lone import LoneWorkspace, run


def product(left, right, out):
    steps = []
    multiply(lambda function, *args, **out: steps.append((function, args, out)), left, right, out)
    ((function, args, keywords),) = steps
    function(*args, **keywords)
    return function


def test_small_products_and_those_of_a_large_factor_stay_whole():
    assert blocks_of(64, 65, 200) == 1
    assert blocks_of(256, 785, 128) == 1
    assert blocks_of(0, 5, 10) == 1


def test_blocks_are_small_equal_and_not_narrow():
    for shape in ((16, 151, 896), (64, 65, 1024), (32, 28, 4096), (8, 9, 100_000)):
        rows, depth, columns = shape
        count = blocks_of(*shape)
        assert count > 1
        assert columns % count == 0
        assert rows * depth * (columns // count) <= SMALL
        assert columns // count >= NARROW


def test_columns_that_no_block_divides_stay_together():
    assert blocks_of(100, 100, 1009) == 1  # a prime


@pytest.mark.parametrize("columns", [896, 1009])
@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize("is_dense", [False, True])
def test_a_product_is_the_same_in_blocks(columns, is_turned, is_dense):
    rng = np.random.default_rng(0)
    left = rng.standard_normal((16, 151)) if not is_turned else rng.standard_normal((151, 16)).T
    right = rng.standard_normal((151, columns + 5))[:, :columns]
    out = np.full((16, columns if is_dense else columns + 3), np.nan)[:, :columns]
    product(left, right, out)

    np.testing.assert_allclose(out, left @ right, rtol=1e-12, atol=1e-12)


def test_groups_are_multiplied_each_by_itself():
    rng = np.random.default_rng(0)
    left, right = rng.standard_normal((3, 4, 5)), rng.standard_normal((3, 5, 6))
    out = np.empty((3, 4, 6))
    multiply_groups(lambda function, *args, **out: function(*args, **out), left, right, out)

    np.testing.assert_allclose(out, left @ right, rtol=1e-12)


@pytest.mark.parametrize(("rows", "columns"), [(28, 32), (151, 16), (16, 151), (5, 3)])
def test_long_rows_are_multiplied_the_same_in_blocks(rows, columns):
    rng = np.random.default_rng(0)
    left, right = rng.standard_normal((rows, 2048)), rng.standard_normal((columns, 2048))
    work, out = LoneWorkspace(1, float, training=True, fused=False), np.empty((rows, columns))
    multiply_rows(work, work.backward, left, right, out)
    run(work.backward_steps)

    np.testing.assert_allclose(out, left @ right.T, rtol=1e-11, atol=1e-11)


def test_rows_are_turned_or_left_as_they_lie_by_how_many_sums_there_are():
    assert 28 * 32 <= FEW < 151 * 16
