"""Where the arrays of a plan lie."""

from __future__ import annotations

import mmap
from itertools import pairwise

import numpy as np
import pytest

from engine.plan.memory import ALONE, CACHE_LINE, LARGEST, PAGED, SMALLEST, Scratch, Store

FLOAT = np.dtype(np.float32)


@pytest.mark.parametrize(
    "shape", [(3,), (17, 32), (0, 5), (), (64, 1024), (3, PAGED), (1, LARGEST)]
)
def test_every_array_is_zero_and_starts_at_a_cache_line(shape):
    store = Store()
    for dtype in (FLOAT, np.dtype(np.float64), np.dtype(bool)):
        array = store.zeros(shape, dtype)

        assert array.shape == shape
        assert array.dtype == dtype
        assert not array.any()
        assert array.ctypes.data % CACHE_LINE == 0


def test_no_two_arrays_share_memory_or_touch():
    store = Store()
    arrays = [store.zeros((size,), FLOAT) for size in (1, 16, 17, 1000, 1024, 2000) * 20]
    places = sorted((array.ctypes.data, array.nbytes) for array in arrays)

    for (start, size), (behind, _) in pairwise(places):
        assert behind - start > size


def test_small_arrays_share_their_bookkeeping():
    store = Store()
    arrays = [store.zeros((16, 4), FLOAT) for _ in range(1000)]

    assert len({id(array.base) for array in arrays}) < 10


def test_little_is_set_aside_for_few_arrays():
    store = Store()
    arrays = [store.zeros((16, 4), FLOAT) for _ in range(10)]

    assert sum({id(array.base): array.base.nbytes for array in arrays}.values()) <= 2 * SMALLEST


def test_large_arrays_come_from_the_system_and_are_not_written_to():
    owner = Store().zeros((PAGED,), np.dtype(np.uint8)).base
    while isinstance(owner, np.ndarray):
        owner = owner.base

    assert isinstance(owner.obj, mmap.mmap)


@pytest.mark.parametrize("size", [1 << 60, 1 << 70])
def test_too_large_an_array_is_a_lack_of_memory(size):
    with pytest.raises(MemoryError, match=f"{size:,} bytes"):
        Store().zeros((size,), np.dtype(np.uint8))


def test_a_large_array_leaves_the_rest_of_a_block_to_small_ones():
    store = Store()
    before = store.zeros((16,), FLOAT)
    large = store.zeros((ALONE,), FLOAT)
    behind = store.zeros((16,), FLOAT)

    assert behind.base is before.base
    assert large.base is not before.base


def test_memory_keeps_its_numbers_when_all_is_handed_out():
    store = Store()
    arrays = [store.zeros((size,), FLOAT) for size in (16, PAGED, ALONE, LARGEST)]
    for number, array in enumerate(arrays, 1):
        array.fill(number)
    store.settle()

    for number, array in enumerate(arrays, 1):
        np.testing.assert_array_equal(array, number)


def test_constants_are_shared_and_cannot_be_written_to():
    store = Store()
    ones = store.constant(1, (3, 4), FLOAT)
    rows = store.constant([[1.0], [2.0]], (2, 3), FLOAT)

    assert store.constant(1.0, (3, 4), FLOAT) is ones
    assert store.constant(2, (3, 4), FLOAT) is not ones
    assert store.constant(1, (3, 4), np.dtype(np.float64)).dtype == np.float64
    np.testing.assert_array_equal(ones, np.ones((3, 4)))
    np.testing.assert_array_equal(rows, [[1, 1, 1], [2, 2, 2]])
    with pytest.raises(ValueError, match="read-only"):
        ones[0] = 2


def test_scratch_memory_is_parted_anew_in_every_turn():
    scratch = Scratch()
    whole = scratch.take((1000,), FLOAT)
    scratch.begin()
    parts = [scratch.take((250,), FLOAT) for _ in range(4)]

    assert all(np.shares_memory(part, whole) for part in parts)
    for part, behind in pairwise(parts):
        assert not np.shares_memory(part, behind)
    assert not np.shares_memory(scratch.take((240,), FLOAT), whole)  # there is no more of it


def test_what_was_taken_for_a_while_is_free_again():
    scratch = Scratch()
    first = scratch.take((10,), FLOAT)
    with scratch.turn():
        inside = scratch.take((1000,), FLOAT)
    again = scratch.take((1000,), FLOAT)

    assert np.shares_memory(inside, again)
    assert not np.shares_memory(first, again)
