"""Splitting rows."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.data.split import split, split_in_order
from engine.errors import DataError


@given(
    count=st.integers(10, 300),
    validation=st.floats(0, 0.45),
    test=st.floats(0, 0.45),
    seed=st.integers(0, 2**32 - 1),
    classes=st.integers(0, 5),
)
def test_every_row_is_in_exactly_one_part(
    count: int, validation: float, test: float, seed: int, classes: int
) -> None:
    labels = np.random.default_rng(seed).integers(0, classes, count) if classes else None
    parts = split(count, validation, test, seed, labels)

    together = np.concatenate([parts.train, parts.validation, parts.test])
    assert sorted(together.tolist()) == list(range(count))
    assert len(parts.validation) == round(count * validation)
    assert len(parts.test) == round(count * test)


def test_the_same_seed_gives_the_same_split_and_another_seed_another() -> None:
    first, second, other = (split(100, 0.2, 0.2, seed).test.tolist() for seed in (3, 3, 4))

    assert first == second
    assert first != other


@pytest.mark.parametrize("seed", range(5))
def test_a_stratified_split_gives_each_part_its_share_of_each_class(seed: int) -> None:
    labels = np.repeat([0, 1, 2], [100, 60, 40])
    parts = split(200, 0.1, 0.2, seed, labels)

    assert np.bincount(labels[parts.train]).tolist() == [70, 42, 28]
    np.testing.assert_allclose(np.bincount(labels[parts.validation]), [10, 6, 4], atol=1)
    np.testing.assert_allclose(np.bincount(labels[parts.test]), [20, 12, 8], atol=1)


@pytest.mark.parametrize("seed", range(10))
def test_a_class_of_one_row_is_trained_on(seed: int) -> None:
    labels = np.array([0] * 10 + [1] * 9 + [2])
    parts = split(20, 0.3, 0.3, seed, labels)

    assert set(labels[parts.train]) == {0, 1, 2}


def test_shares_that_leave_nothing_for_training_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        split(100, 0.6, 0.4, 0)

    assert str(caught.value) == (
        "Validation takes 60% and test 40% of the rows, which leaves none for training. "
        "Make one of them smaller."
    )


def test_too_few_rows_to_split_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        split(1, 0.9, 0, 0)

    assert str(caught.value) == (
        "The split of 1 rows leaves none for training. "
        "Make validation and test smaller, or load more rows."
    )


@given(
    count=st.integers(10, 300),
    validation=st.sampled_from([0, 0.1, 0.3]),
    test=st.sampled_from([0, 0.1, 0.3]),
    overlap=st.integers(0, 20),
)
def test_parts_in_one_piece_follow_each_other_and_share_nothing(
    count: int, validation: float, test: float, overlap: int
) -> None:
    gaps = overlap * ((validation > 0) + (test > 0))
    assume(count > gaps + 3)
    parts = split_in_order(count, validation, test, overlap)

    chosen = [part for part in (parts.train, parts.validation, parts.test) if len(part)]
    assert all(np.all(np.diff(part) == 1) for part in chosen)
    assert all(before[-1] + overlap < after[0] for before, after in itertools.pairwise(chosen))
    assert parts.train[0] == 0
    assert sum(map(len, chosen)) == count - gaps
    assert len(parts.validation) == round((count - gaps) * validation)
    assert len(parts.test) == round((count - gaps) * test)


def test_rows_that_overlap_too_far_for_parts_of_their_own_are_refused() -> None:
    with pytest.raises(DataError) as caught:
        split_in_order(40, 0.1, 0.1, overlap=20)

    assert str(caught.value) == (
        "Each of the 40 rows overlaps the 20 after it, which leaves too few for parts that share "
        "nothing. Load more rows, or make shorter ones."
    )


def test_shares_that_leave_nothing_for_training_are_refused_in_one_piece_too() -> None:
    with pytest.raises(DataError, match=r"^Validation takes 50% and test 50% of the rows"):
        split_in_order(100, 0.5, 0.5)
    with pytest.raises(DataError, match=r"^The split of 1 rows leaves none for training"):
        split_in_order(1, 0.9, 0)
